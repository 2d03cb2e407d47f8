import type { Origin } from "../kit/origin.ts";
import { listed, nearest } from "../kit/text.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import { readMirrors } from "./channel-mirrors.ts";
import { type Addresses, addressesOf, isOfAnaconda, USUAL_ALIAS } from "./channel-names.ts";
import { type ChannelCredential, openChannelText, withoutSecrets } from "./channel-url.ts";
import type { Condarc } from "./inputs/condarc.ts";
import { readMatchSpec } from "./inputs/match-spec.ts";
import type { Line } from "./inputs/source-text.ts";

const ALIAS_SETTING = "BP_CONDA_CHANNEL_ALIAS";

export interface ChannelRequest {
  /** Of environment.yml; `specs` may name channels, too. */
  readonly environment: {
    readonly file: string;
    readonly channels: readonly Line[];
    readonly specs: readonly Line[];
  };
  readonly condarc: Condarc | undefined;
  /** BP_CONDA_CHANNEL_ALIAS */
  readonly alias: string | undefined;
  /** BP_CONDA_MIRRORS */
  readonly mirrors: readonly string[];
}

export interface Channels {
  /** URLs, in the order of their priority. */
  readonly urls: readonly string[];
  /** Where each URL was written; those that nobody wrote are not there. */
  readonly origins: ReadonlyMap<string, { readonly origin: Origin; readonly text: string }>;
  /** The specs with the URLs of the channels that they name: the engine knows no alias. */
  readonly specs: readonly string[];
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly priority: "strict" | "disabled";
  /** Of the settings; those of files come with the files. */
  readonly credentials: readonly ChannelCredential[];
  /** Lines for the log. */
  readonly notes: readonly string[];
  readonly warnings: readonly { readonly title: string; readonly body: string }[];
  readonly problems: readonly Problem[];
}

/** Which channels are searched, in which order. */
export function chooseChannels(request: ChannelRequest): Channels {
  const { environment, condarc } = request;
  const aliased = readAlias(request);
  const known: Addresses = {
    alias: aliased.alias,
    customChannels: condarc?.customChannels ?? new Map(),
    customMultichannels: condarc?.customMultichannels ?? new Map(),
    defaultChannels: condarc?.defaultChannels,
  };
  const listedChannels = listChannels(request);
  const notes = [...listedChannels.notes];
  const problems: Problem[] = [];
  const found = listedChannels.channels.map((channel) => {
    const address = addressesOf(channel.text, known);
    if ("urls" in address) return { channel, urls: address.urls };
    problems.push(problemOf(channel, address.needed));
    return { channel, urls: [] };
  });
  const specs = environment.specs.map((spec) => {
    const placed = placeSpec(spec, known);
    if (!("needed" in placed)) return placed;
    const origin = { file: environment.file, line: spec.line };
    problems.push({ origin, line: withoutSecrets(spec.text), needed: placed.needed });
    return { text: spec.text, urls: [] };
  });
  // Those that only a spec names come last, as with conda:
  // https://github.com/conda/conda-libmamba-solver/blob/main/conda_libmamba_solver/solver.py
  const urls = [...new Set([...found, ...specs].flatMap((one) => one.urls))];
  const mirrored = readMirrors(request.mirrors, condarc, known);
  return {
    urls,
    origins: originsOf(environment, { found, specs }),
    specs: specs.map(({ text }) => text),
    mirrors: mirrored.mirrors,
    priority: condarc?.priority === "disabled" ? "disabled" : "strict",
    credentials: [...aliased.credentials, ...mirrored.credentials],
    notes: [...notes, ...priorityNotes(condarc)],
    warnings: warningsOf(urls, found),
    problems: [...aliased.problems, ...problems, ...mirrored.problems],
  };
}

/** The first counts, as it does for the order. */
function originsOf(
  environment: ChannelRequest["environment"],
  { found, specs }: PlacedChannels,
): Channels["origins"] {
  const ofSpecs = environment.specs.map((line, index) => ({
    channel: { ...line, file: environment.file },
    urls: specs[index]?.urls ?? [],
  }));
  const written = [...found, ...ofSpecs].filter(({ channel }) => channel !== FORGE);
  return new Map(
    written.toReversed().flatMap(({ channel: { file, line, text }, urls }) => {
      const origin = line === 0 ? { file } : { file, line };
      return urls.map((url) => [url, { origin, text: withoutSecrets(text) }] as const);
    }),
  );
}

interface PlacedChannels {
  readonly found: readonly { readonly channel: Written; readonly urls: readonly string[] }[];
  readonly specs: readonly { readonly urls: readonly string[] }[];
}

interface Written extends Line {
  readonly file: string;
}

function problemOf({ file, line, text }: Written, needed: string): Problem {
  const origin = line === 0 ? { file } : { file, line };
  return { origin, line: withoutSecrets(text), needed };
}

function readAlias({ alias, condarc }: ChannelRequest): {
  readonly alias: string;
  readonly credentials: readonly ChannelCredential[];
  readonly problems: readonly Problem[];
} {
  if (alias === undefined) {
    return { alias: condarc?.alias?.text ?? USUAL_ALIAS, credentials: [], problems: [] };
  }
  const origin = { file: ALIAS_SETTING, kind: "variable" as const };
  const { text, credentials, needed } = openChannelText(alias, origin, {});
  const problems = needed === undefined ? [] : [{ origin, line: withoutSecrets(alias), needed }];
  return { alias: text, credentials, problems };
}

/**
 * Those of environment.yml, then those of .condarc unless `nodefaults` is written.
 * https://github.com/conda/ceps/blob/main/cep-0024.md#channels
 */
function listChannels({ environment, condarc }: ChannelRequest): {
  readonly channels: readonly Written[];
  readonly notes: readonly string[];
} {
  const written = environment.channels.map((line) => ({ ...line, file: environment.file }));
  const configured = (condarc?.channels ?? []).map((line) => ({
    ...{ ...line, file: condarc?.file ?? "" },
  }));
  const own = written.filter(isChannel);
  const others = configured.filter(isChannel);
  const isClosed = own.length < written.length;
  const noDefaults = isClosed || others.length < configured.length;
  const notes: string[] = [];
  // Without any of its own, `nodefaults` leaves those of .condarc.
  const skipsOthers = isClosed && own.length > 0;
  if (skipsOthers && others.length > 0) {
    const names = listed(others.map(({ text }) => withoutSecrets(text)));
    notes.push(
      `Skipping the channels of ${condarc?.file} (${names}) because ${environment.file} says nodefaults`,
    );
  }
  const taken = skipsOthers ? own : [...own, ...others];
  const channels = taken.filter(({ text }) => !(noDefaults && text === "defaults"));
  if (channels.length < taken.length) notes.push("Skipping defaults because of nodefaults");
  notes.push(...channels.flatMap(misspeltNote));
  const usesForge =
    channels.length === 0 || !(noDefaults || others.length > 0 || channels.some(isWhole));
  if (!usesForge) return { channels, notes };
  const names = listed(channels.map(({ text }) => withoutSecrets(text)));
  const why =
    channels.length === 0
      ? "because no channel is named; conda would take Anaconda's defaults"
      : `after ${names}, where conda would take Anaconda's defaults; nodefaults keeps it out`;
  return {
    channels: [...channels, FORGE],
    notes: [...notes, `Using the channel conda-forge ${why}`],
  };
}

function isChannel({ text }: Line): boolean {
  return text !== "nodefaults";
}

function misspeltNote({ text, file, line }: Written): readonly string[] {
  if (KNOWN.includes(text)) return [];
  const [meant] = nearest(text, KNOWN, 1);
  return meant === undefined
    ? []
    : [`Using the channel ${withoutSecrets(text)} (${file}, line ${line}); did you mean ${meant}?`];
}

const KNOWN: readonly string[] = ["conda-forge", "nodefaults", "defaults"];

const FORGE: Written = { text: "conda-forge", file: "", line: 0 };

/** Channels that hold everything that others build upon; an address is taken for one. */
function isWhole({ text }: Line): boolean {
  return (
    text.includes("://") || /^(?:conda-forge|defaults|anaconda|main|pkgs\/main)(?:\/|$)/.test(text)
  );
}

/** A spec with its channel's URL in place of a name. */
function placeSpec(
  { text }: Line,
  known: Addresses,
): { readonly text: string; readonly urls: readonly string[] } | { readonly needed: string } {
  const { channel, subdir, rest } = readMatchSpec(text);
  if (channel === undefined) return { text, urls: [] };
  const found = addressesOf(channel, known);
  if ("needed" in found) return found;
  const [url = ""] = found.urls;
  const plain = rest.replace(/,?\s*\bchannel\s*=\s*(?:"[^"]*"|'[^']*'|[^,\]]+)/, "");
  const bracket = plain.replace(/\[\s*,?\s*/, "[").replace("[]", "");
  return { text: `${url}${subdir === "" ? "" : `/${subdir}`}::${bracket}`, urls: found.urls };
}

function priorityNotes(condarc: Condarc | undefined): readonly string[] {
  if (condarc?.priority !== "flexible") return [];
  return [
    `Using strict channel priority, not flexible (${condarc.file}): a package comes from the first channel that has its name`,
  ];
}

function warningsOf(
  urls: readonly string[],
  found: readonly { readonly channel: Written; readonly urls: readonly string[] }[],
): Channels["warnings"] {
  if (!urls.some(isOfAnaconda)) return [];
  const written = found.find((one) => one.urls.some(isOfAnaconda))?.channel;
  const where =
    written === undefined
      ? ""
      : ` (${withoutSecrets(written.text)}: ${written.file}, line ${written.line})`;
  return [termsOfAnaconda(where)];
}

/** To be told wherever Anaconda's packages are installed: https://www.anaconda.com/legal */
export function termsOfAnaconda(where: string): Channels["warnings"][number] {
  return {
    title: `Packages come from Anaconda's channels${where}`,
    body: "Organisations of more than 200 people need a licence for them: https://www.anaconda.com/legal\nconda-forge needs none; for it alone write the channels conda-forge and nodefaults.",
  };
}
