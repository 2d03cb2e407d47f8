import type { Problem } from "../../kit/wrong-lines.ts";
import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative } from "node:path";
import { type Env, readVariable } from "../../cnb/env.ts";
import type { Binding } from "../../cnb/bindings.ts";
import { bindingFailure } from "../../kit/binding-failure.ts";
import { type Credential, splitCredential } from "../../kit/credentials.ts";
import { explainSecretInQuery } from "../../kit/query-secrets.ts";
import { type BoundIndex, readBoundAccess } from "../access/bound-credentials.ts";
import { credentialsOfNamedIndexes } from "../access/named-indexes.ts";
import { decodeText } from "./decode.ts";
import {
  type IndexOptions,
  mergeIndexOptions,
  NO_INDEX_OPTIONS,
  type Sourced,
} from "./index-options.ts";
import { isOutside } from "./read-requirements.ts";
import type { Origin } from "../../kit/origin.ts";

/** What is set outside of the app's list of packages: pip.conf, bindings, pip's and uv's variables. */
export interface IndexSettings {
  readonly options: IndexOptions;
  /** Constraint files, relative to the app. */
  readonly constraints: readonly string[];
  readonly remoteConstraints: readonly string[];
  /** Those of git's bindings, too. */
  readonly credentials: readonly Credential[];
  /** A line for each setting that has an effect. */
  readonly used: readonly string[];
  /** A line for each that can have none. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

export interface IndexPlace {
  readonly appDir: string;
  readonly env: Env;
  readonly bindings: readonly Binding[];
}

/**
 * pip.conf first, then bindings, then variables, each winning over those before it. Other PIP_* and
 * UV_* have no effect. Throws a failure for bindings that can't be used.
 */
export async function readIndexSettings(place: IndexPlace): Promise<IndexSettings> {
  const bound = await readBoundAccess(place.bindings);
  const { problems } = bound;
  if (problems.length > 0) throw bindingFailure("bindings-invalid", { problems });
  const collector = new Collector(place);
  for (const { setting, value, origin } of [
    ...(await readPipConf(place.appDir)),
    ...bound.indexes.map(settingOf),
    ...readVariables(place.env),
  ]) {
    await collector.take(setting, value, origin);
  }
  const read = collector.result();
  return {
    ...read,
    // A variable's before a file's, as with everything else.
    credentials: [
      ...bound.credentials,
      ...read.credentials.filter(({ origin }) => origin.line === undefined),
      ...read.credentials.filter(({ origin }) => origin.line !== undefined),
    ],
    notes: [...bound.notes, ...read.notes],
  };
}

function settingOf({ kind, url, origin }: BoundIndex): Given {
  return { setting: kind === "main" ? "index-url" : "extra-index-url", value: url, origin };
}

type Setting =
  | "index-url"
  | "extra-index-url"
  | "find-links"
  | "no-index"
  | "trusted-host"
  | "constraint"
  | "pre"
  | "no-binary"
  | "only-binary"
  | "prefer-binary"
  | "require-hashes";

interface Given {
  readonly setting: Setting;
  readonly value: string;
  readonly origin: Origin;
}

const SETTINGS: readonly Setting[] = [
  "index-url",
  "extra-index-url",
  "find-links",
  "no-index",
  "trusted-host",
  "constraint",
  "pre",
  "no-binary",
  "only-binary",
  "prefer-binary",
  "require-hashes",
];

/** The later wins where there can be only one. */
const VARIABLES: readonly (readonly [string, Setting])[] = [
  ["PIP_INDEX_URL", "index-url"],
  ["PIP_EXTRA_INDEX_URL", "extra-index-url"],
  ["PIP_FIND_LINKS", "find-links"],
  ["PIP_NO_INDEX", "no-index"],
  ["PIP_TRUSTED_HOST", "trusted-host"],
  ["PIP_CONSTRAINT", "constraint"],
  ["PIP_PRE", "pre"],
  ["PIP_NO_BINARY", "no-binary"],
  ["PIP_ONLY_BINARY", "only-binary"],
  ["PIP_PREFER_BINARY", "prefer-binary"],
  ["PIP_REQUIRE_HASHES", "require-hashes"],
  ["UV_INDEX_URL", "index-url"],
  ["UV_DEFAULT_INDEX", "index-url"],
  ["UV_EXTRA_INDEX_URL", "extra-index-url"],
  ["UV_INDEX", "extra-index-url"],
];

function readVariables(env: Env): readonly Given[] {
  return VARIABLES.flatMap(([name, setting]) => {
    const value = readVariable(env, name)?.trim();
    return value === undefined || value === "" ? [] : [{ setting, value, origin: { file: name } }];
  });
}

/**
 * `pip.conf` in the app's root. pip itself reads such files from the user's and the system's
 * places, which a build does not have. https://pip.pypa.io/en/stable/topics/configuration/
 */
async function readPipConf(appDir: string): Promise<readonly Given[]> {
  const bytes = await readFile(join(appDir, "pip.conf")).catch(() => undefined);
  if (bytes === undefined) return [];
  const given: { setting: Setting; value: string; origin: Origin }[] = [];
  let section = "";
  for (const [index, line] of decodeText(bytes).split(/\r?\n/).entries()) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (name !== undefined) {
      section = name;
      continue;
    }
    if (section !== "global" && section !== "install") continue;
    const last = given.at(-1);
    if (/^\s/.test(line) && last !== undefined) {
      last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const [, key = "", value = ""] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    const setting = SETTINGS.find((known) => known === key.replaceAll("_", "-"));
    if (setting !== undefined) {
      given.push({ setting, value: value.trim(), origin: { file: "pip.conf", line: index + 1 } });
    }
  }
  return given;
}

class Collector {
  readonly #place: Pick<IndexPlace, "appDir" | "env">;
  #options: IndexOptions = NO_INDEX_OPTIONS;
  readonly #constraints: string[] = [];
  readonly #remoteConstraints: string[] = [];
  readonly #credentials: Credential[] = [];
  readonly #used: { readonly setting: Setting; readonly line: string }[] = [];
  readonly #notes: string[] = [];
  readonly #problems: Problem[] = [];

  constructor(place: Pick<IndexPlace, "appDir" | "env">) {
    this.#place = place;
  }

  result(): IndexSettings {
    return {
      options: this.#options,
      constraints: this.#constraints,
      remoteConstraints: this.#remoteConstraints,
      credentials: this.#credentials,
      used: this.#used.map(({ line }) => line),
      notes: this.#notes,
      problems: this.#problems,
    };
  }

  async take(setting: Setting, value: string, origin: Origin): Promise<void> {
    switch (setting) {
      case "index-url": {
        const [url] = this.#urls([value], setting, origin);
        if (url !== undefined) this.#set({ indexUrl: url });
        return;
      }
      case "extra-index-url":
        return this.#set({ extraIndexUrls: this.#urls(value.split(/\s+/), setting, origin) });
      case "find-links":
        for (const place of value.split(/\s+/)) await this.#takeFindLinks(place, origin);
        return;
      case "constraint":
        for (const file of value.split(/\s+/)) await this.#takeConstraint(file, origin);
        return;
      case "trusted-host":
        this.#use(setting, value, origin);
        return this.#set({ trustedHosts: value.split(/\s+/) });
      case "no-binary":
      case "only-binary": {
        const names = value.split(/[\s,]+/);
        if (value !== ":none:") this.#use(setting, value, origin);
        return this.#set(setting === "no-binary" ? { noBinary: names } : { onlyBinary: names });
      }
      case "no-index":
      case "pre":
      case "prefer-binary":
      case "require-hashes":
        return this.#takeFlag(setting, value, origin);
    }
  }

  #takeFlag(setting: Setting, value: string, origin: Origin): void {
    if (!/^(?:1|true|yes|on|y|t)$/i.test(value)) return;
    this.#use(setting, value, origin);
    if (setting === "no-index") this.#set({ noIndex: true });
    if (setting === "pre") this.#set({ pre: true });
    if (setting === "prefer-binary") this.#set({ preferBinary: true });
    if (setting === "require-hashes") this.#set({ requireHashes: true });
  }

  #urls(values: readonly string[], setting: Setting, origin: Origin): readonly Sourced<string>[] {
    return values.flatMap((value) => {
      // uv also takes "name=https://…".
      const [, name, address = value] = /^([\w.-]+)=(https?:.*)$/.exec(value) ?? [];
      const { url, credential } = splitCredential(address, origin);
      const needed = /^(?:https?|file):\/\/\S+$/i.test(url)
        ? explainSecretInQuery(url)
        : "An index is a URL, for example: https://packages.example.com/simple";
      if (needed !== undefined) {
        this.#problems.push({ origin, line: url, needed });
        return [];
      }
      if (credential !== undefined) this.#credentials.push(credential);
      else if (name !== undefined) {
        this.#credentials.push(...credentialsOfNamedIndexes([{ name, url }], this.#place.env));
      }
      this.#use(setting, url, origin);
      return [{ value: url, origin }];
    });
  }

  async #takeFindLinks(value: string, origin: Origin): Promise<void> {
    if (/^https?:\/\//i.test(value)) {
      return this.#set({ findLinks: this.#urls([value], "find-links", origin) });
    }
    const path = await this.#inApp(value);
    if (path === undefined) {
      this.#notes.push(
        `Skipping ${value} (from ${nameOf(origin)}) because the build has no such directory; only the app's files are there`,
      );
      return;
    }
    this.#use("find-links", value, origin);
    this.#set({ findLinks: [{ value: `./${path}`, origin }] });
  }

  async #takeConstraint(value: string, origin: Origin): Promise<void> {
    if (/^https?:\/\//i.test(value)) {
      const [url] = this.#urls([value], "constraint", origin);
      if (url !== undefined) this.#remoteConstraints.push(url.value);
      return;
    }
    const path = await this.#inApp(value);
    if (path === undefined) {
      this.#notes.push(
        `Skipping ${value} (from ${nameOf(origin)}) because the build has no such file; only the app's files are there`,
      );
      return;
    }
    this.#use("constraint", value, origin);
    this.#constraints.push(path);
  }

  /** The path relative to the app; undefined where it is not in it. */
  async #inApp(value: string): Promise<string | undefined> {
    const plain = value.replace(/^file:(?:\/\/)?/, "");
    const path = isAbsolute(plain) ? relative(this.#place.appDir, plain) : normalize(plain);
    if (isOutside(path)) return undefined;
    const stats = await stat(join(this.#place.appDir, path)).catch(() => undefined);
    return stats === undefined ? undefined : path;
  }

  #set(options: Partial<IndexOptions>): void {
    this.#options = mergeIndexOptions(this.#options, { ...NO_INDEX_OPTIONS, ...options });
  }

  #use(setting: Setting, value: string, origin: Origin): void {
    const earlier = this.#used.findIndex((used) => used.setting === "index-url");
    if (setting === "index-url" && earlier >= 0) this.#used.splice(earlier, 1);
    this.#used.push({ setting, line: `Using ${setting} ${value} (from ${nameOf(origin)})` });
  }
}

function nameOf({ file, line }: Origin): string {
  return line === undefined ? file : `${file}, line ${line}`;
}
