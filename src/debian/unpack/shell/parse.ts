import type { Command, Part, Word } from "./syntax.ts";

/** A script has something that this does not know, or that no shell would read either. */
export class ShellSyntaxError extends Error {
  override readonly name = "ShellSyntaxError";
}

/**
 * Reads a shell script. Throws a {@link ShellSyntaxError}.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 */
export function parseShell(text: string): Command {
  const parser = new Parser(text);
  const command = parser.list([]);
  if (!parser.atEnd()) parser.fail();
  return command;
}

class Parser {
  readonly #text: string;
  #at = 0;
  /** Ends of here-documents whose text begins after this line. */
  #documents: { readonly end: string; readonly tabs: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#text.length;
  }

  fail(): never {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    throw new ShellSyntaxError(`line ${line}`);
  }

  /** Commands up to a reserved word or operator of `ends`, which is not consumed. */
  list(ends: readonly string[]): Command {
    const commands: Command[] = [];
    for (;;) {
      this.#skipSeparators(ends);
      if (this.atEnd() || this.#isNext(ends)) return { kind: "list", commands };
      commands.push(this.#andOr());
      this.#skipBlanks();
      if (!this.atEnd() && !this.#isNext(ends) && !/[;&\n]/.test(this.#peek())) this.fail();
    }
  }

  #andOr(): Command {
    let left = this.#pipe();
    for (;;) {
      this.#skipBlanks();
      const kind = this.#take("&&") ? "and" : this.#take("||") ? "or" : undefined;
      if (kind === undefined) return left;
      this.#skipLines();
      left = { kind, left, right: this.#pipe() };
    }
  }

  #pipe(): Command {
    this.#skipBlanks();
    if (this.#takeReserved("!")) return { kind: "not", command: this.#pipe() };
    const stages = [this.#command()];
    for (;;) {
      this.#skipBlanks();
      if (this.#startsWith("||") || !(this.#take("|&") || this.#take("|"))) break;
      this.#skipLines();
      stages.push(this.#command());
    }
    const [only] = stages;
    return stages.length === 1 && only !== undefined ? only : { kind: "pipe", stages };
  }

  #command(): Command {
    const command = this.#compound();
    if (command === undefined) return this.#simple();
    const writes: Word[] = [];
    while (this.#redirection(writes));
    if (writes.length === 0) return command;
    const redirected: Command = { kind: "simple", assignments: [], words: [], writes };
    return { kind: "list", commands: [redirected, command] };
  }

  #compound(): Command | undefined {
    this.#skipBlanks();
    if (this.#startsWith("((")) {
      this.#skipBalanced("(", ")");
      return { kind: "unknown" };
    }
    if (this.#take("(")) {
      const body = this.list([")"]);
      this.#need(")");
      return { kind: "subshell", body };
    }
    if (this.#takeReserved("{")) {
      const body = this.list(["}"]);
      this.#needReserved("}");
      return body;
    }
    if (this.#takeReserved("[[")) {
      const end = this.#text.indexOf("]]", this.#at);
      if (end === -1) this.fail();
      this.#at = end + 2;
      return { kind: "unknown" };
    }
    if (this.#takeReserved("if")) return this.#if();
    if (this.#takeReserved("for")) return this.#for();
    if (this.#takeReserved("while") || this.#takeReserved("until")) {
      const condition = this.list(["do"]);
      return { kind: "while", condition, body: this.#doGroup() };
    }
    if (this.#takeReserved("case")) return this.#case();
    const isFunction = this.#takeReserved("function");
    this.#skipBlanks();
    const [definition, name] = this.#match(FUNCTION) ?? (isFunction ? this.#match(NAME) : []) ?? [];
    if (definition === undefined || name === undefined) return undefined;
    this.#at += definition.length;
    this.#skipLines();
    return { kind: "function", name, body: this.#command() };
  }

  #if(): Command {
    const condition = this.list(["then"]);
    this.#needReserved("then");
    const chosen = this.list(["elif", "else", "fi"]);
    if (this.#takeReserved("elif")) return { kind: "if", condition, chosen, otherwise: this.#if() };
    const otherwise = this.#takeReserved("else") ? this.list(["fi"]) : undefined;
    this.#needReserved("fi");
    return { kind: "if", condition, chosen, otherwise };
  }

  #for(): Command {
    this.#skipBlanks();
    if (this.#startsWith("((")) {
      this.#skipBalanced("(", ")");
      this.#skipSeparators([]);
      return { kind: "while", condition: { kind: "unknown" }, body: this.#doGroup() };
    }
    const [name] = this.#match(NAME) ?? this.fail();
    this.#at += name.length;
    this.#skipLines();
    const words: Word[] = [];
    if (this.#takeReserved("in")) {
      for (let word = this.#word(); word !== undefined; word = this.#word()) words.push(word);
    } else {
      words.push([{ kind: "variable", name: "@", quoted: true }]);
    }
    this.#skipSeparators([]);
    return { kind: "for", name, words, body: this.#doGroup() };
  }

  #doGroup(): Command {
    this.#needReserved("do");
    const body = this.list(["done"]);
    this.#needReserved("done");
    return body;
  }

  #case(): Command {
    const word = this.#word() ?? this.fail();
    this.#skipLines();
    this.#needReserved("in");
    const items: { patterns: Word[]; body: Command }[] = [];
    for (;;) {
      this.#skipLines();
      if (this.#takeReserved("esac")) return { kind: "case", word, items };
      this.#take("(");
      const patterns: Word[] = [];
      do {
        patterns.push(this.#word() ?? this.fail());
        this.#skipBlanks();
      } while (this.#take("|"));
      this.#need(")");
      const body = this.list([";;", ";&", "esac"]);
      items.push({ patterns, body });
      if (!this.#take(";;")) this.#take(";&");
    }
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const writes: Word[] = [];
    this.#skipBlanks();
    const start = this.#at;
    for (;;) {
      if (this.#redirection(writes)) continue;
      this.#skipBlanks();
      const [assigned, name] = (words.length === 0 ? this.#match(ASSIGNMENT) : undefined) ?? [];
      if (assigned !== undefined && name !== undefined) {
        this.#at += assigned.length;
        if (this.#peek() === "(") {
          this.#skipBalanced("(", ")");
          assignments.push({ name, value: [{ kind: "unknown" }] });
        } else {
          const value = this.#wordHere() ?? [];
          const before: Word = [{ kind: "variable", name, quoted: true }];
          const appends = assigned.endsWith("+=");
          assignments.push({ name, value: appends ? [...before, ...value] : value });
        }
        continue;
      }
      const word = this.#word();
      if (word === undefined) break;
      words.push(word);
    }
    if (this.#at === start) this.fail();
    return { kind: "simple", assignments, words, writes };
  }

  #redirection(writes: Word[]): boolean {
    this.#skipBlanks();
    const [taken, operator = ""] = this.#match(REDIRECTION) ?? [];
    if (taken === undefined) return false;
    this.#at += taken.length;
    const word = this.#word() ?? this.fail();
    if (operator === "<<" || operator === "<<-") {
      const end = word.map((part) => (part.kind === "text" ? part.text : "")).join("");
      this.#documents.push({ end, tabs: operator === "<<-" });
    } else if (operator.startsWith(">") || operator.startsWith("&>")) {
      if (operator !== ">&") writes.push(word);
    }
    return true;
  }

  #word(): Word | undefined {
    this.#skipBlanks();
    return this.#wordHere();
  }

  #wordHere(plain = PLAIN): Word | undefined {
    const parts: Part[] = [];
    for (;;) {
      const next = this.#peek();
      if (next === "'") {
        const end = this.#text.indexOf("'", this.#at + 1);
        if (end === -1) this.fail();
        parts.push({ kind: "text", text: this.#text.slice(this.#at + 1, end), quoted: true });
        this.#at = end + 1;
      } else if (next === '"') {
        this.#at += 1;
        parts.push(...this.#quoted());
      } else if (next === "$" || next === "`") {
        parts.push(this.#replaced(false));
      } else if (next === "\\") {
        const text = this.#text[this.#at + 1] ?? "";
        if (text !== "\n") parts.push({ kind: "text", text, quoted: true });
        this.#at += 2;
      } else if (this.#startsWith("<(") || this.#startsWith(">(")) {
        this.#at += 1;
        this.#skipBalanced("(", ")");
        parts.push({ kind: "unknown" });
      } else {
        const text = this.#match(plain)?.[0];
        if (text === undefined) return parts.length === 0 ? undefined : parts;
        this.#at += text.length;
        parts.push({ kind: "text", text, quoted: false });
      }
    }
  }

  /** After the opening quotation mark. */
  #quoted(): Part[] {
    const parts: Part[] = [{ kind: "text", text: "", quoted: true }];
    for (;;) {
      const next = this.#peek();
      if (next === "") this.fail();
      if (next === '"') {
        this.#at += 1;
        return parts;
      }
      if (next === "$" || next === "`") {
        parts.push(this.#replaced(true));
      } else if (next === "\\") {
        const escaped = this.#text[this.#at + 1] ?? "";
        const text = escaped === "\n" ? "" : '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`;
        parts.push({ kind: "text", text, quoted: true });
        this.#at += 2;
      } else {
        const text = this.#match(/[^"$`\\]+/y)?.[0] ?? "";
        this.#at += text.length;
        parts.push({ kind: "text", text, quoted: true });
      }
    }
  }

  /** A `$` or a backquote. */
  #replaced(quoted: boolean): Part {
    if (this.#take("`")) {
      const [raw] = this.#match(/(?:[^`\\]|\\[^])*/y) ?? [""];
      this.#at += raw.length;
      this.#need("`");
      const script = raw.replaceAll(/\\([\\`$])/g, "$1");
      return { kind: "output", command: parseShell(script), quoted };
    }
    if (this.#startsWith("$((")) {
      this.#at += 1;
      this.#skipBalanced("(", ")");
      return { kind: "unknown" };
    }
    if (this.#take("$(")) {
      const command = this.list([")"]);
      this.#need(")");
      return { kind: "output", command, quoted };
    }
    if (this.#take("${")) return this.#braced(quoted);
    const [, name] = this.#match(/\$([A-Za-z_]\w*|[0-9@*#?$!-])/y) ?? [];
    this.#at += 1 + (name?.length ?? 0);
    if (name === undefined) return { kind: "text", text: "$", quoted };
    return { kind: "variable", name, quoted };
  }

  #braced(quoted: boolean): Part {
    const [taken, name, sign] = this.#match(BRACED) ?? [];
    if (taken === undefined || name === undefined) {
      this.#at -= 1;
      this.#skipBalanced("{", "}");
      return { kind: "unknown" };
    }
    this.#at += taken.length;
    if (sign === undefined) {
      this.#need("}");
      return { kind: "variable", name, quoted };
    }
    const instead: Part[] = [];
    while (this.#peek() !== "}") {
      const [space] = this.#match(/[\s|&;()<>#]+/y) ?? [];
      if (space !== undefined) {
        this.#at += space.length;
        instead.push({ kind: "text", text: space, quoted });
      } else {
        instead.push(...(this.#wordHere(IN_BRACES) ?? this.fail()));
      }
    }
    this.#need("}");
    return {
      kind: "variable",
      name,
      quoted,
      operator: { sign: sign === "+" ? "+" : "-", instead },
    };
  }

  #skipBlanks(): void {
    const [blanks] = this.#match(/(?:[ \t\r]|\\\r?\n)+/y) ?? [""];
    this.#at += blanks.length;
    if (this.#peek() === "#" && /^$|[\s;&|()]/.test(this.#text[this.#at - 1] ?? "")) {
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end === -1 ? this.#text.length : end;
    }
  }

  #skipLines(): void {
    for (;;) {
      this.#skipBlanks();
      if (this.#peek() !== "\n") return;
      this.#at += 1;
      this.#skipDocuments();
    }
  }

  #skipSeparators(ends: readonly string[]): void {
    for (;;) {
      this.#skipLines();
      if (this.#isNext(ends) || !/[;&]/.test(this.#peek())) return;
      this.#at += 1;
    }
  }

  #skipDocuments(): void {
    for (const { end, tabs } of this.#documents) {
      for (;;) {
        if (this.#at >= this.#text.length) break;
        const until = this.#text.indexOf("\n", this.#at);
        const line = this.#text.slice(this.#at, until === -1 ? undefined : until);
        this.#at = until === -1 ? this.#text.length : until + 1;
        if ((tabs ? line.replace(/^\t+/, "") : line) === end) break;
      }
    }
    this.#documents = [];
  }

  #skipBalanced(open: string, close: string): void {
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const next = this.#peek();
      if (next === "\\") this.#at += 1;
      else if (next === open) depth += 1;
      else if (next === close) depth -= 1;
      if (depth === 0) {
        this.#at += 1;
        return;
      }
    }
    this.fail();
  }

  #isNext(ends: readonly string[]): boolean {
    return ends.some((end) => (/^[\w}]/.test(end) ? this.#isReserved(end) : this.#startsWith(end)));
  }

  #isReserved(word: string): boolean {
    const after = this.#text[this.#at + word.length] ?? " ";
    return this.#startsWith(word) && /[\s;&|()<>]/.test(after);
  }

  #takeReserved(word: string): boolean {
    this.#skipBlanks();
    if (!this.#isReserved(word)) return false;
    this.#at += word.length;
    return true;
  }

  #needReserved(word: string): void {
    if (!this.#takeReserved(word)) this.fail();
  }

  #take(text: string): boolean {
    if (!this.#startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  #need(text: string): void {
    this.#skipLines();
    if (!this.#take(text)) this.fail();
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    return sticky.exec(this.#text) ?? undefined;
  }
}

const NAME = /([A-Za-z_][\w.-]*)/y;
const FUNCTION = /([A-Za-z_][\w.-]*)[ \t]*\([ \t]*\)/y;
const ASSIGNMENT = /([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/y;
const REDIRECTION = /\d*(&>>?|<<<|<<-|<<|<&|<>|<(?!\()|>>|>&|>\||>(?!\())/y;
const PLAIN = /[^\s'"$`\\|&;()<>]+/y;
const IN_BRACES = /[^\s'"$`\\|&;()<>}]+/y;
const BRACED = /([A-Za-z_]\w*|[0-9@*#?$!-])(?::?([-+])|(?=\}))/y;
