import { nearest } from "../../kit/text.ts";
import { evaluateSelector } from "./selectors.ts";
import type { Line } from "./source-text.ts";
import { explainWrongPipLine, explainWrongSpec } from "./wrong-specs.ts";
import type { Entry, YamlFile, YamlNode } from "./yaml-file.ts";
import { explainYamlLine } from "./yaml-mistakes.ts";

export interface Dependencies {
  readonly specs: readonly Line[];
  /** Lines of a requirements file; undefined where there is no `pip:`. */
  readonly pip: readonly Line[] | undefined;
}

/** https://github.com/conda/ceps/blob/main/cep-0024.md#dependencies */
export function readDependencies(yaml: YamlFile, entry: Entry, subdir: string): Dependencies {
  const reader = new Reader(yaml, subdir);
  const { value, line } = entry;
  const items = yaml.items(value);
  if (items === undefined && !yaml.isNothing(value)) {
    yaml.wrong(...notAList(yaml, entry));
  } else if (items === undefined || items.length === 0) {
    yaml.wrong(line, "Nothing is listed; write what is installed, for example\n- python=3.12");
  }
  for (const [index, item] of (items ?? []).entries()) {
    reader.take(item, { listLine: line, next: items?.[index + 1] });
  }
  return { specs: reader.specs, pip: reader.pip };
}

interface Surroundings {
  readonly listLine: number;
  /** The item below. */
  readonly next: YamlNode | undefined;
}

class Reader {
  readonly #yaml: YamlFile;
  readonly #subdir: string;
  readonly specs: Line[] = [];
  pip: readonly Line[] | undefined;
  #pipLine = 0;

  constructor(yaml: YamlFile, subdir: string) {
    this.#yaml = yaml;
    this.#subdir = subdir;
  }

  take(item: YamlNode, { listLine, next }: Surroundings): void {
    const yaml = this.#yaml;
    const line = item === null ? listLine : yaml.lineOf(item);
    const further = yaml.furtherLine(item);
    const text = yaml.text(item)?.trim();
    const entries = yaml.entries(item);
    if (further !== undefined) {
      yaml.wrong(further, "The line is indented otherwise than the items above, and continues one");
    } else if (text !== undefined) {
      this.#takeSpec(text, line);
    } else if (entries !== undefined) {
      for (const entry of entries) this.#takeEntry(entry, next);
    } else {
      const known = explainYamlLine(yaml.source.lines[line - 1] ?? "");
      yaml.wrong(line, known ?? "An item is empty, or a list; the name of a package is needed");
    }
  }

  #takeSpec(text: string, line: number): void {
    const needed = text === "" ? "The item is empty; remove it" : explainWrongSpec(text);
    if (needed === undefined) this.specs.push({ text, line });
    else this.#yaml.wrong(line, needed);
  }

  #takeEntry(entry: Entry, next: YamlNode | undefined): void {
    const { key, line, value } = entry;
    const [, expression] = /^sel\((.*)\)$/.exec(key) ?? [];
    if (expression !== undefined) return this.#takeSelected(expression, entry);
    if (key === "pip") return this.#takePip(entry, next);
    const text = this.#yaml.text(value);
    this.#yaml.wrong(line, explainKey(this.#yaml, key, text, line));
  }

  /** https://github.com/conda/ceps/blob/main/cep-0024.md#dictionary-based-selectors */
  #takeSelected(expression: string, { line, value }: Entry): void {
    const verdict = evaluateSelector(expression, this.#subdir);
    const text = this.#yaml.text(value)?.trim();
    if ("needed" in verdict) this.#yaml.wrong(line, verdict.needed);
    else if (text === undefined) {
      this.#yaml.wrong(line, "A package is needed behind it, for example\n- sel(linux): numpy");
    } else if (verdict.holds) this.#takeSpec(text, line);
  }

  #takePip(entry: Entry, next: YamlNode | undefined): void {
    const { line, value } = entry;
    if (next !== undefined && this.#yaml.isNothing(value)) {
      const item = this.#yaml.text(next) ?? "requests";
      this.#yaml.wrong(
        line,
        `pip: lists nothing; indent the lines below it that are pip's by two more blanks\n- pip:\n  - ${item}`,
      );
    }
    if (this.pip !== undefined) {
      this.#yaml.wrong(
        line,
        `pip stands above already (line ${this.#pipLine}); put both under one`,
      );
      return;
    }
    this.#pipLine = line;
    this.pip = this.#yaml.texts(entry, "requests>=2").flatMap((one) => {
      const needed = explainWrongPipLine(one.text);
      if (needed === undefined) return [one];
      this.#yaml.wrong(one.line, needed);
      return [];
    });
  }
}

function explainKey(yaml: YamlFile, key: string, text: string | undefined, line: number): string {
  const known = explainYamlLine(yaml.source.lines[line - 1] ?? "");
  if (known !== undefined) return known;
  if (nearest(key.toLowerCase(), ["pip"], 1).length > 0) {
    return "No other installer than pip is known here; did you mean pip:?";
  }
  return text === undefined
    ? `No installer ${key} is known here, only pip`
    : `Between name and version '=' is needed\n- ${specOf(key, text)}`;
}

function notAList(yaml: YamlFile, entry: Entry): readonly [number, string] {
  const line = yaml.lineOfValue(entry);
  const entries = yaml.entries(entry.value);
  const text = yaml.text(entry.value);
  const items =
    entries?.map(({ key, value }) => specOf(key, yaml.text(value) ?? "")) ?? text?.split(/[\s,]+/);
  const known = explainYamlLine(yaml.source.lines[line - 1] ?? "");
  return [
    line,
    (text === undefined ? undefined : known) ??
      `A list is needed, each package in a line of its own\n${["dependencies:", ...(items ?? []).map((one) => `  - ${one}`)].join("\n")}`,
  ];
}

/** What a map of names and versions most likely means. */
function specOf(name: string, version: string): string {
  if (/^(?:\*|latest|any)?$/.test(version.trim())) return name;
  return /^[<>=!~]/.test(version) ? `${name}${version}` : `${name}=${version}`;
}
