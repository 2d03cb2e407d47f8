import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseToml, TomlError } from "../../cnb/toml.ts";
import type { Credential } from "../../kit/credentials.ts";
import { type Pylock, pylockSchema, splitCredentials } from "../../python/uv/pylock.ts";
import { failure } from "./failures.ts";

/** The app's own pylock.toml, and the credentials that its URLs had. */
export async function readPylock(
  appDir: string,
  file: string,
): Promise<{ readonly pylock: Pylock; readonly credentials: readonly Credential[] }> {
  return splitCredentials(await parsePylock(appDir, file), { file });
}

async function parsePylock(appDir: string, file: string): Promise<Pylock> {
  let document: unknown;
  try {
    document = parseToml(await readFile(join(appDir, file), "utf8"));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw failure("toml-invalid", { file, line: error.line, issue: error.message }, error);
  }
  const parsed = pylockSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") ?? "";
    throw failure("lock-invalid", { file, issue: `${where}: ${issue?.message ?? "unknown form"}` });
  }
  const version = parsed.data["lock-version"];
  if (!/^1\.\d+$/.test(version))
    throw failure("lock-invalid", { file, issue: `lock-version = "${version}"` });
  return parsed.data;
}
