import type { Binding } from "../cnb/bindings.ts";
import { openBindings, type Values } from "../kit/bound-keys.ts";
import { splitCredential } from "../kit/credentials.ts";
import type { Origin } from "../kit/origin.ts";
import type { HostCredential } from "./credentials.ts";

export interface BoundCredentials {
  readonly credentials: readonly HostCredential[];
  readonly notes: readonly string[];
}

/**
 * Of each binding of the type `conda`; `alias` is where channels lie that are given by name. Throws a
 * failure for those that can't be used.
 */
export async function readBoundCredentials(
  bindings: readonly Binding[],
  alias: string,
): Promise<BoundCredentials> {
  const { opened, notes } = await openBindings<HostCredential>(bindings, {
    type: "conda",
    place: ["channel"],
    placeNeeded: "a channel's address, its name, or a host",
    ways: [{ needs: ["token"] }, { needs: ["conda-token"] }, { needs: ["username", "password"] }],
    open(values, origin) {
      const host = hostOf(values.get("channel") ?? "", alias);
      return host === undefined
        ? "The key channel must be an address without credentials (https://host/channel), a name or a host"
        : credentialOf(values, { host, origin });
    },
  });
  return { credentials: opened, notes };
}

function credentialOf(
  keys: Values,
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
