import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../kit/log.ts";
import type { Settings } from "../../kit/settings.ts";
import { decodeRequirements, UnreadableText } from "../../python/requirements/decode.ts";
import { parseVersionRequest, type VersionRequest } from "../../python/version/version-request.ts";
import { failure } from "./failures.ts";

/** Where a version was asked for. */
export type Origin =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "file"; readonly file: string; readonly line: number };

export interface Request extends VersionRequest {
  readonly origin: Origin;
}

/**
 * The version that the app asks for, and undefined where it leaves that to us. The first source
 * that names one decides.
 */
export async function findRequest(
  appDir: string,
  settings: Settings,
  log: Log,
): Promise<Request | undefined> {
  const variable = settings.get("BP_CPYTHON_VERSION");
  const ofVersions = [
    async () => variable && { origin: VARIABLE, text: variable },
    async () => await readFirst(appDir, ".python-version"),
    async () => await readFirst(appDir, "runtime.txt"),
  ];
  const ofProjects = [async () => await readProject(appDir), async () => await readPipfile(appDir)];
  for (const [index, source] of [...ofVersions, ...ofProjects].entries()) {
    const written = await source();
    if (!written) continue;
    const request = { ...accept(written), origin: written.origin };
    await reportOverridden(ofVersions.slice(index + 1), request, log);
    return request;
  }
  return undefined;
}

/** What pyproject.toml demands, where it can be read: other sources may have decided before. */
export async function findProjectRequest(appDir: string): Promise<Request | undefined> {
  try {
    const written = await readProject(appDir);
    return written && { ...accept(written), origin: written.origin };
  } catch {
    return undefined;
  }
}

/** "BP_CPYTHON_VERSION", ".python-version" */
export function nameOf(origin: Origin): string {
  return origin.kind === "variable" ? origin.name : origin.file;
}

interface Written {
  readonly origin: Origin;
  readonly text: string;
}

const VARIABLE: Origin = { kind: "variable", name: "BP_CPYTHON_VERSION" };

async function reportOverridden(
  rest: readonly (() => Promise<Written | "" | undefined>)[],
  { origin }: Request,
  log: Log,
): Promise<void> {
  for (const source of rest) {
    const written = await source();
    if (!written) continue;
    log.step(`Skipping ${nameOf(written.origin)} because ${nameOf(origin)} comes first`);
  }
}

function accept({ origin, text }: Written): VersionRequest {
  const { request, issue } = parseVersionRequest(text);
  if (request !== undefined) return request;
  switch (issue.kind) {
    case "form":
      throw failure("request-not-understood", { origin, text, hint: issue.hint });
    case "implementation":
      throw failure("implementation-unsupported", { origin, text });
    case "free-threaded":
      throw failure("free-threaded-unsupported", { origin, text });
    case "prerelease":
      throw failure("prerelease-unsupported", { origin, text });
  }
}

/**
 * pyenv's file may name several versions, for several commands; the first of CPython is the app's.
 * https://github.com/pyenv/pyenv/blob/master/COMMANDS.md#pyenv-local
 */
async function readFirst(appDir: string, file: string): Promise<Written | undefined> {
  const text = await readText(appDir, file);
  const lines = (text ?? "")
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ text: withoutComment(line), line: index + 1 }))
    .filter((line) => line.text !== "");
  const isOther = (line: string) => parseVersionRequest(line).issue?.kind === "implementation";
  const chosen = lines.find((line) => !isOther(line.text)) ?? lines[0];
  return chosen && { origin: { kind: "file", file, line: chosen.line }, text: chosen.text };
}

/** pyenv also takes several versions on one line. */
function withoutComment(line: string): string {
  const text = line.replace(/(^|\s)#.*$/, "").trim();
  const [first = ""] = text.split(/\s+/);
  return /^[\w.@-]*\d[\w.@-]*$/.test(first) && /^[\d.]/.test(text.slice(first.length).trim())
    ? first
    : text;
}

async function readProject(appDir: string): Promise<Written | undefined> {
  const file = "pyproject.toml";
  const text = await readText(appDir, file);
  if (text === undefined) return undefined;
  // Loaded on first use: most builds have nothing else that needs a schema.
  const { findRequiresPython } = await import("./project.ts");
  const found = findRequiresPython(file, text);
  return found && { origin: { kind: "file", file, line: found.line }, text: found.value };
}

async function readPipfile(appDir: string): Promise<Written | undefined> {
  const file = "Pipfile";
  const text = await readText(appDir, file);
  if (text === undefined) return undefined;
  const { findPipfilePython } = await import("./pipfile.ts");
  const found = findPipfilePython(file, text);
  return found && { origin: { kind: "file", file, line: found.line }, text: found.value };
}

/** Undefined where there is no such file; a directory of that name (".python-version/") is none. */
async function readText(appDir: string, file: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(appDir, file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR") return undefined;
    throw error;
  }
  try {
    return decodeRequirements(bytes);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw failure("file-not-text", { file, encoding: error.encoding }, error);
  }
}
