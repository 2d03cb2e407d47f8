import { rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Env } from "../../cnb/env.ts";
import { stream } from "../../kit/command.ts";
import type { Log } from "../../kit/log.ts";
import { sha256OfFile } from "../../kit/hash.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import { type Distribution, indexesOf } from "../lock.ts";
import { configureIndexes, withoutIndexOrder } from "../uv/index-config.ts";

/** The earliest time that a zip can hold, and a second. */
const SOURCE_DATE_EPOCH = "315532801";

/** A distribution and the wheel that was built from its source; absent for one of an index. */
export interface Installable {
  readonly distribution: Distribution;
  readonly wheel: string | undefined;
}

export interface InstallOptions {
  readonly venv: string;
  readonly appDir: string;
  readonly env: Env;
  readonly log: Log;
  readonly uvCache: string;
  readonly netrc: string | undefined;
  /** Where files are looked for: the lock file's `uvArguments`. */
  readonly uvArguments: readonly string[];
}

/**
 * Installs exactly these into the venv, each file checked against its digest. Throws a
 * CommandError with uv's output.
 */
export async function installWithUv(
  installables: readonly Installable[],
  options: InstallOptions,
): Promise<void> {
  const { venv, appDir, uvArguments, log } = options;
  const own = indexesOf(installables.map(({ distribution }) => distribution));
  const lines = await Promise.all(installables.map((one) => requirementLine(one, appDir)));
  const requirements = `${venv}-requirements.txt`;
  const configuration = `${venv}-uv.toml`;
  await writeFile(requirements, lines.map((line) => `${line}\n`).join(""));
  try {
    await stream(
      { ...log, output: (line) => tell(log, line) },
      "uv",
      [
        ...["pip", "install", "--python", join(venv, "bin", "python")],
        ...["--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-progress"],
        ...(await configureIndexes(withoutIndexOrder(uvArguments), configuration, { last: own })),
        ...["--requirement", requirements],
      ],
      { env: uvEnv(options), cwd: appDir },
    );
  } finally {
    for (const path of [requirements, configuration]) await rm(path, { force: true });
  }
}

function uvEnv({ env, uvCache, netrc }: InstallOptions): Env {
  return toolEnv(env, {
    NETRC: netrc,
    NO_COLOR: "1",
    SOURCE_DATE_EPOCH,
    UV_CACHE_DIR: uvCache,
    UV_LINK_MODE: "hardlink",
    // It would keep times of local files: https://docs.astral.sh/uv/reference/environment/
    UV_NO_INSTALLER_METADATA: "1",
    UV_PYTHON_DOWNLOADS: "never",
  });
}

async function requirementLine(
  { distribution, wheel }: Installable,
  appDir: string,
): Promise<string> {
  const { name } = distribution;
  if (wheel !== undefined)
    return `${name} @ ${pathToFileURL(wheel).href} ${hashOption(await sha256OfFile(wheel))}`;
  switch (distribution.from) {
    case "wheel":
    case "sdist":
      return `${name}==${distribution.version} ${hashOption(distribution.sha256)}`;
    case "url": {
      const { url, sha256 } = distribution;
      const address = /^[a-z][a-z0-9+.-]*:/i.test(url)
        ? url
        : pathToFileURL(resolve(appDir, url)).href;
      return `${name} @ ${address} ${hashOption(sha256)}`;
    }
    case "git":
    case "directory":
      throw new TypeError(`${name} has to be built into a wheel first`);
  }
}

function hashOption(sha256: string): string {
  return `--hash=sha256:${sha256}`;
}

/** Of uv's own lines, only those that explain why a build is quiet for a while. */
function tell(log: Log, line: string): void {
  if (line.startsWith("Downloading ")) log.output(line);
  else log.debug(line);
}
