import { stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { type Credential, splitCredential } from "../../kit/credentials.ts";
import { describeOrigin, type Origin } from "../../kit/origin.ts";
import { explainSecretInQuery } from "../../kit/query-secrets.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { credentialsOfNamedIndexes } from "../access/named-indexes.ts";
import {
  type IndexOptions,
  mergeIndexOptions,
  NO_INDEX_OPTIONS,
  type Sourced,
} from "./index-options.ts";
import { isOutside } from "./read-requirements.ts";
import type { Given, Setting, UsedSetting } from "./setting.ts";

/** What settings from outside of the app's list of packages come to. */
export interface CollectedSettings {
  readonly options: IndexOptions;
  /** Constraint files, relative to the app. */
  readonly constraints: readonly string[];
  readonly remoteConstraints: readonly string[];
  readonly credentials: readonly Credential[];
  readonly used: readonly UsedSetting[];
  /** A line for each that can have no effect. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

interface Place {
  readonly appDir: string;
  readonly env: Env;
}

/** Turns settings into options, one after the other: a later one wins where there can be only one. */
export class SettingsCollector {
  readonly #place: Place;
  #options: IndexOptions = NO_INDEX_OPTIONS;
  readonly #constraints: string[] = [];
  readonly #remoteConstraints: string[] = [];
  readonly #credentials: Credential[] = [];
  readonly #used: UsedSetting[] = [];
  readonly #notes: string[] = [];
  readonly #problems: Problem[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  result(): CollectedSettings {
    return {
      options: this.#options,
      constraints: this.#constraints,
      remoteConstraints: this.#remoteConstraints,
      credentials: this.#credentials,
      used: this.#used,
      notes: this.#notes,
      problems: this.#problems,
    };
  }

  async take({ setting, value, origin }: Given): Promise<void> {
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
        `Skipping ${value} (from ${describeOrigin(origin)}) because the build has no such directory; only the app's files are there`,
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
        `Skipping ${value} (from ${describeOrigin(origin)}) because the build has no such file; only the app's files are there`,
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
    this.#used.push({
      setting,
      line: `Using ${setting} ${value} (from ${describeOrigin(origin)})`,
    });
  }
}
