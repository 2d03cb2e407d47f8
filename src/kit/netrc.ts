import { readFile, rm } from "node:fs/promises";
import type { Log } from "./log.ts";
import { type Credential, secretsOf } from "./credentials.ts";

/**
 * The text of a netrc file, which uv, git and curl read. Quoted, since passwords hold blanks and
 * '#'. https://everything.curl.dev/usingcurl/netrc.html
 */
export function netrcText(credentials: readonly Credential[]): string {
  return credentials
    .map(
      ({ host, login, password }) =>
        `machine ${host} login ${quote(login)} password ${quote(password)}\n`,
    )
    .join("");
}

/** What of a netrc file's text must not be printed. */
export function secretsInNetrc(text: string): readonly string[] {
  const entries: { login: string; password: string }[] = [];
  const tokens = [...text.replaceAll(/^\s*#.*$/gm, "").matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)];
  for (const [index, [, , keyword]] of tokens.entries()) {
    const [, quoted, plain = ""] = tokens[index + 1] ?? [];
    const value = quoted?.replaceAll(/\\(.)/gs, "$1") ?? plain;
    const entry = entries.at(-1);
    if (keyword === "machine" || keyword === "default") entries.push({ login: "", password: "" });
    else if (keyword === "login" && entry !== undefined) entry.login = value;
    else if (keyword === "password" && entry !== undefined) entry.password = value;
  }
  return entries.flatMap(secretsOf);
}

/** Does the last work of a build that needs the file: it is gone afterwards, and never printed. */
export async function withNetrc<Result>(
  path: string | undefined,
  log: Pick<Log, "hide">,
  work: () => Promise<Result>,
): Promise<Result> {
  if (path === undefined) return work();
  try {
    for (const secret of secretsInNetrc(await readFile(path, "utf8"))) log.hide(secret);
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
