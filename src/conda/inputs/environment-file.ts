import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { nearest } from "../../kit/text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { RESERVED_VARIABLES } from "../activation/reserved-variables.ts";
import { type ChannelCredential, openChannelText } from "../channel-url.ts";
import { type Dependencies, readDependencies } from "./dependencies.ts";
import { findElsewhere } from "./made-elsewhere.ts";
import { applySelectors } from "./selectors.ts";
import { byLine, type Line, problemAt, readSourceText, type SourceText } from "./source-text.ts";
import { explainNoMap } from "./wrong-files.ts";
import { type Entry, YamlFile } from "./yaml-file.ts";

export interface EnvironmentFile {
  readonly file: string;
  /** As they are written, `nodefaults` too; without credentials, with the values of variables. */
  readonly channels: readonly Line[];
  /** Match specs, without credentials. */
  readonly specs: readonly Line[];
  /** Lines of a requirements file, with credentials and `${NAME}` as they are written. */
  readonly pip: readonly Line[] | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly credentials: readonly ChannelCredential[];
  /** Worth a line in the log. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

export interface InputPlace {
  /** Relative to the app. */
  readonly file: string;
  /** Of the image: "linux-64". */
  readonly subdir: string;
  readonly env: Env;
}

export async function readEnvironmentFile(
  appDir: string,
  place: InputPlace,
): Promise<EnvironmentFile> {
  return parseEnvironmentFile(await readFile(join(appDir, place.file)), place);
}

/** https://github.com/conda/ceps/blob/main/cep-0024.md */
export function parseEnvironmentFile(bytes: Uint8Array, place: InputPlace): EnvironmentFile {
  const source = readSourceText(bytes, place.file);
  if ("needed" in source) return { ...nothing(place.file), problems: [source] };
  const selected = applySelectors(source, place.subdir);
  const yaml = new YamlFile(selected.source);
  const parsed = new Reader(yaml, place).read(source);
  const problems = [...selected.problems, ...parsed.problems];
  return { ...parsed, problems: problems.sort(byLine) };
}

class Reader {
  readonly #yaml: YamlFile;
  readonly #place: InputPlace;
  readonly #credentials: ChannelCredential[] = [];
  readonly #notes: string[] = [];

  constructor(yaml: YamlFile, place: InputPlace) {
    this.#yaml = yaml;
    this.#place = place;
  }

  read(written: SourceText): EnvironmentFile {
    const yaml = this.#yaml;
    const { file } = this.#place;
    const entries = yaml.entries(yaml.root) ?? [];
    if (yaml.problems.length > 0) return { ...nothing(file), problems: yaml.problems };
    if (entries.length === 0) {
      const { line, needed } = explainNoMap(written, yaml.root === null);
      return { ...nothing(file), problems: [problemAt(written, line, needed)] };
    }
    const of = (key: string) => entries.find((entry) => entry.key === key);
    this.#tellUnused(entries);
    const dependencies = this.#readDependencies(
      of("dependencies"),
      entries,
      yaml.text(of("prefix")?.value ?? null),
    );
    const channels = of("channels");
    this.#checkName(of("name"));
    const result = {
      file,
      channels: channels === undefined ? [] : this.#readChannels(channels),
      specs: dependencies.specs.map((spec) => this.#withoutCredential(spec)),
      pip: dependencies.pip,
      variables: this.#readVariables(of("variables")),
    };
    this.#checkPlatforms(of("platforms"));
    return {
      ...result,
      credentials: this.#credentials,
      notes: this.#notes,
      problems: yaml.problems,
    };
  }

  #readDependencies(
    entry: Entry | undefined,
    entries: readonly Entry[],
    prefix: string | undefined,
  ): Dependencies {
    if (entry === undefined) {
      const meant = entries.find(({ key }) => nearest(key, ["dependencies"], 1).length > 0);
      const line = (meant ?? entries[0])?.line ?? 1;
      const what = "There is no key dependencies, which lists what is installed";
      this.#yaml.wrong(
        line,
        meant === undefined
          ? `${what}\ndependencies:\n  - python=3.12`
          : `${what}; did you mean that?`,
      );
      for (const { key, line: place } of entries) {
        if (key === "channels" || nearest(key, ["channels"], 1).length === 0) continue;
        this.#yaml.wrong(place, `No key ${key} is known; did you mean channels?`);
      }
      return { specs: [], pip: undefined };
    }
    const read = readDependencies(this.#yaml, entry, this.#place.subdir);
    const { specs, pip = [] } = read;
    const made = { specs, prefix, hasPip: pip.length > 0 };
    const elsewhere = findElsewhere(made, this.#place.subdir);
    if (elsewhere !== undefined) this.#yaml.wrong(elsewhere.line, elsewhere.needed);
    return read;
  }

  /** The environment has its own place in the image; a name that is none is a mistake all the same. */
  #checkName(entry: Entry | undefined): void {
    if (entry === undefined || this.#yaml.isNothing(entry.value)) return;
    if (this.#yaml.text(entry.value) === undefined) {
      this.#yaml.wrong(entry.line, "A name is a single word");
    }
  }

  #readChannels(entry: Entry): readonly Line[] {
    return this.#yaml.texts(entry, "conda-forge").flatMap(({ text, line }) => {
      const origin = { file: this.#place.file, line };
      const opened = openChannelText(text.trim(), origin, this.#place.env);
      this.#credentials.push(...opened.credentials);
      if (opened.needed !== undefined) this.#yaml.wrong(line, opened.needed);
      return opened.needed === undefined ? [{ text: opened.text, line }] : [];
    });
  }

  /** A spec may begin with a channel's URL; conda puts variables into channels alone. */
  #withoutCredential({ text, line }: Line): Line {
    if (!text.includes("://")) return { text, line };
    const opened = openChannelText(text, { file: this.#place.file, line }, {});
    this.#credentials.push(...opened.credentials);
    if (opened.needed !== undefined) this.#yaml.wrong(line, opened.needed);
    return { text: opened.text, line };
  }

  #readVariables(entry: Entry | undefined): Readonly<Record<string, string>> {
    if (entry === undefined || this.#yaml.isNothing(entry.value)) return {};
    const entries = this.#yaml.entries(entry.value);
    if (entries === undefined) {
      this.#yaml.wrong(
        this.#yaml.lineOfValue(entry),
        "Names and values are needed, without '-'\nvariables:\n  NAME: value",
      );
    }
    return Object.fromEntries(
      (entries ?? []).flatMap(({ key, line, value }) => {
        const text = this.#yaml.isNothing(value) ? "" : this.#yaml.text(value);
        if (!/^[A-Za-z_]\w*$/.test(key)) {
          this.#yaml.wrong(line, "A variable's name has letters, digits and '_' only");
        } else if (RESERVED_VARIABLES.has(key.toUpperCase())) {
          this.#yaml.wrong(line, `conda sets ${key.toUpperCase()} itself; remove the line`);
        } else if (text === undefined) {
          this.#yaml.wrong(line, "A variable has one value; write it as text, in quotation marks");
        } else return [[key, text]];
        return [];
      }),
    );
  }

  #checkPlatforms(entry: Entry | undefined): void {
    if (entry === undefined) return;
    const { subdir } = this.#place;
    const platforms = this.#yaml.texts(entry, subdir);
    const noarch = platforms.find(({ text }) => text === "noarch");
    if (noarch !== undefined) {
      this.#yaml.wrong(noarch.line, "noarch is no platform; remove it");
    }
    if (platforms.length > 0 && !platforms.some(({ text }) => text === subdir)) {
      const missing = `The image is ${subdir}, which is not among the platforms; add it\n- ${subdir}`;
      this.#yaml.wrong(entry.line, missing);
    }
  }

  /** Other keys must be ignored, and told: CEP 24. */
  #tellUnused(entries: readonly Entry[]): void {
    for (const { key, line } of entries.filter((entry) => !READ.has(entry.key))) {
      const [meant] = nearest(key.toLowerCase(), KEYS, 1);
      const reason =
        UNUSED[key] ??
        `no such key is known${meant === undefined ? "" : `; did you mean ${meant}?`}`;
      this.#notes.push(`Skipping ${key} (${this.#place.file}, line ${line}) because ${reason}`);
    }
  }
}

const READ: ReadonlySet<string> = new Set([
  ...["name", "channels", "dependencies", "variables", "platforms"],
]);

const UNUSED: Readonly<Record<string, string>> = {
  prefix: "the environment has its own place in the image",
  category: "one environment is installed, whatever its category",
  pip: "requirements of pip are an item of dependencies, '- pip:' with a list of its own",
};

const KEYS: readonly string[] = [...READ, "prefix", "category"];

function nothing(file: string): EnvironmentFile {
  return {
    ...{ file, channels: [], specs: [], pip: undefined, variables: {} },
    ...{ credentials: [], notes: [], problems: [] },
  };
}
