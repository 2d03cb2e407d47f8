import { splitSubdir, trimChannel } from "./channel-url.ts";
import type { Condarc } from "./inputs/condarc.ts";

/** The addresses of a channel that is written by name or as a URL, or why it has none. */
export type ChannelAddress = { readonly urls: readonly string[] } | { readonly needed: string };

export type Addresses = Pick<
  Condarc,
  "customChannels" | "customMultichannels" | "defaultChannels"
> & { readonly alias: string };

/** Where channels lie that are written by name alone. */
export const USUAL_ALIAS = "https://conda.anaconda.org";

/**
 * conda's order: names that stand for several channels, names with a place of their own, the alias.
 * https://github.com/conda/conda/blob/main/conda/models/channel.py
 */
export function addressesOf(written: string, known: Addresses): ChannelAddress {
  const channel = trimChannel(written);
  if (/^https?:\/\//i.test(channel)) {
    return /^https?:\/\/[^/\s]+(?:\/\S+)?$/i.test(channel)
      ? { urls: [channel] }
      : { needed: "A channel's address has no blanks" };
  }
  const needed = whyNoName(channel);
  if (needed !== undefined) return { needed };
  const members =
    known.customMultichannels.get(channel) ??
    (channel === "defaults" ? known.defaultChannels : undefined);
  if (members !== undefined) {
    const others = { ...known, customMultichannels: new Map(), defaultChannels: undefined };
    const found = members.map(({ text }) => addressesOf(text, others));
    const wrong = found.find((one) => "needed" in one);
    return wrong ?? { urls: found.flatMap((one) => ("urls" in one ? one.urls : [])) };
  }
  return channel === "defaults" ? { urls: DEFAULTS } : { urls: [urlOf(channel, known)] };
}

/** Whether Anaconda's terms of use apply: https://www.anaconda.com/legal */
export function isOfAnaconda(url: string): boolean {
  return (
    /^https?:\/\/(?:repo\.anaconda\.com|repo\.continuum\.io|repo\.anaconda\.cloud)\//i.test(url) ||
    /^https?:\/\/conda\.anaconda\.org\/(?:anaconda|main|r|msys2)(?:\/|$)/i.test(url)
  );
}

/** Without msys2, which is for Windows. */
const DEFAULTS: readonly string[] = [
  "https://repo.anaconda.com/pkgs/main",
  "https://repo.anaconda.com/pkgs/r",
];

/** conda's DEFAULT_CUSTOM_CHANNELS: "pkgs/main" and its like. */
const ANACONDA = "https://repo.anaconda.com";

function urlOf(name: string, { customChannels, alias }: Addresses): string {
  const [first = ""] = name.split("/");
  const [, sub = ""] = /^([^/]+\/[^/]+)/.exec(name) ?? [];
  const custom = customChannels.get(name) ?? customChannels.get(sub) ?? customChannels.get(first);
  const place = custom?.text ?? (first === "pkgs" ? ANACONDA : alias);
  return `${place.replace(/\/+$/, "")}/${name}`;
}

function whyNoName(channel: string): string | undefined {
  if (channel === "local") {
    return "'local' is what conda-build makes on one's own machine; put the packages on a server, and write its address";
  }
  if (/^(?:file:|[.~/\\]|[A-Za-z]:[\\/])/.test(channel)) {
    return "Channels are read over the network; put the directory on a server, and write its address";
  }
  if (/^[a-z0-9+.-]+:\/\//i.test(channel)) {
    return "A channel's address begins with https:// or http://";
  }
  if (/^[\w.-]+\.(?:com|org|io|net|dev|cloud)\//.test(channel)) {
    return `An address needs https:// before it: https://${channel}`;
  }
  return /^[A-Za-z0-9_][\w.-]*(?:\/[\w.-]+)*$/.test(splitSubdir(channel).channel)
    ? undefined
    : "A channel's name has letters, digits, '-', '_' and '.' only";
}
