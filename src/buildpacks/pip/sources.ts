import { buildNeeds } from "../../accelerator/build-needs.ts";
import { TORCH_FAMILY } from "../../accelerator/torch.ts";
import { normalizeName } from "../../python/lock.ts";
import type { Requirement } from "../../python/requirements/requirement.ts";
import { explainBuild } from "../../python/wheels/build-complaints.ts";
import type { LockTask } from "./obtain-lock.ts";

/** What failed resolutions have told of packages that come as source. */
export interface Sources {
  /** What builds import and do not name, by the package's name. */
  readonly requires: Readonly<Record<string, readonly string[]>>;
  /** Whether a build wants to see CUDA before it says what it needs. */
  readonly needCuda: boolean;
  /**
   * Names for sources that are asked for without one, by their requirement's text. uv gives what
   * is in `requires` to a package whose name it knows before it is built.
   */
  readonly names: Readonly<Record<string, string>>;
}

export const NOTHING_LEARNED: Sources = {
  requires: {},
  needCuda: false,
  names: {},
};

/** The requirements with the names that were learned. */
export function named(
  requirements: readonly Requirement[],
  { names }: Sources,
): readonly Requirement[] {
  return requirements.map((requirement) => {
    const name = requirement.name ?? names[requirement.text];
    return name === undefined ? requirement : { ...requirement, name };
  });
}

/** For metadata any torch will do, and the smallest is that without CUDA. */
export function torchForSources({
  asked: { torchIndexes, options },
}: LockTask): string | undefined {
  const { base } = torchIndexes;
  return base === undefined || options.noIndex ? undefined : `${base}/cpu`;
}

/** What to try next; undefined where the output tells nothing of sources that is not known. */
export function learnFrom(output: string, sources: Sources, task: LockTask): Sources | undefined {
  return (
    withCuda(output, sources) ??
    withRequirement(output, sources, task) ??
    withRightName(output, sources) ??
    withGuessedNames(output, sources, task)
  );
}

function withCuda(output: string, sources: Sources): Sources | undefined {
  const isMissing = !sources.needCuda && explainBuild(output).kind === "no-toolkit";
  return isMissing ? { ...sources, needCuda: true } : undefined;
}

/** Only what the app itself asks for is given to a build: anything can be on an index by a module's name. */
function withRequirement(
  output: string,
  sources: Sources,
  { asked, context: { log } }: LockTask,
): Sources | undefined {
  const [, source = "", missing = ""] = UNNAMED.exec(output) ?? [];
  const name = normalizeName(source.replace(/@.*/, ""));
  const given = sources.requires[name] ?? [];
  const isAsked = asked.set.requirements.some((one) => one.name === normalizeName(missing));
  if (missing === "" || given.includes(missing) || !(isAsked || TORCH_FAMILY.has(missing)))
    return undefined;
  log.step(`Giving ${missing} to ${name}, whose build imports it and does not name it`);
  const known = buildNeeds(name)?.requires ?? [];
  return {
    ...sources,
    requires: { ...sources.requires, [name]: [...new Set([...given, missing, ...known])] },
  };
}

/** uv's advice where a build can't import something. */
const UNNAMED =
  /likely indicates that `([^`]+)` depends on `([^`]+)`, but doesn't declare it as a build dependency/;

/** Once it is built, a source says how it is called. */
function withRightName(output: string, sources: Sources): Sources | undefined {
  const [, found = "", given = ""] = OTHER_NAME.exec(output) ?? [];
  const [guess, right] = [normalizeName(given), normalizeName(found)];
  const [text] = Object.entries(sources.names).find(([, name]) => name === guess) ?? [];
  if (text === undefined) return undefined;
  const { [guess]: requires = [], ...others } = sources.requires;
  return {
    ...sources,
    names: { ...sources.names, [text]: right },
    requires: { ...others, [right]: requires },
  };
}

const OTHER_NAME = /Package metadata name `([^`]+)` does not match given name `([^`]+)`/;

function withGuessedNames(
  output: string,
  sources: Sources,
  { asked }: LockTask,
): Sources | undefined {
  const unnamed = asked.set.requirements.filter(
    ({ name, source, text }) =>
      name === undefined && source.kind !== "index" && sources.names[text] === undefined,
  );
  if (unnamed.length === 0 || !/No module named '/.test(output)) return undefined;
  const guesses = unnamed.map(({ source, text }) => [text, guessName(source)] as const);
  return { ...sources, names: { ...sources.names, ...Object.fromEntries(guesses) } };
}

/** The last name in the address: "git+https://github.com/facebookresearch/sam2.git@main" → "sam2". */
function guessName(source: Requirement["source"]): string {
  const address = source.kind === "path" ? source.path : source.kind === "index" ? "" : source.url;
  const path = address.replace(/[#?].*$/, "").replace(/(?<=\/[^/]*)@[^/]*$/, "");
  const last = path.split("/").findLast((part) => part !== "" && part !== ".") ?? "";
  const name = normalizeName(last.replace(/\.git$|-\d.*$|\.(?:zip|tar\..*)$/g, ""));
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name) ? name : "app";
}
