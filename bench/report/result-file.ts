import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod/mini";
import { ScriptFailure, reasonOf } from "../../scripts/lib/failure.ts";
import { BenchResult } from "../result.ts";

/** Reads what `writeResult` wrote; fails with the first field that is not as expected. */
export async function readResult(path: string): Promise<BenchResult> {
  const unreadable = (body: string, cause?: unknown) =>
    new ScriptFailure(`${path} can't be read as a result of the benchmark`, body, cause);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(`${reasonOf(error)}.\n${HOW_MADE}`, error);
  });
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw unreadable(`It is not JSON: ${reasonOf(error)}.\n${HOW_MADE}`, error);
  }
  const parsed = BenchResult.safeParse(found);
  if (parsed.success) return parsed.data;
  throw unreadable(`${describeIssue(parsed.error.issues[0])}.\n${HOW_MADE}`, parsed.error);
}

/** Makes the folder where it is missing. An interruption leaves what was there before. */
export async function writeResult(path: string, result: BenchResult): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  await writeFile(partial, `${JSON.stringify(BenchResult.parse(result), undefined, 2)}\n`);
  await rename(partial, path);
}

const HOW_MADE = "`npm run bench -- --json FILE` writes such a file.";

/** "measurements[3].cost.seconds: a number is needed". */
function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  const path = (issue?.path ?? []).reduce<string>((before, part) => {
    if (typeof part === "number") return `${before}[${part}]`;
    return before === "" ? String(part) : `${before}.${String(part)}`;
  }, "");
  return `${path === "" ? "The whole" : path}: ${needed(issue)}`;
}

function needed(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "invalid_value")
    return `one of ${issue.values.map(String).join(", ")} is needed`;
  if (issue?.code === "invalid_type") return `${issue.expected} is needed`;
  return "it is not of the expected form";
}
