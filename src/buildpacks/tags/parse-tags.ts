import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from "yaml";
import type { Problem } from "../../kit/wrong-lines.ts";
import type { Found, Label } from "./label.ts";
import { neededForTag } from "./label-key.ts";
import { problemOf, quoteSafely } from "./unsafe.ts";
import { explainError } from "./yaml-errors.ts";

/** A flat or nested map of single values; each value is the text that stands there. */
export function parseTags(
  text: string,
  place: { readonly file: string; readonly prefix: string },
): Found {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    stringKeys: true,
    // "1.10", "yes", "0123" and dates stay as they are written.
    schema: "failsafe",
    // Told below, with the line of the first; the parser compares each key with each other.
    uniqueKeys: false,
  });
  const reader = new Reader(text.split("\n"), counter, place);
  const error = explainError(document, text, counter);
  // What follows an error is often not what was written.
  if (error === undefined) reader.readRoot(document.contents);
  else reader.wrong(error.line, error.found, error.needed);
  return reader;
}

class Reader implements Found {
  readonly labels: Label[] = [];
  readonly problems: Problem[] = [];
  readonly #lines: readonly string[];
  readonly #counter: LineCounter;
  readonly #place: { readonly file: string; readonly prefix: string };
  readonly #first = new Map<string, number>();

  constructor(
    lines: readonly string[],
    counter: LineCounter,
    place: { readonly file: string; readonly prefix: string },
  ) {
    this.#lines = lines;
    this.#counter = counter;
    this.#place = place;
  }

  readRoot(root: ParsedNode | null): void {
    if (root === null || isNothing(root)) {
      this.wrong(undefined, "(empty)", `The file needs at least one tag\n${EXAMPLE}`);
    } else if (isMap(root)) {
      this.#readMap(root, []);
    } else {
      this.#wrongAt(root, `Keys with values are needed\n${EXAMPLE}`);
    }
  }

  wrong(line: number | undefined, found: string, needed: string): void {
    this.problems.push({ origin: { file: this.#place.file, line }, line: found, needed });
  }

  #readMap(map: { readonly items: readonly unknown[] }, path: readonly string[]): void {
    for (const item of map.items) {
      const { key, value } = item as {
        readonly key: ParsedNode;
        readonly value: ParsedNode | null;
      };
      const needed =
        neededForNode(key) ?? neededForTag(textOf(key), [...path, textOf(key)].join("."));
      if (needed !== undefined) this.#wrongAt(key, needed);
      else this.#readValue(key, value, [...path, textOf(key)]);
    }
  }

  #readValue(key: ParsedNode, value: ParsedNode | null, path: readonly string[]): void {
    const needed = neededForNode(value) ?? neededForValue(value, textOf(key));
    if (needed !== undefined) this.#wrongAt(key, needed);
    else if (isMap(value)) this.#readMap(value, path);
    else if (isScalar(value)) this.#addLabel(key, textOf(value), path.join("."));
  }

  #addLabel(key: ParsedNode, text: string, tag: string): void {
    const line = this.#lineOf(key);
    const first = this.#first.get(tag);
    if (first !== undefined) {
      const where = first === line ? "in this line" : `in line ${first}`;
      this.#wrongAt(key, `The tag ${tag} has a value already, ${where}; keep one`);
      return;
    }
    this.#first.set(tag, line);
    const origin = { file: this.#place.file, line };
    const label = { key: this.#place.prefix + tag, value: text, origin };
    const problem = problemOf(label, this.#lines[line - 1] ?? "");
    if (problem === undefined) this.labels.push(label);
    else this.problems.push(problem);
  }

  #wrongAt(node: ParsedNode, needed: string): void {
    const line = this.#lineOf(node);
    this.wrong(line, quoteSafely(this.#lines[line - 1] ?? ""), needed);
  }

  #lineOf(node: ParsedNode): number {
    return this.#counter.linePos(node.range[0]).line;
  }
}

const EXAMPLE = "team: vision\ncost-center: 4711";

/** What YAML can do and labels have no use for. Aliases can make gigabytes of a few lines. */
function neededForNode(node: ParsedNode | null): string | undefined {
  if (isAlias(node)) {
    return `'*${node.source}' stands for another value; quotation marks are needed, or that value itself`;
  }
  if (node === null) return undefined;
  if (node.anchor !== undefined) return `Remove '&${node.anchor}'; values can't be used again`;
  if (node.tag !== undefined) {
    return "Remove the type that begins with '!'; the text of a value counts as it is written";
  }
  return undefined;
}

function neededForValue(value: ParsedNode | null, key: string): string | undefined {
  if (isSeq(value)) {
    const example = quoteSafely(`${key}: ${exampleOf(value.items)}`);
    return `A single value is needed, not a list\n${example}`;
  }
  return isNothing(value) ? "A value is needed; remove the key where there is none" : undefined;
}

/** https://yaml.org/spec/1.2.2/#1032-tag-resolution */
function isNothing(value: ParsedNode | null): boolean {
  if (isMap(value)) return value.items.length === 0;
  if (!isScalar(value)) return value === null;
  const text = textOf(value);
  return text.trim() === "" || (value.type === "PLAIN" && /^(?:~|null|Null|NULL)$/.test(text));
}

function exampleOf(items: readonly unknown[]): string {
  const texts = items.filter((item) => isScalar(item)).map((item) => String(item.value));
  const isShort = texts.length === items.length && texts.length > 0 && texts.join("").length < 80;
  return isShort ? `"${texts.join(", ").replaceAll('"', "'")}"` : '"first, second"';
}

/** Blocks (`|`, `>`) end in a line break, which is not meant. */
function textOf(node: ParsedNode): string {
  if (!isScalar(node)) return "";
  const text = String(node.value);
  return node.type?.startsWith("BLOCK") === true ? text.replace(/\n+$/, "") : text;
}
