import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { nearest } from "../../kit/text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { type ChannelCredential, openChannelText } from "../channel-url.ts";
import { byLine, type Line, readSourceText } from "./source-text.ts";
import { type Entry, YamlFile } from "./yaml-file.ts";

/** What conda's configuration says of channels; texts are without credentials. */
export interface Condarc {
  readonly file: string;
  readonly channels: readonly Line[];
  readonly alias: Line | undefined;
  readonly priority: "strict" | "flexible" | "disabled" | undefined;
  /** What `defaults` stands for; undefined where it is not written. */
  readonly defaultChannels: readonly Line[] | undefined;
  /** By name: the address below which a channel of this name lies. */
  readonly customChannels: ReadonlyMap<string, Line>;
  /** By name: the channels that it stands for. */
  readonly customMultichannels: ReadonlyMap<string, readonly Line[]>;
  /** By name or URL of a channel: other places of it. */
  readonly mirroredChannels: ReadonlyMap<string, readonly Line[]>;
  readonly credentials: readonly ChannelCredential[];
  /** Worth a line in the log. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** In the app's root; undefined where there is none. */
export async function readCondarc(appDir: string, env: Env): Promise<Condarc | undefined> {
  for (const file of [".condarc", "condarc"]) {
    const bytes = await readFile(join(appDir, file)).catch(() => undefined);
    if (bytes !== undefined) return parseCondarc(bytes, { file, env });
  }
  return undefined;
}

/** https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/settings.html */
export function parseCondarc(
  bytes: Uint8Array,
  place: { readonly file: string; readonly env: Env },
): Condarc {
  const source = readSourceText(bytes, place.file);
  if ("needed" in source) return { ...NOTHING, file: place.file, problems: [source] };
  return new Reader(new YamlFile(source), place.env).read();
}

const NOTHING = {
  ...{ channels: [], alias: undefined, priority: undefined, defaultChannels: undefined },
  ...{ customChannels: new Map(), customMultichannels: new Map(), mirroredChannels: new Map() },
  ...{ credentials: [], notes: [], problems: [] },
};

class Reader {
  readonly #yaml: YamlFile;
  readonly #env: Env;
  readonly #file: string;
  readonly #credentials: ChannelCredential[] = [];
  readonly #notes: string[] = [];

  constructor(yaml: YamlFile, env: Env) {
    this.#yaml = yaml;
    this.#env = env;
    this.#file = yaml.source.file;
  }

  read(): Condarc {
    const yaml = this.#yaml;
    const entries = yaml.entries(yaml.root) ?? [];
    if (entries.length === 0 && yaml.problems.length === 0 && !yaml.isNothing(yaml.root)) {
      const needed = "Keys and values are needed, for example\nchannels:\n  - conda-forge";
      yaml.wrong(yaml.lineOf(yaml.root), needed);
    }
    const of = (...names: readonly string[]) => entries.find(({ key }) => names.includes(key));
    for (const entry of entries) this.#tellUnused(entry);
    const defaults = of("default_channels");
    const result = {
      file: this.#file,
      channels: this.#channels(of("channels", "channel")),
      alias: this.#alias(of("channel_alias")),
      priority: this.#priority(of("channel_priority")),
      defaultChannels: defaults === undefined ? undefined : this.#channels(defaults),
      customChannels: this.#map(of("custom_channels"), (entry) => this.#alias(entry)),
      customMultichannels: this.#map(of("custom_multichannels"), (entry) => this.#channels(entry)),
      mirroredChannels: this.#map(of("mirrored_channels"), (entry) => this.#channels(entry)),
    };
    return {
      ...result,
      credentials: this.#credentials,
      notes: this.#notes,
      problems: yaml.problems.sort(byLine),
    };
  }

  #channels(entry: Entry | undefined): readonly Line[] {
    if (entry === undefined) return [];
    return this.#yaml.texts(entry, "conda-forge").flatMap((line) => this.#open(line) ?? []);
  }

  #alias(entry: Entry | undefined): Line | undefined {
    if (entry === undefined) return undefined;
    const text = this.#yaml.text(entry.value);
    const line = this.#yaml.lineOfValue(entry);
    const opened = text === undefined ? undefined : this.#open({ text, line });
    if (text !== undefined && opened === undefined) return undefined;
    if (opened !== undefined && /^https?:\/\/[^/]/i.test(opened.text)) return opened;
    this.#yaml.wrong(line, "An address that begins with https:// or http:// is needed");
    return undefined;
  }

  #open({ text, line }: Line): Line | undefined {
    const opened = openChannelText(text.trim(), { file: this.#file, line }, this.#env);
    this.#credentials.push(...opened.credentials);
    if (opened.needed === undefined) return { text: opened.text, line };
    this.#yaml.wrong(line, opened.needed);
    return undefined;
  }

  /** conda reads true as flexible, and false as disabled. */
  #priority(entry: Entry | undefined): Condarc["priority"] {
    if (entry === undefined) return undefined;
    const text = this.#yaml.text(entry.value)?.toLowerCase() ?? "";
    if (text === "strict") return "strict";
    if (text === "flexible" || /^(?:true|yes|on)$/.test(text)) return "flexible";
    if (text === "disabled" || /^(?:false|no|off)$/.test(text)) return "disabled";
    this.#yaml.wrong(entry.line, "The priority is strict, flexible or disabled");
    return undefined;
  }

  #map<Value>(
    entry: Entry | undefined,
    read: (entry: Entry) => Value | undefined,
  ): ReadonlyMap<string, Value> {
    if (entry === undefined || this.#yaml.isNothing(entry.value)) return new Map();
    const entries = this.#yaml.entries(entry.value);
    if (entries === undefined) {
      this.#yaml.wrong(
        this.#yaml.lineOfValue(entry),
        `Names and what they stand for are needed, without '-'\n${entry.key}:\n  name: …`,
      );
    }
    const pairs = (entries ?? []).map((one) => [one.key, read(one)] as const);
    return new Map(pairs.filter((pair): pair is [string, Value] => pair[1] !== undefined));
  }

  #tellUnused({ key, line }: Entry): void {
    const where = `(${this.#file}, line ${line})`;
    const reason = UNUSED[key];
    if (reason !== undefined) this.#notes.push(`Skipping ${key} ${where} because ${reason}`);
    else if (!READ.includes(key) && !OTHERS.has(key)) {
      const [meant] = nearest(key, READ, 1);
      if (meant !== undefined) {
        this.#notes.push(
          `Skipping ${key} ${where} because no such key is known; did you mean ${meant}?`,
        );
      }
    }
  }
}

const READ: readonly string[] = [
  ...["channels", "channel", "channel_alias", "channel_priority", "default_channels"],
  ...["custom_channels", "custom_multichannels", "mirrored_channels"],
];

/** Keys of conda that resemble one that is read. */
const OTHERS: ReadonlySet<string> = new Set(["channel_settings", "migrated_custom_channels"]);

const NOT_SOLVED = "only what the environment's file lists is asked for";
const NO_LIST = "the channels are those that are written";

/** What would change the result with conda. */
const UNUSED: Readonly<Record<string, string>> = {
  ssl_verify: "certificates are always checked; further ones are given by a binding",
  client_ssl_cert: "keys are no part of the app's repository",
  client_ssl_cert_key: "keys are no part of the app's repository",
  proxy_servers: "proxies are given by the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
  pinned_packages: NOT_SOLVED,
  create_default_packages: NOT_SOLVED,
  add_pip_as_python_dependency: NOT_SOLVED,
  allowlist_channels: NO_LIST,
  whitelist_channels: NO_LIST,
  denylist_channels: NO_LIST,
  override_channels_enabled: NO_LIST,
  subdir: "the platform is that of the image",
  subdirs: "the platform is that of the image",
};
