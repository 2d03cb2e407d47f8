import type { Origin } from "./origin.ts";

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
  const host = /^(?:\[[^\]]*\]|[^:/?#]*)/.exec(rest)?.[0] ?? "";
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

/** The first one for a host counts. */
export function mergeCredentials(credentials: readonly Credential[]): {
  readonly kept: readonly Credential[];
  readonly conflicts: readonly CredentialConflict[];
} {
  const kept = new Map<string, Credential>();
  const conflicts: CredentialConflict[] = [];
  for (const credential of credentials) {
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
