import TOML from "@iarna/toml";
import { readFile } from "node:fs/promises";

/** What a TOML document can hold. Integers must be safe JavaScript integers. */
export type TomlValue =
  | string
  | number
  | boolean
  | Date
  | readonly TomlValue[]
  | { readonly [key: string]: TomlValue | undefined };

export type TomlTable = { readonly [key: string]: TomlValue | undefined };

export class TomlError extends Error {
  override readonly name = "TomlError";
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

/** Throws a {@link TomlError} with the line, counted from 1, where the text is not TOML. */
export function parseToml(text: string): Record<string, unknown> {
  try {
    return TOML.parse(text);
  } catch (error) {
    const { line, message } = error as { line?: number; message: string };
    const reason = message.split("\n")[0] ?? message;
    throw new TomlError(reason, line === undefined ? undefined : line + 1);
  }
}

export function formatToml(table: TomlTable): string {
  return TOML.stringify(withoutUndefined(table) as TOML.JsonMap);
}

/** The parsed file, or undefined where there is none. */
export async function readTomlIfPresent(
  path: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return parseToml(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, withoutUndefined(inner)]),
  );
}
