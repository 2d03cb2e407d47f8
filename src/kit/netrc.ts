import { readFile, rm } from "node:fs/promises";
import type { Log } from "./log.ts";
import { type Credential, secretsOf } from "./credentials.ts";

/**
 * The text of a netrc file, which uv, git and curl read. Quoted, since passwords hold blanks and
 * '#'. https://everything.curl.dev/usingcurl/netrc.html
 */
export function netrcText(
  credentials: readonly Pick<Credential, "host" | "login" | "password">[],
): string {
  return credentials
    .map(
      ({ host, login, password }) =>
        `machine ${host} login ${quote(login)} password ${quote(password)}\n`,
    )
    .join("");
}

/** One machine of a netrc file, in lower case as in URLs; without a name it is the entry `default`, for all others. */
export interface NetrcEntry {
  readonly machine: string | undefined;
  readonly login: string;
  readonly password: string;
}

/** https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: { machine: string | undefined; login: string; password: string }[] = [];
  const lasting = text
    .replaceAll(/^\s*#.*$/gm, "")
    .replaceAll(/^\s*macdef\b[^]*?(?:\n\s*\n|$(?!\n))/gm, "");
  const words = [...lasting.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)].map(
    ([, quoted, plain = ""]) => quoted?.replaceAll(/\\(.)/gs, "$1") ?? plain,
  );
  for (let index = 0; index < words.length; index += 1) {
    const [keyword, value = ""] = words.slice(index, index + 2);
    const entry = entries.at(-1);
    if (keyword === "default") {
      entries.push({ machine: undefined, login: "", password: "" });
      continue;
    }
    index += 1;
    if (keyword === "machine") {
      entries.push({ machine: value.toLowerCase(), login: "", password: "" });
    } else if (keyword === "login" && entry !== undefined) entry.login = value;
    else if (keyword === "password" && entry !== undefined) entry.password = value;
  }
  return entries;
}

/** What of a netrc file's text must not be printed. */
export function secretsInNetrc(text: string): readonly string[] {
  return parseNetrc(text).flatMap(secretsOf);
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
