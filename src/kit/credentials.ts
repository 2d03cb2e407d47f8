import type { Env } from "../cnb/env.ts";
import { sha256 } from "./hash.ts";
import { inPrecedence, type Origin } from "./origin.ts";
import { expandVariables } from "./variables.ts";

/** A user name and password that a URL carried. */
export interface Credential {
  readonly host: string;
  readonly login: string;
  readonly password: string;
  readonly origin: Origin;
}

/**
 * Takes the user name and password out of a URL, so that neither a lock, a log, metadata nor a
 * program's arguments ever hold them. The user of an ssh URL is no secret and stays.
 */
export function splitCredential(
  text: string,
  origin: Origin,
): { readonly url: string; readonly credential: Credential | undefined } {
  const [, scheme = "", userinfo, rest = ""] = UNENCODED.exec(text) ?? USUAL.exec(text) ?? [];
  if (userinfo === undefined || /^(?:git\+)?(?:ssh|file):/i.test(scheme)) {
    return { url: text, credential: undefined };
  }
  const [login = "", ...password] = userinfo.split(":");
  // As uv looks for it in a netrc file.
  const host = (/^(?:\[[^\]]*\]|[^:/?#]*)/.exec(rest)?.[0] ?? "").toLowerCase();
  return {
    url: scheme + rest,
    credential: { host, login: decode(login), password: decode(password.join(":")), origin },
  };
}

const USUAL = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#]*)@)?(.*)$/is;

/** People write a password's own "/" and "#" as they are; what follows the ":" is no port then. */
const UNENCODED =
  /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@:]*:(?!\d*(?:[/?#]|$))[^/?#@]*[/?#][^@]*)@(.*)$/is;

/** For a URL that is only told or kept, whose credential is known from elsewhere or not needed. */
export function withoutCredential(url: string): string {
  return splitCredential(url, { file: "" }).url;
}

/**
 * Those of all web addresses in a text, each once, with the lines that they stand in. `${NAME}` and `$NAME`
 * become variables' values; what has a variable that the build lacks opens nothing.
 */
export function credentialsInText(
  text: string,
  env: Env,
  { file }: Pick<Origin, "file">,
): readonly Credential[] {
  const found = new Map<string, Credential>();
  for (const [index, line] of text.split("\n").entries()) {
    for (const [url] of line.matchAll(URLS)) {
      // A database's opens no index.
      if (!/^(?:git\+)?https?:/i.test(url)) continue;
      const { expanded, missing } = expandVariables(url, env);
      const { credential } = splitCredential(expanded, { file, line: index + 1 });
      if (credential === undefined || missing.length > 0) continue;
      const { host, login, password } = credential;
      const key = JSON.stringify([host, login, password]);
      if (!found.has(key)) found.set(key, credential);
    }
  }
  return [...found.values()];
}

/** SHA-256 of a text in which URLs may hold credentials: others of them change nothing. */
export function digestWithoutCredentials(content: string | Uint8Array): string {
  // One character for each byte, whatever the encoding.
  const text = Buffer.from(content).toString("latin1");
  return sha256(Buffer.from(text.replaceAll(URLS, withoutCredential), "latin1"));
}

/** In quotes, in brackets, or with a comma between them; a password may hold a comma itself. */
const URLS =
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/(?:(?![,;|][a-z][a-z0-9+.-]*:\/\/)[^\s"'<>`\\])+/gi;

/** The one that is sent to a URL's host. */
export function credentialFor<Kind extends Credential>(
  url: string,
  credentials: readonly Kind[],
): Kind | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return credentials.find(({ host }) => host === hostname);
}

/** What of it must not be printed: a token often stands where the user's name is. */
export function secretsOf({
  login,
  password,
}: Pick<Credential, "login" | "password">): readonly string[] {
  const isToken = password === "" || login.length >= TOKEN_LENGTH;
  return [password, ...(isToken ? [login] : [])].filter((secret) => secret !== "");
}

const TOKEN_LENGTH = 20;

/** Two different credentials for one host, of which a netrc file can hold only one. */
export interface CredentialConflict {
  readonly kept: Credential;
  readonly dropped: Credential;
}

/** One for each host: of {@link inPrecedence} the first counts. */
export function mergeCredentials(credentials: readonly Credential[]): {
  readonly kept: readonly Credential[];
  readonly conflicts: readonly CredentialConflict[];
} {
  const kept = new Map<string, Credential>();
  const conflicts: CredentialConflict[] = [];
  for (const credential of inPrecedence(credentials)) {
    const first = kept.get(credential.host);
    if (first === undefined) kept.set(credential.host, credential);
    else if (first.login !== credential.login || first.password !== credential.password) {
      conflicts.push({ kept: first, dropped: credential });
    }
  }
  return { kept: [...kept.values()], conflicts };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
