import type { Binding } from "../cnb/bindings.ts";
import { splitCredential } from "../kit/credentials.ts";
import type { Origin } from "../kit/origin.ts";
import { listed } from "../kit/text.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import type { HostCredential } from "./credentials.ts";

export interface BoundCredentials {
  readonly credentials: readonly HostCredential[];
  readonly problems: readonly Problem[];
}

/** Of each binding of the type `conda`; `alias` is where channels lie that are given by name. */
export async function readBoundCredentials(
  bindings: readonly Binding[],
  alias: string,
): Promise<BoundCredentials> {
  const credentials: HostCredential[] = [];
  const problems: Problem[] = [];
  for (const binding of bindings.filter(({ type }) => type === "conda")) {
    const origin = { file: `the binding ${binding.name}` };
    const found = judge(await readKeys(binding), origin, alias);
    if (typeof found !== "string") credentials.push(found);
    else problems.push({ origin, line: describeKeys(binding), needed: found });
  }
  return { credentials, problems };
}

/** What opens a host; else what is needed. */
function judge(
  keys: ReadonlyMap<string, string>,
  origin: Origin,
  alias: string,
): HostCredential | string {
  const channel = keys.get("channel");
  if (channel === undefined) {
    return "It needs the key channel: a channel's address, its name, or a host";
  }
  const empty = [...keys].filter(([, value]) => value === "").map(([key]) => key);
  if (empty.length > 0)
    return `The ${empty.length === 1 ? "key" : "keys"} ${listed(empty)} must not be empty`;
  const host = hostOf(channel, alias);
  if (host === undefined) {
    return "The key channel must be an address without credentials (https://host/channel), a name or a host";
  }
  const [way, ...others] = WAYS.filter((names) => names.some((name) => keys.has(name)));
  if (way === undefined)
    return `It needs ${listed(
      WAYS.map((names) => listed(names)),
      "or",
    )} besides channel`;
  if (others.length > 0) {
    const rest = others.map((names) => listed(names)).join(" as well as ");
    return `It has ${listed(way)} as well as ${rest}; keep what the channel's server wants`;
  }
  const missing = way.filter((name) => !keys.has(name));
  if (missing.length > 0) return `It needs the key ${listed(missing)}, too`;
  return credentialOf(keys, { host, origin });
}

/** The ways to open a channel, each with the keys that it needs. */
const WAYS = [["token"], ["conda-token"], ["username", "password"]];

function credentialOf(
  keys: ReadonlyMap<string, string>,
  place: { readonly host: string; readonly origin: Origin },
): HostCredential {
  const token = keys.get("token");
  const inPath = keys.get("conda-token") ?? (TOKEN_IN_PATH.test(place.host) ? token : undefined);
  if (inPath !== undefined) return { ...place, token: inPath };
  if (token !== undefined) return { ...place, bearer: token };
  return { ...place, login: keys.get("username") ?? "", password: keys.get("password") ?? "" };
}

/** https://www.anaconda.com/docs/tools/anaconda-org/user-guide/work-with-tokens */
const TOKEN_IN_PATH = /(?:^|\.)anaconda\.(?:org|com|cloud)$/i;

/** Undefined where it is none of the forms. */
function hostOf(channel: string, alias: string): string | undefined {
  if (channel.includes("://")) {
    const { url, credential } = splitCredential(channel, { file: "" });
    const isPlain = credential === undefined && /^https?:/i.test(url) && !/\/t\//.test(url);
    return isPlain && URL.canParse(url) ? new URL(url).hostname : undefined;
  }
  const [first = ""] = channel.split("/");
  const [, host] = /^((?:\*\.)?(?:[\w-]+\.)+[\w-]+|localhost)(?::\d+)?$/i.exec(first) ?? [];
  if (host !== undefined) return host;
  return /^[\w-][\w./-]*$/.test(channel) ? new URL(alias).hostname : undefined;
}

async function readKeys(binding: Binding): Promise<ReadonlyMap<string, string>> {
  const read = async (key: string) => [key, (await binding.read(key)).trim()] as const;
  const known = new Set(["channel", ...WAYS.flat()]);
  return new Map(await Promise.all(binding.keys.filter((key) => known.has(key)).map(read)));
}

/** Their names alone: any value may be secret. */
function describeKeys({ keys }: Binding): string {
  if (keys.length === 0) return "no keys besides type";
  return `${keys.length === 1 ? "the key" : "the keys"} ${listed(keys)}`;
}
