import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import * as z from "zod/mini";
import { parseToml } from "../../../cnb/toml.ts";
import type { CommandError } from "../../../kit/command.ts";
import type { Failure } from "../../../kit/failure.ts";
import { normalizeName } from "../../lock.ts";
import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import { localPackagesIn, membersIn } from "./lock-text.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/** Puts what `uv export` says into words of the file that it is about; undefined for what is new. */
export async function explainExport(
  error: CommandError,
  { appDir }: Pick<LockRequest, "appDir">,
  member: string | undefined,
): Promise<Failure | undefined> {
  for (const { pattern, explain } of EXPLANATIONS) {
    const match = pattern.exec(error.output);
    if (match !== null) return explain(match, { appDir, member, error });
  }
  return undefined;
}

interface Facts {
  readonly appDir: string;
  readonly member: string | undefined;
  readonly error: CommandError;
}

interface Explanation {
  readonly pattern: RegExp;
  readonly explain: (match: readonly string[], facts: Facts) => Failure | Promise<Failure>;
}

const LOCK = { lockFile: LOCK_FILE, relock: RELOCK };

/** uv's own words; the first that fits counts. */
const EXPLANATIONS: readonly Explanation[] = [
  { pattern: /(Group|Extra) `([^`]+)` is not defined/, explain: explainGroup },
  { pattern: /does not have a member/, explain: explainMember },
  { pattern: /needs to be updated, but `--locked`/, explain: explainStale },
  {
    // Without a network, uv resolves only what a lock that fits would have told it. What it builds, and
    // files whose digests the lock lacks, it needs of a lock that fits, too.
    pattern:
      /^(?![^]*(?:Failed to (?:generate package metadata|build|resolve requirements from)|compute missing hashes))[^]*(?:Network connectivity is disabled|not found in the cache)/,
    explain: explainStale,
  },
  {
    pattern:
      /resolved to Python ([\d.]+), which is incompatible with the project's Python requirement: `([^`]+)`/,
    explain: ([, version, required], { error }) => {
      const issue = `The project needs Python ${required}; the app has ${version}.`;
      return failure("not-for-here", { ...LOCK, issue }, error);
    },
  },
  {
    pattern: /No `pyproject\.toml` found/,
    explain: (_match, { error }) =>
      failure("project-missing", { lockFile: LOCK_FILE, project: "pyproject.toml" }, error),
  },
  { pattern: /Failed to parse:? `?([^`\n]*)`?\n([^]+)/, explain: explainUnparsed },
  {
    pattern: /uses an unsupported schema version \((.*?)\)\./,
    explain: ([, schema], { error }) => {
      const issue = `a schema version that the build's uv does not know: ${schema}`;
      return failure("lock-invalid", { ...LOCK, line: undefined, issue }, error);
    },
  },
];

async function explainGroup(
  [, kind, name = ""]: readonly string[],
  { appDir, member, error }: Facts,
): Promise<Failure> {
  const setting = kind === "Group" ? "BP_GROUPS" : "BP_EXTRAS";
  const file = await projectFileOf(appDir, member);
  const known = await namesIn(join(appDir, file), setting);
  return failure("group-unknown", { setting, name, file, known }, error);
}

async function explainMember(
  _match: readonly string[],
  { appDir, member = "", error }: Facts,
): Promise<Failure> {
  const known = membersIn(await readLock(appDir));
  return failure("member-unknown", { name: member, known }, error);
}

function explainStale(_match: readonly string[], { error }: Facts): Failure {
  const found = `${LOCK_FILE} was made from other lines than those of pyproject.toml (or of a workspace member's), as uv says.`;
  return failure("lock-stale", { ...LOCK, project: "pyproject.toml", found }, error);
}

function explainUnparsed(
  [, path = "", report = ""]: readonly string[],
  { appDir, error }: Facts,
): Failure {
  const at = /line (\d+), column/.exec(report)?.[1];
  const line = at === undefined ? undefined : Number(at);
  // The report quotes the line with a mark below it; what is wrong stands last.
  const issue = report.trim().split("\n\n")[0]?.split("\n").at(-1)?.trim() ?? "";
  const file = relative(appDir, resolve(appDir, path));
  return file === LOCK_FILE
    ? failure("lock-invalid", { ...LOCK, line, issue }, error)
    : failure("project-invalid", { file, line, issue }, error);
}

/** "packages/serving/pyproject.toml" of a member, which the lock has as a local package. */
async function projectFileOf(appDir: string, member: string | undefined): Promise<string> {
  if (member === undefined) return "pyproject.toml";
  const packages = localPackagesIn(await readLock(appDir));
  const own = packages.find(({ name }) => name === normalizeName(member));
  return join(own?.path ?? ".", "pyproject.toml");
}

function readLock(appDir: string): Promise<string> {
  return readFile(join(appDir, LOCK_FILE), "utf8");
}

const projectSchema = z.object({
  project: z.optional(
    z.object({ "optional-dependencies": z.optional(z.record(z.string(), z.unknown())) }),
  ),
  "dependency-groups": z.optional(z.record(z.string(), z.unknown())),
  tool: z.optional(
    z.object({ uv: z.optional(z.object({ "dev-dependencies": z.optional(z.unknown()) })) }),
  ),
});

async function namesIn(
  path: string,
  setting: "BP_GROUPS" | "BP_EXTRAS",
): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  const { data } = projectSchema.safeParse(parseToml(text));
  if (setting === "BP_EXTRAS") return Object.keys(data?.project?.["optional-dependencies"] ?? {});
  const ofUv = data?.tool?.uv?.["dev-dependencies"] === undefined ? [] : ["dev"];
  return [...new Set([...Object.keys(data?.["dependency-groups"] ?? {}), ...ofUv])];
}
