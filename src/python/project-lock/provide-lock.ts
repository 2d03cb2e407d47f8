import type { BuildResult } from "../../cnb/buildpack.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { checkLockAge } from "../../kit/lock-age.ts";
import { counted } from "../../kit/text.ts";
import { atMirror } from "../access/torch-index.ts";
import { draftsOf, uvCacheOf } from "../build-directories.ts";
import { handOverLock } from "../hand-over-lock.ts";
import { ensureInterpreter, type Interpreter, readInterpreter } from "../interpreter.ts";
import { readLibc } from "../libc.ts";
import { listLockMoves } from "../lock-moves.ts";
import type { CachedLock, RecordableLock } from "../lock-record.ts";
import { tellPassedOver } from "../lock-sources.ts";
import { allowedFiles } from "../requirements/index-options.ts";
import { uvIndexArguments } from "../requirements/uv-input.ts";
import { withTreeDigests } from "../tree-digests.ts";
import { PYPI } from "../uv/index-config.ts";
import { narrowLock } from "../uv/narrow-lock.ts";
import { type PylockPackage, withoutCredentials } from "../uv/pylock.ts";
import { checkHardware } from "./check-hardware.ts";
import { failure } from "./failures.ts";
import { openLockLayer } from "./lock-layer.ts";
import type { LockManager } from "./manager.ts";
import { type ProjectInputs, readInputs } from "./read-inputs.ts";
import { tellSourceBuilds } from "./source-builds.ts";
import { isOffIndex, withOwnAddresses } from "./own-addresses.ts";

/** Hands over what a project's own lock file says, narrowed to this Python and platform. */
export async function provideLock(
  context: BuildContext,
  manager: LockManager,
): Promise<BuildResult> {
  const { appDir, env, log } = context;
  const interpreter = readInterpreter(env);
  if (interpreter === undefined) throw failure("python-missing", { manager: manager.name });

  log.section("Locking Python packages");
  log.step(`Found ${manager.lockFile}`);
  await tellPassedOver(context, manager.name, manager.lockFile);
  tellPolicy(context, manager);
  const inputs = await readInputs(context, manager);

  const layer = await openLockLayer(context, { interpreter, inputs });
  let locked: CachedLock | undefined = layer.cached;
  if (locked === undefined) {
    await ensureInterpreter(interpreter, env, log);
    const obtained = await select(context, manager, { interpreter, inputs });
    listLockMoves(log, layer.previous, obtained.lock);
    await layer.fill(obtained);
    locked = obtained;
  }
  const { lock, accelerated } = locked;
  const lockFile = {
    manager: manager.name,
    own: { file: manager.lockFile, relock: manager.relock },
    distributions: [...(await withTreeDigests(lock, appDir))],
    // Every package has one place, by its digest: no index has to be the first.
    uvArguments: [...uvIndexArguments(inputs.options, appDir, "best-match")],
    buildArguments: [],
    accelerated,
  };
  await handOverLock(context, lockFile, inputs.netrc);
  return {};
}

interface Given {
  readonly interpreter: Interpreter;
  readonly inputs: ProjectInputs;
}

async function select(
  context: BuildContext,
  manager: LockManager,
  given: Given,
): Promise<RecordableLock> {
  const { log } = context;
  const { interpreter, inputs } = given;
  const packages = await askManager(context, manager, given);
  const narrowed = await narrow(context, manager, { ...given, packages });
  log.step(`Found ${counted(narrowed.lock.length, "package")} for this Python and platform`);
  tellSourceBuilds(narrowed.lock, { packages, python: interpreter.minor, log });
  const accelerated = checkHardware({
    hardware: inputs.hardware,
    packages: narrowed.packages,
    lockFile: manager.lockFile,
    python: interpreter.minor,
    log,
  });
  return { ...narrowed, accelerated };
}

/** What the lock means here, with addresses as the build reaches them. */
async function askManager(
  context: BuildContext,
  manager: LockManager,
  { interpreter, inputs }: Given,
): Promise<readonly PylockPackage[]> {
  const { appDir, env, log, target } = context;
  const { groups, extras, netrc, torchIndexes, options } = inputs;
  const ownIndexes = [
    options.indexUrl?.value ?? PYPI,
    ...options.extraIndexUrls.map(({ value }) => value),
  ];
  const { packages, notes } = await manager.select({
    appDir,
    interpreter,
    arch: target.arch,
    groups,
    extras,
    place: {
      env,
      cache: uvCacheOf(context),
      work: draftsOf(context),
      netrc,
      placesOf: (index) => (index === PYPI ? ownIndexes : [atMirror(index, torchIndexes)]),
    },
  });
  for (const note of notes) log.step(note);
  return withoutCredentials(packages).map((one) => withOwnAddresses(one, torchIndexes));
}

/** Of each package the one file that is installed. Throws a failure for those that have none. */
async function narrow(
  { appDir, env, target }: BuildContext,
  { lockFile }: LockManager,
  { interpreter, inputs, packages }: Given & { readonly packages: readonly PylockPackage[] },
): Promise<Pick<RecordableLock, "lock" | "packages">> {
  const python = interpreter.minor;
  const { unfit, ...narrowed } = narrowLock(packages, {
    target: { pythonMinor: python, arch: target.arch, ...(await readLibc(env)) },
    appDir,
    lockDir: appDir,
    allows: (name) => allowedFiles(inputs.options, name),
    hashesFor: () => [],
    indexOf: () => undefined,
    isOffIndex,
  });
  if (unfit.length > 0) throw failure("unfit", { unfit, packages, lockFile, python });
  return narrowed;
}

/** Settings that make other locks anew leave one that the app brings alone. */
function tellPolicy(
  context: BuildContext,
  { lockFile, upgrade, upgradeOne = upgrade }: LockManager,
): void {
  const { log, settings } = context;
  for (const name of ["BP_LOCK_EPOCH", "BP_UPGRADE_PACKAGES"] as const) {
    if (settings.get(name) === undefined) continue;
    const command = name === "BP_UPGRADE_PACKAGES" ? upgradeOne : upgrade;
    log.step(`Skipping ${name} because ${lockFile} decides; '${command}' moves its versions`);
  }
  checkLockAge(context, { name: lockFile, made: undefined, renew: `run '${upgrade}'` });
}
