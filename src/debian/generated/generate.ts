import { applyDelta } from "../../cnb/layer-env.ts";
import type { Env } from "../../cnb/env.ts";
import { CommandError } from "../../kit/command.ts";
import type { Log } from "../../kit/log.ts";
import { scanEnvironment } from "../environment/scan.ts";
import { readTree } from "../environment/tree.ts";
import type { PackageIndex } from "../package-index.ts";
import {
  type EarlierOutputs,
  forgetOutput,
  keepOutput,
  type Output,
  restoreOutput,
} from "./earlier-outputs.ts";
import { type Generator, type Workplace } from "./generator.ts";
import { compilers } from "./compilers.ts";
import { gitLfs } from "./git-lfs.ts";
import { certificates } from "./java-certificates.ts";
import { libraryFinder } from "./find-library.ts";
import { fontCache, fontConfiguration } from "./fonts.ts";
import { GLIB_GENERATORS } from "./glib.ts";
import { texts } from "./texts.ts";
import { odbcDrivers } from "./odbc.ts";
import { ghostscriptFonts } from "./ghostscript.ts";
import { gnupgPlace } from "./gnupg.ts";
import { graphvizPlugins } from "./graphviz.ts";
import { pythonScripts } from "./python-scripts.ts";
import { rEnvironment } from "./r.ts";
import { texConfiguration, texFormats } from "./tex.ts";

export interface Generated {
  readonly made: readonly { readonly name: string; readonly summary: string }[];
  /** What could not be made, and why: the last lines of the program that should have. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

export interface GenerateOptions {
  /** Absolute, as at launch: the files hold it. */
  readonly rootTree: string;
  readonly triplet: string;
  readonly indexes: readonly PackageIndex[];
  /** A tool's environment; see {@link toolEnv}. */
  readonly env: Env;
  readonly log: Log;
  /** Without it, all programs run. */
  readonly earlier?: EarlierOutputs | undefined;
}

/**
 * Makes in a tree what the packages' maintainer scripts would make on a real system, with the
 * tree's own programs where one is needed. The same tree gives the same files.
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const made: { name: string; summary: string }[] = [];
  const failed: { name: string; reason: string }[] = [];
  for (const stage of STAGES) {
    const place = await survey(options);
    for (const generator of stage) {
      try {
        const { summary } = await runGenerator(generator, place, options);
        if (summary !== undefined) made.push({ name: generator.name, summary });
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        options.log.debug(error.output);
        failed.push({ name: generator.name, reason: reasonOf(error) });
      }
    }
  }
  return { made, failed };
}

async function runGenerator(
  generator: Generator,
  place: Workplace,
  { earlier, rootTree }: GenerateOptions,
): Promise<Output> {
  const run = () => generator.run(place);
  if (earlier === undefined || generator.inputs === undefined) return { summary: await run() };
  const inputs = generator.inputs.flatMap((pattern) => place.tree.match(pattern));
  if (inputs.length === 0) {
    await forgetOutput(earlier, generator.name);
    return { summary: await run() };
  }
  const making = { name: generator.name, inputs: describeInputs(inputs, place) };
  const restored = await restoreOutput(earlier, making, rootTree);
  if (restored !== undefined) return restored;
  await earlier.makeWhole();
  return await keepOutput(earlier, making, rootTree, run);
}

/**
 * The files' names, and what their packages are, with all others of the same sources: those have the
 * programs' libraries. The tree's place among them, since programs write it into what they make.
 */
function describeInputs(inputs: readonly string[], { tree, indexes }: Workplace): string {
  const files = inputs.flatMap((path) => (tree.isDirectory(path) ? tree.files(path) : [path]));
  const paths = [...new Set(files)].sort();
  const wanted = new Set(paths);
  const owners = indexes.filter(({ entries }) => entries.some(({ path }) => wanted.has(path)));
  const sources = new Set(owners.map(({ source }) => source));
  const digests = indexes
    .filter(({ source }) => sources.has(source))
    .map(({ name, sha256: digest }) => `${name} ${digest}`)
    .sort();
  return JSON.stringify([tree.path, paths, digests]);
}

/** A later stage sees the files of an earlier one, and the variables that name them. */
const STAGES: readonly (readonly Generator[])[] = [
  [
    fontConfiguration,
    certificates,
    ghostscriptFonts,
    odbcDrivers,
    rEnvironment,
    pythonScripts,
    gnupgPlace,
    compilers,
    gitLfs,
    texConfiguration,
  ],
  [texts],
  [fontCache, ...GLIB_GENERATORS, graphvizPlugins, texFormats, libraryFinder],
];

async function survey({ rootTree, triplet, indexes, env }: GenerateOptions): Promise<Workplace> {
  const { launch } = await scanEnvironment(rootTree, triplet);
  const tree = await readTree(rootTree, triplet);
  return { tree, indexes, env: applyDelta(env, { launch }, "launch") };
}

function reasonOf(error: CommandError): string {
  const lines = error.output.split("\n").filter((line) => line.trim() !== "");
  return [error.message, ...lines.slice(-3)].join("\n");
}
