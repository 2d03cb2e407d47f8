import type { Env } from "../../cnb/env.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import {
  type ChannelCredential,
  openChannelText,
  type OpenedText,
  openUrl,
} from "../channel-url.ts";
import type { Origin } from "../../kit/origin.ts";
import { problemAt, type SourceText } from "./source-text.ts";

/** What the URLs of a conda-lock.yml or pixi.lock hold that is not for the lock. */
export interface LockUrls {
  readonly credentials: readonly ChannelCredential[];
  readonly problems: readonly Problem[];
}

/** Only looked through, not parsed: such files have megabytes, and most have no credentials. */
export function readLockUrls(source: SourceText, env: Env): LockUrls {
  const credentials = new Map<string, ChannelCredential>();
  const problems = new Map<string, Problem>();
  for (const [index, line] of source.lines.entries()) {
    if (!/[@$]|\/t\//.test(line)) continue;
    const place = { file: source.file, line: index + 1 };
    for (const [url] of line.matchAll(/(?:git\+)?https?:\/\/[^\s"'<>]+/gi)) {
      const opened = openLocation(url, place, env);
      for (const one of opened.credentials.filter(isGiven)) {
        const { origin: _, ...rest } = one;
        const key = JSON.stringify(rest);
        if (!credentials.has(key)) credentials.set(key, one);
      }
      const { needed } = opened;
      // A variable is in each of a channel's URLs.
      if (needed !== undefined && !problems.has(needed)) {
        problems.set(needed, problemAt(source, place.line, needed));
      }
    }
  }
  return { credentials: [...credentials.values()], problems: [...problems.values()] };
}

/** conda-lock leaves `$USER:$PASSWORD` in its files; without such variables a binding may serve. */
function isGiven(credential: ChannelCredential): boolean {
  const secret = "token" in credential ? credential.token : credential.password;
  return !/^\$[A-Za-z_]\w*$/.test(secret);
}

/** The address of a package, with the values of variables and without credentials. */
export function openLocation(url: string, origin: Origin, env: Env): OpenedText {
  if (/\.(?:conda|tar\.bz2)(?![\w.])/.test(url)) return openChannelText(url, origin, env);
  const opened = openUrl(url, origin, env);
  // The lock would hold it: pip is given users and passwords alone besides the address.
  return /^https?:\/\/[^/?#]+\/t\/[^/]+\/.*\.(?:whl|tar\.gz|zip)(?![\w.])/i.test(opened.text)
    ? { ...opened, needed: "pip needs a user and a password before the host in place of a token" }
    : opened;
}

/** A line for pip with the user and the password of its URL's host, as a requirements file has them. */
export function withLogin(line: string, credentials: readonly ChannelCredential[]): string {
  const [, before = "", host, rest = ""] = /^(.*?\bhttps?:\/\/)([^/?#\s]+)(.*)$/s.exec(line) ?? [];
  if (host === undefined) return line;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const found = credentials.find((one) => one.host.toLowerCase() === name && "login" in one);
  if (found === undefined || !("login" in found)) return line;
  const [login, password] = [found.login, found.password].map(encodeURIComponent);
  return `${before}${login}:${password}@${host}${rest}`;
}
