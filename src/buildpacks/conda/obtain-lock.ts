import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readCondaLock } from "../../conda/engine/conda-lock.ts";
import { runEngine } from "../../conda/engine/engine.ts";
import type { LockContents, Network } from "../../conda/engine/protocol.ts";
import {
  type CondaLock,
  type CondaPackage,
  packageAt,
  sortPackages,
  urlOf,
} from "../../conda/lock.ts";
import { openLocation } from "../../conda/inputs/lock-urls.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { counted } from "../../kit/text.ts";
import type { Asked, Wanted } from "./asked.ts";
import { failure } from "./failures.ts";
import type { Locked } from "./layers/lock.ts";
import { withNetwork } from "./workplace.ts";

/** The packages of the environment, with those of the previous lock where they fit. */
export async function obtainLock(
  context: BuildContext,
  asked: Asked,
  preferences: CondaLock,
): Promise<Locked> {
  const { wanted } = asked;
  return withNetwork(context, asked, async (network) => {
    switch (wanted.kind) {
      case "environment":
        return { packages: await solve({ context, asked, network }, wanted, preferences), pip: [] };
      case "explicit":
        return { packages: await completeExplicit({ context, asked, network }, wanted), pip: [] };
      case "conda-lock":
      case "pixi":
        return readLockFile({ context, asked, network }, wanted);
    }
  });
}

interface Task {
  readonly context: BuildContext;
  readonly asked: Asked;
  readonly network: Network;
}

async function solve(
  { context, asked, network }: Task,
  wanted: Extract<Wanted, { readonly kind: "environment" }>,
  preferences: CondaLock,
): Promise<CondaLock> {
  const { log } = context;
  log.step(`Solving for ${asked.platform}`);
  const started = Date.now();
  const { specs, channels, constraints, priority, virtualPackages } = wanted;
  const { packages } = await runEngine(
    {
      command: "solve",
      ...network,
      ...{ channels, specs, constraints, priority, virtualPackages },
      platform: asked.platform,
      preferences: preferences.map(urlOf),
    },
    context,
  );
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  log.step(`Solved: ${counted(packages.length, "package")} (${seconds} s)`);
  return sortPackages(packages.map((one) => packageFrom(one, asked.file)));
}

/** Digests of files that are named without one are those of what the channel has now. */
async function completeExplicit(
  { context, asked, network }: Task,
  { packages, unchecked }: Extract<Wanted, { readonly kind: "explicit" }>,
): Promise<CondaLock> {
  context.log.step(`Found ${counted(packages.length + unchecked.length, "package")}`);
  if (unchecked.length === 0) return sortPackages(packages);
  context.log.step(
    `Computing the digests of ${counted(unchecked.length, "package")} that ${asked.file} names without`,
  );
  const urls = unchecked.map(({ url }) => url);
  const answer = await runEngine({ command: "digest", ...network, urls }, context);
  const completed = answer.packages.map((one) => packageFrom(one, asked.file));
  return sortPackages([...packages, ...completed]);
}

async function readLockFile(
  { context, asked }: Task,
  wanted: Extract<Wanted, { readonly kind: "conda-lock" | "pixi" }>,
): Promise<Locked> {
  const { appDir, env, log } = context;
  const { file, platform } = asked;
  // Their credentials are known: they are among those that the build asks with.
  const open = (url: string) => openLocation(url, { file }, env).text;
  const path = join(appDir, file);
  const contents =
    wanted.kind === "conda-lock"
      ? readCondaLock(await readFile(path, "utf8"), platform)
      : await runEngine({ command: "read-lock", file: path, platform }, context);
  const environment = chooseEnvironment(contents, file, wanted);
  if (
    wanted.kind === "pixi" &&
    wanted.environment === undefined &&
    environment.name !== "default"
  ) {
    log.step(`Using the environment ${environment.name}, the only one of ${file}`);
  }
  if (!environment.platforms.includes(platform)) {
    const command =
      wanted.kind === "pixi"
        ? `pixi workspace platform add ${platform}`
        : `conda-lock lock --platform ${platform}`;
    const { platforms } = environment;
    throw failure("not-for-platform", { file, platform, platforms, command });
  }
  const packages = sortPackages(
    environment.packages.map((one) => packageFrom({ ...one, url: open(one.url) }, file)),
  );
  log.step(`Found ${counted(packages.length, "package")} for ${platform}`);
  // One line with a digest makes digests necessary for all, and directories have none.
  const hasDigests = environment.pypi.every(({ sha256 }) => sha256 !== undefined);
  const pip = environment.pypi.map((one) =>
    requirementLine({ ...one, location: open(one.location) }, hasDigests),
  );
  return { packages, pip };
}

type LockedEnvironment = LockContents["environments"][number];

function chooseEnvironment(
  { environments }: LockContents,
  file: string,
  wanted: Extract<Wanted, { readonly kind: "conda-lock" | "pixi" }>,
): LockedEnvironment {
  const asked = wanted.kind === "pixi" ? wanted.environment : undefined;
  const names = environments.map(({ name }) => name);
  const found =
    environments.find(({ name }) => name === (asked ?? "default")) ??
    (asked === undefined && environments.length === 1 ? environments[0] : undefined);
  if (found === undefined) {
    throw failure("environment-unknown", { file, environments: names, asked });
  }
  return found;
}

/** Pinned as the lock file has it, for the file of that digest on pip's own indexes. */
function requirementLine(
  { name, version, location, sha256, editable }: LockedEnvironment["pypi"][number],
  hasDigests: boolean,
): string {
  if (!/^(?:git\+)?https?:/.test(location)) return editable ? `-e ${location}` : location;
  if (version !== undefined && location.startsWith(PYPI_FILES)) {
    return `${name}==${version}${hasDigests ? ` --hash=sha256:${sha256}` : ""}`;
  }
  const fragment = sha256 === undefined || location.includes("#") ? "" : `#sha256=${sha256}`;
  return `${name} @ ${location}${fragment}`;
}

/** What files on PyPI are downloaded from; equal packages make equal layers, however they are asked for. */
const PYPI_FILES = "https://files.pythonhosted.org/";

function packageFrom(
  {
    url,
    sha256,
    md5,
  }: {
    readonly url: string;
    readonly sha256?: string | undefined;
    readonly md5?: string | undefined;
  },
  file: string,
): CondaPackage {
  const digest = sha256 !== undefined ? { sha256 } : md5 !== undefined ? { md5 } : undefined;
  const found = digest === undefined ? undefined : packageAt(url, digest);
  if (found === undefined) {
    const message = `${url} is no file of a conda channel, or has no digest`;
    throw failure("lock-file-unreadable", { file, message });
  }
  return found;
}
