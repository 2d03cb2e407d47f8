import { join } from "node:path";
import { CommandError } from "../../src/kit/command.ts";
import { read, run } from "./command.ts";
import { installDebianPackages } from "./debian-packages.ts";
import { askEngine, type Engine } from "./engine.ts";
import { findImage, tagImage } from "./images.ts";
import { log } from "./log.ts";
import { isOnPath } from "./programs.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const RELEASE = "trixie";
const PUBLISHED = `docker.io/library/debian:${RELEASE}-slim`;

/** The name under which the engine keeps the Debian that the stacks stand on. */
export const BASE_IMAGE = `ml-buildpacks/base:${RELEASE}`;

/** Pulls Debian, or builds it from its packages where no image registry can be reached. */
export async function prepareBaseImage(
  engine: Engine,
  { fresh }: { readonly fresh: boolean },
): Promise<string> {
  const present = fresh ? undefined : await findImage(engine, BASE_IMAGE);
  if (present !== undefined) return present;

  const refusal = await pullBaseImage(engine);
  if (refusal !== undefined) {
    log.step(`Building the same from Debian's packages, because the registry can't be used:`);
    log.output(refusal);
    await buildBaseImage(engine);
  }
  return await askEngine(engine, ["image", "inspect", "--format", "{{.Id}}", BASE_IMAGE]);
}

/** Gives the reason where it can't be pulled. */
async function pullBaseImage(engine: Engine): Promise<string | undefined> {
  log.step(`Pulling ${PUBLISHED}`);
  try {
    await read(engine.cli, ["pull", "--quiet", PUBLISHED], { env: engine.env });
  } catch (error) {
    if (error instanceof CommandError) return error.output.trim();
    throw error;
  }
  await tagImage(engine, PUBLISHED, BASE_IMAGE);
  return undefined;
}

async function buildBaseImage(engine: Engine): Promise<void> {
  const needed = ["mmdebstrap", "debian-archive-keyring"];
  if (!isOnPath("mmdebstrap")) await installDebianPackages(needed, "to build a Debian base image");
  const archive = join(await makeTemporaryFolder(), "base.tar");
  const exclusions = SLIM.map((line) => `--dpkgopt=${line}`);
  await run("mmdebstrap", [
    "--variant=minbase",
    `--architectures=${engine.arch}`,
    "--quiet",
    ...exclusions,
    ...Object.entries(SETTINGS).map(
      ([path, lines]) =>
        `--customize-hook=printf '%s\\n' ${lines.map(quote).join(" ")} >"$1/${path}"`,
    ),
    // With these settings apt no longer knows of the caches that it has made by now.
    `--customize-hook=rm "$1"/var/cache/apt/*.bin`,
    RELEASE,
    archive,
    ...SOURCES,
  ]);
  await askEngine(engine, ["import", archive, BASE_IMAGE]);
}

// As in the published image, so that stacks see the same archive.
const SOURCES = [
  `deb http://deb.debian.org/debian ${RELEASE} main`,
  `deb http://deb.debian.org/debian ${RELEASE}-updates main`,
  `deb http://deb.debian.org/debian-security ${RELEASE}-security main`,
];

// Apt keeps nothing that an image has no use for, and dpkg does not wait for the disk:
// https://github.com/debuerreotype/debuerreotype/blob/0.16/scripts/debuerreotype-minimizing-config
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  "etc/apt/apt.conf.d/docker-clean": [
    'APT::Keep-Downloaded-Packages "false";',
    'Dir::Cache::pkgcache "";',
    'Dir::Cache::srcpkgcache "";',
  ],
  "etc/apt/apt.conf.d/docker-lists": ['Acquire::GzipIndexes "true";', 'Acquire::Languages "none";'],
  "etc/dpkg/dpkg.cfg.d/docker-apt-speedup": ["force-unsafe-io"],
};

function quote(line: string): string {
  return `'${line}'`;
}

// What makes Debian's "slim" images slim:
// https://github.com/debuerreotype/debuerreotype/blob/master/scripts/.slimify-excludes
const SLIM = [
  "path-exclude=/usr/share/doc/*",
  "path-include=/usr/share/doc/*/copyright",
  "path-exclude=/usr/share/info/*",
  "path-exclude=/usr/share/lintian/*",
  "path-exclude=/usr/share/locale/*",
  "path-exclude=/usr/share/man/*",
];
