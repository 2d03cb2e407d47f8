import { pipfileSchema, pythonOfPipfile } from "../../python/pipfile.ts";
import { parseDocument } from "./project.ts";

/** What a Pipfile says of Python, and in which line. Throws a failure where it is no TOML. */
export function findPipfilePython(
  file: string,
  text: string,
): { readonly value: string; readonly line: number } | undefined {
  const found = pythonOfPipfile(parseDocument(file, text, pipfileSchema));
  if (found === undefined) return undefined;
  const line = text.split("\n").findIndex((each) => each.includes(found.key)) + 1;
  return { value: found.value, line: Math.max(line, 1) };
}
