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
import { type PackageManager, tellPassedOver } from "../lock-sources.ts";
import { uvIndexArguments } from "../requirements/uv-input.ts";
import { withTreeDigests } from "../tree-digests.ts";
import { PYPI } from "../uv/index-config.ts";
import { narrowLock } from "../uv/narrow-lock.ts";
import { withoutCredentials } from "../uv/pylock.ts";
import { checkHardware } from "./check-hardware.ts";
import { failure } from "./failures.ts";
import { type CachedLock, type Locked, openLockLayer } from "./lock-layer.ts";
import type { LockManager } from "./manager.ts";
import { type ProjectInputs, readInputs } from "./read-inputs.ts";
import { tellSourceBuilds } from "./source-builds.ts";
import { withPlainIndex } from "./plain-index.ts";

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
  await tellPassedOver(context, managerOf(manager), manager.lockFile);
  tellPolicy(context, manager);
  const inputs = await readInputs(context, manager);

  const layer = await openLockLayer(context, { manager, interpreter, inputs });
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
  { interpreter, inputs }: Given,
): Promise<Locked> {
  const { appDir, env, log, target } = context;
  const { lockFile } = manager;
  const { groups, extras, netrc, torchIndexes, hardware, options } = inputs;
  const ownIndexes = [
    options.indexUrl?.value ?? PYPI,
    ...options.extraIndexUrls.map(({ value }) => value),
  ];
  const selection = await manager.select({
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
  for (const note of selection.notes) log.step(note);
  const packages = withoutCredentials(selection.packages);

  const { unfit, ...narrowed } = narrowLock(
    packages.map((one) => withPlainIndex(one, torchIndexes)),
    {
      target: { pythonMinor: interpreter.minor, arch: target.arch, ...(await readLibc(env)) },
      appDir,
      lockDir: appDir,
      allows: () => ({ wheel: true, sdist: true }),
      hashesFor: () => [],
      indexOf: () => undefined,
      isOffIndex: ({ url, path }) =>
        path !== undefined || (url !== undefined && !url.startsWith(PYPI_FILES)),
    },
  );
  if (unfit.length > 0) {
    throw failure("unfit", { unfit, packages, lockFile, python: interpreter.minor });
  }
  log.step(`Found ${counted(narrowed.lock.length, "package")} for this Python and platform`);
  tellSourceBuilds(narrowed.lock, { packages, python: interpreter.minor, log });
  const accelerated = checkHardware({
    hardware,
    packages: narrowed.packages,
    lockFile,
    python: interpreter.minor,
    log,
  });
  return { ...narrowed, accelerated };
}

/** What files on PyPI are downloaded from; locks name it without naming the index. */
const PYPI_FILES = "https://files.pythonhosted.org/";

/** pylock.toml is read by pip's buildpack. */
function managerOf({ name }: LockManager): PackageManager {
  return name as PackageManager;
}

/** Settings that make other locks anew leave one that the app brings alone. */
function tellPolicy(context: BuildContext, { lockFile, upgrade }: LockManager): void {
  const { log, settings } = context;
  for (const name of ["BP_LOCK_EPOCH", "BP_UPGRADE_PACKAGES"] as const) {
    if (settings.get(name) === undefined) continue;
    log.step(`Skipping ${name} because ${lockFile} decides; '${upgrade}' moves its versions`);
  }
  checkLockAge(context, { name: lockFile, made: undefined, renew: `run '${upgrade}'` });
}
