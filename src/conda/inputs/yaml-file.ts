import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLError,
} from "yaml";
import type { Problem } from "../../kit/wrong-lines.ts";
import { type Line, problemAt, type SourceText } from "./source-text.ts";
import { explainYamlError, explainYamlLine } from "./yaml-mistakes.ts";

export type YamlNode = ParsedNode | null;

export interface Entry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlNode;
}

/** A YAML file with positions: what is wrong in it is told with the line, as the file has it. */
export class YamlFile {
  readonly source: SourceText;
  readonly root: YamlNode;
  readonly problems: Problem[];
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(source: SourceText) {
    this.source = source;
    const options = { lineCounter: this.#lines, prettyErrors: false, stringKeys: true } as const;
    this.#document = parseDocument(source.lines.join("\n"), options);
    this.problems = [...this.#explain(this.#document.errors)];
    // What follows an error is often not what was written.
    this.root = this.problems.length > 0 ? null : this.#document.contents;
  }

  wrong(line: number, needed: string): void {
    this.problems.push(problemAt(this.source, line, needed));
  }

  lineOf(node: YamlNode): number {
    return this.#lines.linePos(node?.range[0] ?? 0).line;
  }

  /** The line of a value that may have none of its own. */
  lineOfValue({ line, value }: Entry): number {
    return value === null ? line : this.lineOf(value);
  }

  /** Undefined for what is no map. */
  entries(node: YamlNode): readonly Entry[] | undefined {
    const map = this.#resolve(node);
    if (!isMap(map)) return undefined;
    return map.items.map(({ key, value }) => ({
      key: this.text(key as YamlNode) ?? "",
      line: this.lineOf(key as YamlNode),
      value: value as YamlNode,
    }));
  }

  /** Undefined for what is no list. */
  items(node: YamlNode): readonly YamlNode[] | undefined {
    const list = this.#resolve(node);
    return isSeq(list) ? (list.items as YamlNode[]) : undefined;
  }

  /** As it is written: "3.10" stays that. Undefined for what is no single value. */
  text(node: YamlNode): string | undefined {
    const scalar = this.#resolve(node);
    if (!isScalar(scalar) || scalar.value === null) return undefined;
    if (typeof scalar.value === "string") return scalar.value;
    return scalar.source;
  }

  isNothing(node: YamlNode): boolean {
    const scalar = this.#resolve(node);
    return scalar === null || (isScalar(scalar) && scalar.value === null);
  }

  /** The first further line of a value: a '-' that is indented too far belongs to the item above. */
  furtherLine(node: YamlNode): number | undefined {
    if (!isScalar(node) || node.type !== "PLAIN") return undefined;
    const [first, last] = [this.lineOf(node), this.#lines.linePos(node.range[1] - 1).line];
    return last > first ? first + 1 : undefined;
  }

  /** The texts of a list; each item that is none, and what is no list at all, is a problem. */
  texts(entry: Entry, example: string): readonly Line[] {
    const { key, value } = entry;
    if (this.isNothing(value)) return [];
    const items = this.items(value);
    if (items === undefined) {
      const line = this.lineOfValue(entry);
      const found = this.text(value);
      const needed = `A list is needed, each item in a line of its own\n${key}:\n  - ${found ?? example}`;
      this.wrong(line, explainYamlLine(this.source.lines[line - 1] ?? "") ?? needed);
      return [];
    }
    return items.flatMap((item) => {
      const text = this.text(item);
      if (text !== undefined) return [{ text, line: this.lineOf(item) }];
      this.wrong(
        item === null ? entry.line : this.lineOf(item),
        `A single text is needed, for example\n- ${example}`,
      );
      return [];
    });
  }

  #resolve(node: YamlNode): unknown {
    return isAlias(node) ? ((node as Alias).resolve(this.#document) ?? null) : node;
  }

  /** Keys that stand twice are told all; of the others one leads to the next. */
  #explain(errors: readonly YAMLError[]): readonly Problem[] {
    const { lines } = this.source;
    const marked = lines.findIndex((line) => /^(?:<{7}|>{7}|version https:\/\/git-lfs)/.test(line));
    if (marked >= 0) {
      return [problemAt(this.source, marked + 1, explainYamlLine(lines[marked] ?? "") ?? "")];
    }
    const twice = errors.filter(({ code }) => code === "DUPLICATE_KEY");
    const first = errors.find(({ code }) => code !== "DUPLICATE_KEY");
    return [...twice.map((error) => this.#twice(error)), ...(first ? [this.#unread(first)] : [])];
  }

  #twice({ pos }: YAMLError): Problem {
    const { line } = this.#lines.linePos(pos[0]);
    const [, indent = "", key = ""] =
      /^([\s-]*)([^:]*):/.exec(this.source.lines[line - 1] ?? "") ?? [];
    const earlier = this.source.lines
      .slice(0, line - 1)
      .findLastIndex((one) => one.startsWith(`${indent}${key}:`));
    const where = earlier < 0 ? "" : ` (line ${earlier + 1})`;
    return problemAt(
      this.source,
      line,
      `The key ${key.trim()} stands above already${where}; put both under one`,
    );
  }

  #unread({ code, message, pos }: YAMLError): Problem {
    const { lines } = this.source;
    const { line, col } = this.#lines.linePos(pos[0]);
    // Told where it begins: YAML looks for the end until something else is wrong.
    const open = lines.findIndex(message.includes("quote") ? hasOpenQuote : hasOpenBracket);
    if (open >= 0 && /quote|[Ff]low/.test(message)) {
      return problemAt(this.source, open + 1, "A quotation mark or a bracket is not closed");
    }
    const needed = explainYamlLine(lines[line - 1] ?? "") ?? explainYamlError(code, message);
    return problemAt(this.source, line, `This is no YAML at column ${col}. ${needed}`);
  }
}

function hasOpenQuote(line: string): boolean {
  return (line.split('"').length + line.split("'").length) % 2 > 0;
}

function hasOpenBracket(line: string): boolean {
  return line.split(/[[{]/).length > line.split(/[\]}]/).length;
}
