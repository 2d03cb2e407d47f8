import type { Env } from "../cnb/env.ts";
import { type Credential, digestWithoutCredentials, splitCredential } from "../kit/credentials.ts";
import type { Origin } from "../kit/origin.ts";
import { explainSecretInQuery } from "../kit/query-secrets.ts";
import { withoutUserinfo } from "../kit/redact.ts";
import { expandVariables } from "../kit/variables.ts";

/** What opens a channel: a user's name and password, or a token in the path. */
export type ChannelCredential = Credential | ChannelToken;

/**
 * anaconda.org's `https://host/t/<token>/channel`.
 * https://www.anaconda.com/docs/tools/anaconda-org/user-guide/work-with-tokens
 */
export interface ChannelToken {
  readonly host: string;
  readonly token: string;
  readonly origin: Origin;
}

export interface OpenedText {
  /** With its variables' values and without any credential. */
  readonly text: string;
  readonly credentials: readonly ChannelCredential[];
  /** Why it can't be used. */
  readonly needed?: string;
}

/**
 * The text of a channel, or of anything that begins with a channel's URL. conda puts in the values
 * of variables. https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html
 */
export function openChannelText(text: string, origin: Origin, env: Env): OpenedText {
  const opened = openUrl(text, origin, env);
  if (opened.needed !== undefined) return opened;
  const { text: plain, token } = splitToken(opened.text, origin);
  const credentials = token === undefined ? opened.credentials : [...opened.credentials, token];
  if (/^https?:\/\/[^?#]*\/t\/[\w-]{8,}(?:\/|$)/i.test(plain)) {
    return {
      text: withoutToken(plain),
      credentials,
      needed: `A token stands right behind the host, as in https://${hostPart(plain)}/t/<token>/channel`,
    };
  }
  return { text: plain, credentials };
}

/** The same for a URL that is none of a channel, in which `/t/` means nothing. */
export function openUrl(text: string, origin: Origin, env: Env): OpenedText {
  const { expanded, missing } = expandVariables(text, env);
  if (missing.length > 0) {
    return { text, credentials: [], needed: `The build has no variable ${missing.join(", ")}` };
  }
  const { url, credential } = splitCredential(expanded, origin);
  const credentials = credential === undefined ? [] : [credential];
  const needed = explainSecretInQuery(url);
  return { text: url, credentials, ...(needed === undefined ? {} : { needed }) };
}

/** For messages: no password and no token, also where a slip has left no URL. */
export function withoutSecrets(text: string): string {
  return withoutToken(withoutUserinfo(text)).replaceAll(/[^\s/@"'=]+:[^\s@/"']+@/g, "****@");
}

/** SHA-256 of a lock file, which names addresses of channels: other secrets in them change nothing. */
export function digestWithoutSecrets(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  const plain = text.replaceAll(/(:\/\/[^\s/?#"']+\/t\/)[^\s/?#"']+/gi, "$1");
  return digestWithoutCredentials(Buffer.from(plain, "latin1"));
}

/** Without what people copy along with a channel's URL: an ending slash, a subdir, repodata.json. */
export function trimChannel(text: string): string {
  return text
    .trim()
    .replace(/\/(?:current_)?repodata\.json(?:\.(?:zst|bz2))?$/, "")
    .replace(/\/+$/, "")
    .replace(SUBDIR_AT_END, "")
    .replace(/\/+$/, "");
}

/** "conda-forge/linux-64" is a channel and a subdir of it. */
export function splitSubdir(text: string): { readonly channel: string; readonly subdir: string } {
  const [end = ""] = SUBDIR_AT_END.exec(text) ?? [];
  return { channel: text.slice(0, text.length - end.length), subdir: end.slice(1) };
}

/** https://github.com/conda/conda/blob/main/conda/base/constants.py, KNOWN_SUBDIRS */
const SUBDIR_AT_END =
  /\/(?:noarch|(?:linux|osx|win|emscripten|wasi|freebsd|zos)-(?:32|64|aarch64|arm64|armv6l|armv7l|ppc64|ppc64le|riscv32|riscv64|s390x|wasm32|z))$/;

function splitToken(
  url: string,
  origin: Origin,
): { readonly text: string; readonly token: ChannelToken | undefined } {
  const match = /^(https?:\/\/)([^/?#]+)\/t\/([^/?#]+)(.*)$/is.exec(url);
  if (match === null) return { text: url, token: undefined };
  const [, scheme = "", host = "", token = "", rest = ""] = match;
  return { text: `${scheme}${host}${rest}`, token: { host: hostName(host), token, origin } };
}

function withoutToken(text: string): string {
  return text.replaceAll(/(\/t\/)[^\s/?#"']+/gi, "$1****");
}

function hostPart(url: string): string {
  return /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1] ?? "host";
}

/** As {@link splitCredential} has it: without the port. */
function hostName(host: string): string {
  return /^(?:\[[^\]]*\]|[^:]*)/.exec(host)?.[0] ?? host;
}
