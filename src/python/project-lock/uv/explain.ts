import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import * as z from "zod/mini";
import { parseToml } from "../../../cnb/toml.ts";
import type { CommandError } from "../../../kit/command.ts";
import type { Failure } from "../../../kit/failure.ts";
import { explainLine } from "../../../kit/wrong-lines.ts";
import { normalizeName } from "../../lock.ts";
import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import { localPackagesIn, membersIn } from "./lock-text.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/** Puts what `uv export` says into words of the file that it is about; undefined for what is new. */
export async function explainExport(
  error: CommandError,
  { appDir, interpreter: { minor } }: Pick<LockRequest, "appDir" | "interpreter">,
  member: string | undefined,
): Promise<Failure | undefined> {
  for (const { pattern, explain } of EXPLANATIONS) {
    const match = pattern.exec(error.output);
    const explained =
      match === null ? undefined : await explain(match, { appDir, minor, member, error });
    if (explained !== undefined) return explained;
  }
  return undefined;
}

interface Facts {
  readonly appDir: string;
  /** The Python's, "3.13". */
  readonly minor: string;
  readonly member: string | undefined;
  readonly error: CommandError;
}

interface Explanation {
  readonly pattern: RegExp;
  /** Undefined where it is something else after all. */
  readonly explain: (
    match: readonly string[],
    facts: Facts,
  ) => Failure | Promise<Failure | undefined>;
}

const LOCK = { lockFile: LOCK_FILE, relock: RELOCK };

/** uv's own words; the first that fits counts. */
const EXPLANATIONS: readonly Explanation[] = [
  { pattern: /(Group|Extra) `([^`]+)` is not defined/, explain: explainGroup },
  {
    pattern: /^(?:error: )?(.+) are incompatible with the [\w ]*conflicts\b/m,
    explain: explainConflict,
  },
  { pattern: /Distribution not found at: file:\/\/(\S+)/, explain: explainOutside },
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
  return failure("group-unknown", { setting, names: [name], file, known }, error);
}

/** "Extras `cpu` and `gpu`", "Extra `cpu` and group `a`". https://docs.astral.sh/uv/concepts/projects/config/#conflicting-dependencies */
function explainConflict([, named = ""]: readonly string[], { error }: Facts): Failure {
  const plain = named.trim().replaceAll("`", "");
  return failure(
    "names-conflict",
    { named: plain.charAt(0).toLowerCase() + plain.slice(1) },
    error,
  );
}

async function explainOutside(
  [, place = ""]: readonly string[],
  { appDir, minor, error }: Facts,
): Promise<Failure | undefined> {
  const packages = localPackagesIn(await readLock(appDir));
  const path = decodeURIComponent(place).replace(/\/$/, "");
  const found = packages.find((one) => resolve(appDir, one.path) === path);
  if (found === undefined || !relative(appDir, path).startsWith("..")) return undefined;
  const reason = { kind: "outside", path: found.path } as const;
  const unfit = [{ name: found.name, version: undefined, reason }];
  return failure("unfit", { unfit, packages: [], lockFile: LOCK_FILE, python: minor }, error);
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
  const [, quoted = ""] = /^\s*\d+ \| (.*)$/m.exec(report) ?? [];
  const known = explainLine(quoted.trim(), []);
  const said = report.trim().split("\n\n")[0]?.split("\n").at(-1)?.trim() ?? "";
  const issue = known === undefined ? said : `${known}.`;
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
