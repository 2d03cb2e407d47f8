import * as z from "zod/mini";
import { parseDocument } from "./project.ts";

const pipfileSchema = z.object({
  requires: z.optional(
    z.object({
      python_version: z.optional(z.string()),
      python_full_version: z.optional(z.string()),
    }),
  ),
});

/**
 * What a Pipfile says of Python, and in which line; the full version wins, as with Pipenv. Throws a
 * failure where it is no TOML. https://pipenv.pypa.io/en/latest/pipfile.html
 */
export function findPipfilePython(
  file: string,
  text: string,
): { readonly value: string; readonly line: number } | undefined {
  const { requires = {} } = parseDocument(file, text, pipfileSchema);
  const key = KEYS.find((one) => (requires[one] ?? "").trim() !== "");
  const value = key === undefined ? undefined : requires[key];
  if (key === undefined || value === undefined) return undefined;
  const line = text.split("\n").findIndex((each) => each.includes(key)) + 1;
  return { value, line: Math.max(line, 1) };
}

const KEYS = ["python_full_version", "python_version"] as const;
