import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import * as z from "zod/mini";
import { parseToml } from "../../../cnb/toml.ts";
import type { CommandError } from "../../../kit/command.ts";
import type { Failure } from "../../../kit/failure.ts";
import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/** Puts what `uv export` says into words of the file that it is about; undefined for what is new. */
export async function explainExport(
  error: CommandError,
  { appDir }: Pick<LockRequest, "appDir">,
  member: string | undefined,
): Promise<Failure | undefined> {
  const { output } = error;
  const common = { lockFile: LOCK_FILE, relock: RELOCK };
  const [, kind, name = ""] = /(Group|Extra) `([^`]+)` is not defined/.exec(output) ?? [];
  if (kind !== undefined) {
    const setting = kind === "Group" ? "BP_GROUPS" : "BP_EXTRAS";
    const known = member === undefined ? await namesIn(appDir, setting) : [];
    return failure("group-unknown", { setting, name, file: "pyproject.toml", known }, error);
  }
  if (/does not have a member/.test(output)) {
    const known = await membersIn(appDir);
    return failure("member-unknown", { name: member ?? "", known }, error);
  }
  if (/needs to be updated, but `--locked`/.test(output)) {
    const found = `${LOCK_FILE} was made from other lines than those of pyproject.toml (or of a workspace member's), as uv says.`;
    return failure("lock-stale", { ...common, project: "pyproject.toml", found }, error);
  }
  const [, version, required] =
    /resolved to Python ([\d.]+), which is incompatible with the project's Python requirement: `([^`]+)`/.exec(
      output,
    ) ?? [];
  if (version !== undefined) {
    const issue = `The project needs Python ${required}; the app has ${version}.`;
    return failure("not-for-here", { ...common, issue }, error);
  }
  if (/No `pyproject\.toml` found/.test(output)) {
    return failure("project-missing", { lockFile: LOCK_FILE, project: "pyproject.toml" }, error);
  }
  const unparsed = /Failed to parse:? `?([^`\n]*)`?\n([\s\S]+)/.exec(output);
  if (unparsed !== null) {
    const [, path = "", report = ""] = unparsed;
    const line = /line (\d+), column/.exec(report)?.[1];
    const at = line === undefined ? undefined : Number(line);
    // The report quotes the line with a mark below it; what is wrong stands last.
    const issue = report.trim().split("\n\n")[0]?.split("\n").at(-1)?.trim() ?? "";
    const file = relative(appDir, resolve(appDir, path));
    return file === LOCK_FILE
      ? failure("lock-invalid", { ...common, line: at, issue }, error)
      : failure("project-invalid", { file, line: at, issue }, error);
  }
  const [, schema] = /uses an unsupported schema version \((.*?)\)\./.exec(output) ?? [];
  if (schema !== undefined) {
    const issue = `a schema version that the build's uv does not know: ${schema}`;
    return failure("lock-invalid", { ...common, line: undefined, issue }, error);
  }
  return undefined;
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
  appDir: string,
  setting: "BP_GROUPS" | "BP_EXTRAS",
): Promise<readonly string[]> {
  const text = await readFile(join(appDir, "pyproject.toml"), "utf8");
  const { data } = projectSchema.safeParse(parseToml(text));
  if (setting === "BP_EXTRAS") return Object.keys(data?.project?.["optional-dependencies"] ?? {});
  const ofUv = data?.tool?.uv?.["dev-dependencies"] === undefined ? [] : ["dev"];
  return [...new Set([...Object.keys(data?.["dependency-groups"] ?? {}), ...ofUv])];
}

async function membersIn(appDir: string): Promise<readonly string[]> {
  const text = await readFile(join(appDir, LOCK_FILE), "utf8");
  const [, list = ""] = /^members = \[([^\]]*)\]/m.exec(text) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
}
