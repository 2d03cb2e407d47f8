import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Env, readVariable } from "../../cnb/env.ts";
import { formatToml, parseToml, type TomlTable } from "../../cnb/toml.ts";
import { capture, CommandError } from "../../kit/command.ts";
import { compilerEnv } from "../../kit/tool-env.ts";
import { gitEnv, makeHome } from "../git-env.ts";
import type { Interpreter } from "../interpreter.ts";
import { type Lock, normalizeName } from "../lock.ts";
import { pickBuildVariables } from "../wheels/built-against.ts";
import { configureIndexes, type Further } from "./index-config.ts";
import {
  besideOwnIndexes,
  isProvided,
  type OwnIndexes,
  projectArguments,
  writeOwnIndexes,
} from "./own-indexes.ts";
import { type Pylock, pylockSchema, withoutCredentials } from "./pylock.ts";

export interface Resolution extends OwnIndexes {
  /** Texts of requirements files, see `uv-input.ts`. */
  readonly requirements: string;
  readonly constraints: string;
  /** Of `uv pip compile`: indexes, formats, settings of builds; without credentials. */
  readonly arguments: readonly string[];
  readonly preferences: Preferences;
  /** Normalised names that are left out, whoever depends on them. */
  readonly excludes?: readonly string[];
  readonly builds?: ResolutionBuilds;
}

/** What only a build tells has to be built for a resolution. */
export interface ResolutionBuilds {
  /** What builds need and do not name, by the package's normalised name. */
  readonly requires: Readonly<Record<string, readonly string[]>>;
  /** An index that is asked for what no other has. */
  readonly index: string | undefined;
  /** What packages depend on whose metadata would have to be built: requirements, by name. */
  readonly known: Readonly<Record<string, readonly string[]>>;
}

/** Versions and commits that are kept where the requirements allow it. */
export interface Preferences {
  readonly lock: Lock;
  /** For what is of a repository, the URL with its revision that the commit was found for. */
  readonly requested: Readonly<Record<string, string>>;
}

export const NO_PREFERENCES: Preferences = { lock: [], requested: {} };

export interface UvPlace {
  readonly interpreter: Interpreter;
  /** The buildpack's environment, of which uv sees only what it needs. */
  readonly env: Env;
  readonly cache: string;
  /** A directory for drafts. */
  readonly work: string;
  readonly netrc: string | undefined;
  /** For builds that want to see CUDA. */
  readonly cudaHome?: string | undefined;
}

export interface Resolved {
  readonly pylock: Pylock;
  /** What paths in it are relative to. */
  readonly directory: string;
  /** What uv said, warnings among it. */
  readonly remarks: string;
}

/** Resolves with `uv pip compile`. Throws a CommandError with uv's own words. */
export async function resolveWithUv(resolution: Resolution, place: UvPlace): Promise<Resolved> {
  try {
    return await compile(resolution, place);
  } catch (error) {
    const { lock, requested } = resolution.preferences;
    const isGone = error instanceof CommandError && /fetch commit|not our ref/.test(error.output);
    if (!isGone || Object.keys(requested).length === 0) throw error;
    // The branch was rewritten, and the commit that would be kept is not there any more.
    return compile({ ...resolution, preferences: { lock, requested: {} } }, place);
  }
}

async function compile(resolution: Resolution, place: UvPlace): Promise<Resolved> {
  const { work } = place;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await makeHome(homeIn(work), place.netrc);
  const output = join(work, "pylock.toml");
  await writeFile(join(work, "requirements.in"), resolution.requirements);
  await writeFile(join(work, "constraints.in"), resolution.constraints);
  await writeFile(join(work, "excludes.in"), (resolution.excludes ?? []).join("\n"));
  await writeOwnIndexes(resolution, place);
  // uv keeps the versions that the output file has before it is written.
  // https://docs.astral.sh/uv/pip/compile/#upgrading-requirements
  const preferences = preferredPackages(resolution.preferences);
  if (preferences.length > 0) {
    const lock = { "lock-version": "1.0", "created-by": "ml-buildpacks", packages: preferences };
    await writeFile(output, formatToml(lock));
  }
  const { stderr } = await capture(
    "uv",
    [
      ...(await compileArguments(resolution, place)),
      ...["--format", "pylock.toml", "-o", "pylock.toml"],
    ],
    { env: uvEnv(place), cwd: work },
  );
  const written = pylockSchema.parse(parseToml(await readFile(output, "utf8")));
  // Of a package's own metadata: whoever wrote them there has given them to everybody.
  const all = withoutCredentials(written.packages);
  const packages = all.filter((one) => !isProvided(one, resolution));
  return { pylock: { ...written, packages }, directory: work, remarks: stderr };
}

/** The index of each package, which uv's pylock.toml does not tell. */
export async function findIndexes(
  resolution: Resolution,
  place: UvPlace,
  { packages }: Pylock,
): Promise<ReadonlyMap<string, string>> {
  const options = ["--no-annotate", "--emit-index-annotation"];
  return parseIndexAnnotations(await annotate(resolution, place, packages, options));
}

/** The same resolution as a requirements file: pinned, so that nothing but uv's cache is asked. */
async function annotate(
  resolution: Resolution,
  place: UvPlace,
  packages: Pylock["packages"],
  options: readonly string[],
): Promise<string> {
  const output = join(place.work, "annotated.txt");
  const pins = packages.flatMap(({ name, version }) =>
    version === undefined ? [] : [`${name}==${version}\n`],
  );
  await writeFile(output, pins.join(""));
  await capture(
    "uv",
    [...(await compileArguments(resolution, place)), ...options, ...["-o", "annotated.txt"]],
    { env: uvEnv(place), cwd: place.work },
  );
  return readFile(output, "utf8");
}

export function parseIndexAnnotations(text: string): ReadonlyMap<string, string> {
  const indexes = new Map<string, string>();
  let name = "";
  for (const line of text.split("\n")) {
    name = /^([A-Za-z0-9._-]+)/.exec(line)?.[1] ?? name;
    const index = /^\s+# from (https?:\S+)/.exec(line)?.[1];
    if (index !== undefined) indexes.set(normalizeName(name), index.replace(/\/$/, ""));
  }
  return indexes;
}

/** The packages that depend on each one, by name; the app's own requirements have none. */
export async function findDependents(
  resolution: Resolution,
  place: UvPlace,
  { packages }: Pylock,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await annotate(resolution, place, packages, []);
  const dependents = new Map<string, string[]>();
  let name = "";
  for (const line of text.split("\n")) {
    name = /^([A-Za-z0-9._-]+)/.exec(line)?.[1] ?? name;
    const via = /^\s+#(?: via)?\s+([A-Za-z0-9._-]+)$/.exec(line)?.[1];
    if (via === undefined || via === "via") continue;
    const key = normalizeName(name);
    dependents.set(key, [...(dependents.get(key) ?? []), normalizeName(via)]);
  }
  return dependents;
}

async function compileArguments(
  resolution: Resolution,
  { interpreter, work }: UvPlace,
): Promise<readonly string[]> {
  return [
    ...["pip", "compile", "requirements.in"],
    ...projectArguments(resolution),
    ...(resolution.constraints === "" ? [] : ["--constraints", "constraints.in"]),
    ...((resolution.excludes ?? []).length === 0 ? [] : ["--excludes", "excludes.in"]),
    ...["--python", interpreter.path, "--no-header"],
    ...["--color", "never", "--no-progress"],
    ...(await configureIndexes(
      besideOwnIndexes(resolution.arguments, resolution, work),
      join(work, "uv.toml"),
      buildConfiguration(resolution.builds),
    )),
  ];
}

function buildConfiguration(builds: ResolutionBuilds | undefined): Further {
  if (builds === undefined) return {};
  const { requires, index, known } = builds;
  return {
    last: index === undefined ? [] : [index],
    tables: {
      "extra-build-dependencies": requires,
      "dependency-metadata": Object.entries(known).map(([name, dependencies]) => ({
        name,
        "requires-dist": dependencies,
      })),
    },
  };
}

function uvEnv({ env, cache, netrc, work, cudaHome }: UvPlace): Env {
  return compilerEnv(env, {
    ...(cudaHome === undefined
      ? {}
      : {
          CUDA_HOME: cudaHome,
          PATH: `${join(cudaHome, "bin")}:${readVariable(env, "PATH") ?? ""}`,
        }),
    ...pickBuildVariables(env),
    UV_CACHE_DIR: cache,
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_WRAP: "1",
    NETRC: netrc,
    ...gitEnv(env, homeIn(work)),
  });
}

function homeIn(work: string): string {
  return join(work, "home");
}

function preferredPackages({ lock, requested }: Preferences): readonly TomlTable[] {
  return lock.flatMap((distribution): readonly TomlTable[] => {
    const { name, version } = distribution;
    if (distribution.from === "git") {
      const url = requested[name];
      return url === undefined ? [] : [{ name, vcs: vcsTable(url, distribution.commit) }];
    }
    return version === undefined ? [] : [{ name, version }];
  });
}

function vcsTable(requested: string, commit: string): TomlTable {
  const [address = "", fragment = ""] = requested.replace(/^git\+/, "").split("#");
  const [, url = address, revision] = /^(.*\/[^@]*)@([^@]*)$/.exec(address) ?? [];
  const [, subdirectory] = /(?:^|&)subdirectory=([^&]+)/.exec(fragment) ?? [];
  return { type: "git", url, "requested-revision": revision, "commit-id": commit, subdirectory };
}
