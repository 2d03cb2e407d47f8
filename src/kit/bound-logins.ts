import type { Values, Way } from "./bound-keys.ts";
import { type Credential, splitCredential } from "./credentials.ts";
import { parseNetrc } from "./netrc.ts";
import type { Origin } from "./origin.ts";

/** The keys with which a binding says how one logs in to a web server. */
export const LOGIN_WAYS: readonly Way[] = [
  { needs: ["username", "password"] },
  { needs: ["token"], may: ["username"] },
  { needs: ["netrc"], hasPlace: true },
  { needs: [".netrc"], hasPlace: true },
];

export interface Logins {
  /** The address that the binding names; absent where it names a host, or has a netrc file alone. */
  readonly url: string | undefined;
  readonly credentials: readonly Credential[];
}

/**
 * What a complete binding opens; `user` is the name that a token alone goes with. Else what is needed,
 * without any value.
 */
export function openLogins(
  values: Values,
  place: readonly string[],
  { origin, user }: { readonly origin: Origin; readonly user: string },
): Logins | string {
  const key = place.find((name) => values.has(name));
  const located = key === undefined ? undefined : locate(values.get(key) ?? "");
  if (key !== undefined && located === undefined) {
    return `The key ${key} must be an address without credentials (https://host/path) or a host`;
  }
  const url = located?.url;
  const file = [".netrc", "netrc"].find((name) => values.has(name));
  if (file !== undefined) {
    const credentials = machinesOf(values.get(file) ?? "", origin);
    return credentials.length > 0
      ? { url, credentials }
      : `The key ${file} must hold lines 'machine HOST login USER password PASSWORD'`;
  }
  const login = values.get("username") ?? user;
  const password = values.get("token") ?? values.get("password") ?? "";
  const long = [...values].find(([, value]) => /[\r\n]/.test(value));
  if (long !== undefined) return `The key ${long[0]} must be one line`;
  return { url, credentials: [{ host: located?.host ?? "", login, password, origin }] };
}

/** Undefined where it is none of the forms. */
function locate(
  place: string,
): { readonly host: string; readonly url: string | undefined } | undefined {
  if (place.includes("://")) {
    const { url, credential } = splitCredential(place.replace(/^git\+/, ""), { file: "" });
    const isPlain = credential === undefined && /^https?:/i.test(url) && URL.canParse(url);
    return isPlain ? { host: new URL(url).hostname, url } : undefined;
  }
  const [, host] = /^((?:[\w-]+\.)*[\w-]+)(?::\d+)?(?:\/\S*)?$/.exec(place) ?? [];
  return host === undefined ? undefined : { host: host.toLowerCase(), url: undefined };
}

/** None where one is incomplete, or meant for all hosts: nobody has said that they may have it. */
function machinesOf(text: string, origin: Origin): readonly Credential[] {
  const entries = parseNetrc(text).map(({ machine, login, password }) =>
    machine === undefined || login === "" || password === ""
      ? undefined
      : { host: machine, login, password, origin },
  );
  const whole = entries.filter((entry) => entry !== undefined);
  return whole.length === entries.length ? whole : [];
}
