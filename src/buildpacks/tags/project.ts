import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import { decodeText } from "../../kit/decode.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { type Found, type Label, NOTHING, OCI_PREFIX } from "./label.ts";
import { NOT_SHOWN, problemOf, quoteSafely } from "./unsafe.ts";

const FILE = "project.toml";

const Project = z.object({
  name: z.optional(z.string()),
  version: z.optional(z.string()),
  authors: z.optional(z.array(z.string())),
  "documentation-url": z.optional(z.string()),
  "source-url": z.optional(z.string()),
  licenses: z.optional(z.array(z.object({ type: z.optional(z.string()) }))),
});

type Project = z.infer<typeof Project>;

/** What project.toml says of the project itself. Absent, it says nothing. */
export async function readProject(appDir: string): Promise<Found> {
  const bytes = await readFile(join(appDir, FILE)).catch(() => undefined);
  return bytes === undefined ? NOTHING : parseProject(bytes);
}

/** The table `[_]` of schema 0.2, or `[project]` of 0.1. */
// https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md
export function parseProject(bytes: Uint8Array): Found {
  const text = decodeText(bytes);
  if (typeof text !== "string") {
    const needed = "The file is not text in UTF-8; save it as UTF-8";
    return {
      labels: [],
      problems: [{ origin: { file: FILE, line: text.line }, line: text.found, needed }],
    };
  }
  const lines = text.split("\n");
  try {
    const document = parseToml(text);
    const project = Project.safeParse(document["_"] ?? document["project"] ?? {});
    if (project.success) return labelsOf(project.data, lines);
    const keys = new Set(project.error.issues.map(({ path: [key] }) => String(key ?? "_")));
    return { labels: [], problems: [...keys].map((key) => wrongType(key, lines)) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const found = lines[(error.line ?? 0) - 1] ?? "";
    // The build's variables stand in this file, too: a password's name is in another line.
    const line = /^\s*["']?value\b/.test(found) ? NOT_SHOWN : quoteSafely(found);
    const needed = `The file is no TOML: ${error.message.replace(/ at row.*$/, "")}`;
    return { labels: [], problems: [{ origin: { file: FILE, line: error.line }, line, needed }] };
  }
}

function labelsOf(project: Project, lines: readonly string[]): Found {
  const values = {
    title: ["name", project.name],
    version: ["version", project.version],
    authors: ["authors", project.authors?.join(", ")],
    documentation: ["documentation-url", project["documentation-url"]],
    source: ["source-url", project["source-url"]],
    licenses: ["licenses", licenceExpression(project)],
  } as const;
  const labels: Label[] = [];
  const problems: Problem[] = [];
  for (const [end, [field, value]] of Object.entries(values)) {
    if (value === undefined || value.trim() === "") continue;
    const line = lineOf(field, lines);
    const label = { key: OCI_PREFIX + end, value, origin: { file: FILE, line } };
    const problem = problemOf(label, lines[(line ?? 0) - 1] ?? value);
    labels.push(label);
    if (problem !== undefined) problems.push(problem);
  }
  return { labels, problems };
}

/** All of them hold: the descriptor has no way to say that one may choose. */
// https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
function licenceExpression({ licenses = [] }: Project): string {
  const types = licenses.flatMap(({ type }) => (type === undefined || type === "" ? [] : [type]));
  if (types.length <= 1) return types.join("");
  return types.map((type) => (/\sOR\s/.test(type) ? `(${type})` : type)).join(" AND ");
}

function wrongType(key: string, lines: readonly string[]): Problem {
  const line = lineOf(key, lines);
  const example = EXAMPLES[key];
  return {
    origin: { file: FILE, line },
    line: quoteSafely(lines[(line ?? 0) - 1] ?? key),
    needed:
      example === undefined
        ? 'A table of texts is needed\n[_]\nname = "Cats"'
        : `A text in quotation marks is needed, or a list of them, as here\n${example}`,
  };
}

const EXAMPLES: Readonly<Record<string, string>> = {
  name: 'name = "Cats"',
  version: 'version = "1.10"',
  authors: 'authors = ["Ada Lovelace <ada@example.com>"]',
  "documentation-url": 'documentation-url = "https://example.com/docs"',
  "source-url": 'source-url = "https://git.example.com/cats"',
  licenses: '[[_.licenses]]\ntype = "Apache-2.0"',
};

/** The parser tells no positions of values: the first line of the project's table that has the key. */
function lineOf(key: string, lines: readonly string[]): number | undefined {
  const own = lines.findIndex((line) => /^\s*\[\s*["']?(?:_|project)["']?\s*\]/.test(line));
  const pattern = new RegExp(`^\\s*(?:\\[\\[?\\s*\\w+\\s*\\.\\s*)?["']?${key}["']?\\s*(?:=|\\])`);
  const index = lines.findIndex((line, at) => at >= own && pattern.test(line));
  return index < 0 ? undefined : index + 1;
}
