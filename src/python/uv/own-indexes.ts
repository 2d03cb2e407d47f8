import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { formatToml } from "../../cnb/toml.ts";
import { prefixOf, sitePackagesIn } from "../environment/paths.ts";
import type { Interpreter } from "../interpreter.ts";
import { normalizeName } from "../lock.ts";
import { writeStubWheels } from "../provided/stub-wheels.ts";
import type { PylockPackage } from "./pylock.ts";

/** Packages that are taken from one place, and from no other. */
export interface OwnIndexes {
  readonly dedicated?: DedicatedIndex | undefined;
  /**
   * Versions that the interpreter has by itself, by normalised names. They satisfy whoever depends
   * on them, and are not in what is resolved.
   */
  readonly provided?: ReadonlyMap<string, string> | undefined;
}

/** An index that has these packages, which are taken from no other. */
export interface DedicatedIndex {
  /** Without credentials. */
  readonly url: string;
  /** Normalised names; never empty. */
  readonly packages: readonly string[];
}

/**
 * Writes a project that asks for the packages and says where they come from: uv lets one package
 * have an index of its own only there, and takes it so for whoever else depends on it.
 * `--torch-backend` does the same for PyTorch's own host, but not for a mirror of it. Builds of
 * sources see none of it: what they require is installed for them as always.
 * https://docs.astral.sh/uv/concepts/indexes/#pinning-a-package-to-an-index
 */
export async function writeOwnIndexes(
  own: OwnIndexes,
  { interpreter, work }: { readonly interpreter: Interpreter; readonly work: string },
): Promise<void> {
  const indexes = namedIndexes(own, work);
  if (indexes.length === 0) return;
  if (hasProvided(own)) {
    const site = join(prefixOf(interpreter), sitePackagesIn(interpreter));
    await writeStubWheels(own.provided, site, join(work, PROVIDED));
    await mkdir(join(work, NOTHING));
  }
  const project = {
    project: {
      name: "ml-buildpacks-dedicated-index",
      version: "0",
      "requires-python": ">=3.8",
      dependencies: indexes.flatMap(({ packages }) => packages),
    },
    tool: {
      uv: {
        index: indexes.map(({ table }) => ({ ...table, explicit: true })),
        sources: Object.fromEntries(
          indexes.flatMap(({ table, packages }) =>
            packages.map((name) => [name, { index: table.name }]),
          ),
        ),
      },
    },
  };
  await mkdir(join(work, PROJECT));
  await writeFile(join(work, PROJECT, "pyproject.toml"), formatToml(project));
}

/** What `uv pip compile` is given to read of it. */
export function projectArguments(own: OwnIndexes): readonly string[] {
  return namedIndexes(own, "").length === 0 ? [] : [join(PROJECT, "pyproject.toml")];
}

/**
 * `--no-index` would forbid the index of what is provided, too. One that has nothing says the same
 * of all other packages.
 */
export function besideOwnIndexes(
  uvArguments: readonly string[],
  own: OwnIndexes,
  work: string,
): readonly string[] {
  if (!hasProvided(own) || !uvArguments.includes("--no-index")) return uvArguments;
  const kept = uvArguments.filter(
    (argument, at) =>
      argument !== "--no-index" &&
      !NAMING_INDEXES.has(argument) &&
      !NAMING_INDEXES.has(uvArguments[at - 1] ?? ""),
  );
  return [...kept, "--index-url", pathToFileURL(join(work, NOTHING)).href];
}

/** What a URL or a path names takes the place of what is provided. */
export function isProvided({ name, wheels }: PylockPackage, { provided }: OwnIndexes): boolean {
  return wheels !== undefined && provided?.has(normalizeName(name)) === true;
}

const PROJECT = "dedicated";
const PROVIDED = "provided";
const NOTHING = "nothing";
const NAMING_INDEXES: ReadonlySet<string> = new Set(["--index-url", "--extra-index-url"]);

interface NamedIndex {
  readonly table: { readonly name: string; readonly url: string; readonly format?: "flat" };
  readonly packages: readonly string[];
}

function namedIndexes(own: OwnIndexes, work: string): readonly NamedIndex[] {
  const { dedicated } = own;
  const others = dedicated?.packages.filter((name) => own.provided?.has(name) !== true) ?? [];
  const url = pathToFileURL(join(work, PROVIDED)).href;
  return [
    ...(dedicated === undefined || others.length === 0
      ? []
      : [{ table: { name: "dedicated", url: dedicated.url }, packages: others }]),
    ...(hasProvided(own)
      ? [
          {
            table: { name: "provided", url, format: "flat" as const },
            packages: [...own.provided.keys()],
          },
        ]
      : []),
  ];
}

function hasProvided(
  own: OwnIndexes,
): own is OwnIndexes & { readonly provided: ReadonlyMap<string, string> } {
  return own.provided !== undefined && own.provided.size > 0;
}
