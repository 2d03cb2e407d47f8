import type { Problem } from "../kit/wrong-lines.ts";
import { type Addresses, addressesOf } from "./channel-names.ts";
import {
  type ChannelCredential,
  openChannelText,
  trimChannel,
  withoutSecrets,
} from "./channel-url.ts";
import type { Condarc } from "./inputs/condarc.ts";

const MIRRORS_SETTING = "BP_CONDA_MIRRORS";

/** Other places of channels, by URL: asked in their place, in this order. */
export interface Mirrors {
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly credentials: readonly ChannelCredential[];
  readonly problems: readonly Problem[];
}

/** The setting's before .condarc's `mirrored_channels`. */
export function readMirrors(
  setting: readonly string[],
  condarc: Pick<Condarc, "file" | "mirroredChannels"> | undefined,
  known: Addresses,
): Mirrors {
  const mirrors: Record<string, string[]> = {};
  const problems: Problem[] = [];
  const credentials: ChannelCredential[] = [];
  const add = (channel: string, mirror: string) => {
    const found = addressesOf(channel, known);
    if ("needed" in found) return found.needed;
    if (!/^https?:\/\/[^/]/i.test(mirror)) {
      return "A mirror's address begins with https:// or http://";
    }
    for (const url of found.urls) {
      // A channel of several addresses is mirrored with the same names: …/main and …/r.
      const own = found.urls.length === 1 ? "" : `/${url.split("/").at(-1)}`;
      const all = (mirrors[url] ??= []);
      const place = trimChannel(mirror) + own;
      if (!all.includes(place)) all.push(place);
    }
    return undefined;
  };
  for (const item of setting) {
    const origin = { file: MIRRORS_SETTING, kind: "variable" as const };
    const [, channel = "", address = ""] = /^(.+?)=(https?:\/\/.*)$/i.exec(item) ?? [];
    const { text, credentials: found } = openChannelText(address, origin, {});
    credentials.push(...found);
    const needed =
      channel === ""
        ? "A channel, '=' and an address are needed: conda-forge=https://mirror.example/conda-forge"
        : add(channel, text);
    if (needed !== undefined) problems.push({ origin, line: withoutSecrets(item), needed });
  }
  for (const [channel, places] of condarc?.mirroredChannels ?? []) {
    for (const { text, line } of places) {
      const needed = add(channel, text);
      const origin = { file: condarc?.file ?? "", line };
      if (needed !== undefined) problems.push({ origin, line: withoutSecrets(text), needed });
    }
  }
  return { mirrors, credentials, problems };
}
