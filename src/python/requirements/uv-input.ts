import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { IndexOptions } from "./index-options.ts";
import type { RequirementSet } from "./read-requirements.ts";
import type { Requirement } from "./requirement.ts";

/** The merged requirements as text for uv: no options, no credentials, absolute local paths. */
export function requirementsText(set: RequirementSet, appDir: string): string {
  const remote = set.remoteRequirements.map((url) => `-r ${url}`);
  return lines([...remote, ...set.requirements.map((item) => requirementText(item, appDir))]);
}

export function constraintsText(set: RequirementSet, appDir: string): string {
  const remote = set.remoteConstraints.map((url) => `-c ${url}`);
  return lines([...remote, ...set.constraints.map((item) => requirementText(item, appDir))]);
}

/** `uv pip` takes the same arguments to resolve and to install. */
export function uvIndexArguments(
  options: IndexOptions,
  appDir: string,
  strategy: IndexStrategy,
): readonly string[] {
  return [
    ...(options.indexUrl === undefined ? [] : ["--index-url", options.indexUrl.value]),
    ...options.extraIndexUrls.flatMap(({ value }) => ["--extra-index-url", value]),
    ...options.findLinks.flatMap(({ value }) => ["--find-links", locationText(value, appDir)]),
    ...(options.noIndex ? ["--no-index"] : []),
    ...options.trustedHosts.flatMap((host) => ["--allow-insecure-host", host]),
    "--index-strategy",
    UV_STRATEGIES[strategy],
  ];
}

/** Which files of a package may be taken; only resolving needs them, since a lock names the file. */
export function uvFormatArguments({ noBinary, onlyBinary }: IndexOptions): readonly string[] {
  return [
    ...noBinary.flatMap((name) => ["--no-binary", name]),
    ...onlyBinary.flatMap((name) => ["--only-binary", name]),
  ];
}

export type IndexStrategy = "best-match" | "first-index";

// "unsafe" is uv's word: a package of a private index could be replaced by one of the same name
// on a public one. pip has always done so, and files with torch's index depend on it.
const UV_STRATEGIES: Record<IndexStrategy, string> = {
  "best-match": "unsafe-best-match",
  "first-index": "first-index",
};

function requirementText(requirement: Requirement, appDir: string): string {
  const { name, extras, marker } = requirement;
  const bracket = extras.length === 0 ? "" : `[${extras.join(",")}]`;
  const tail = marker === undefined ? "" : ` ; ${marker}`;
  const location = locationOf(requirement, appDir);
  if (location === undefined) return `${name ?? ""}${bracket}${specifierOf(requirement)}${tail}`;
  return name === undefined
    ? `${location}${bracket}${tail}`
    : `${name}${bracket} @ ${location}${tail}`;
}

function specifierOf({ source }: Requirement): string {
  return source.kind === "index" ? source.specifier : "";
}

function locationOf({ source }: Requirement, appDir: string): string | undefined {
  switch (source.kind) {
    case "index":
      return undefined;
    case "path":
      return pathToFileURL(join(appDir, source.path)).href + source.fragment;
    case "git":
    case "url":
      return source.url;
  }
}

function locationText(value: string, appDir: string): string {
  return value.startsWith("./") ? resolve(appDir, value) : value;
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join("");
}
