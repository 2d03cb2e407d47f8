import { dirname } from "node:path";
import { defaultTo, type EnvChange, type EnvChanges, prepend } from "../../cnb/layer-env.ts";
import { findLibraryPath } from "./library-path.ts";
import { type Rule, RULES } from "./rules.ts";
import { readTree, type Tree } from "./tree.ts";

/** What a tree of Debian packages does to the environment, each value only where it is there. */
export interface TreeEnvironment {
  /** For running the app. */
  readonly launch: EnvChanges;
  /** For later buildpacks: also what compilers need. */
  readonly build: EnvChanges;
}

export interface ScanOptions {
  /** Directories of the image's own libraries; see {@link findLibraryPath}. */
  readonly systemLibraries?: readonly string[];
}

/** Reads a finished tree, generated files included. `triplet`: see {@link tripletOf}. */
export async function scanEnvironment(
  rootTree: string,
  triplet: string,
  options: ScanOptions = {},
): Promise<TreeEnvironment> {
  const tree = await readTree(rootTree, triplet);
  const libraries = await findLibraryPath(tree, options.systemLibraries);
  const linker: EnvChanges =
    libraries.length === 0
      ? {}
      : { LD_LIBRARY_PATH: prepend(libraries.map((path) => tree.at(path)).join(":"), ":") };
  const launch = {
    ...linker,
    ...applyRules(
      tree,
      RULES.filter((rule) => rule.buildOnly !== true),
    ),
  };
  return { launch, build: { ...launch, ...applyRules(tree, RULES) } };
}

function applyRules(tree: Tree, rules: readonly Rule[]): EnvChanges {
  const changes = rules.flatMap((rule) => {
    const change = applyRule(tree, rule);
    return change === undefined ? [] : [[rule.variable, change] as const];
  });
  return Object.fromEntries(changes);
}

function applyRule(tree: Tree, rule: Rule): EnvChange | undefined {
  const found = rule.exists
    .flatMap((pattern) => tree.match(pattern))
    .map((path) => at(tree, path, rule));
  const [first] = found;
  if (first === undefined) return undefined;
  if (rule.kind === "one") return defaultTo(first);
  const delimiter = rule.delimiter ?? ":";
  return prepend([...new Set([...found, ...(rule.system ?? [])])].join(delimiter), delimiter);
}

function at(tree: Tree, path: string, rule: Rule): string {
  if (rule.value === "url") return `file://${tree.at(path)}`;
  return rule.value === "parent" ? dirname(tree.at(path)) : tree.at(path);
}
