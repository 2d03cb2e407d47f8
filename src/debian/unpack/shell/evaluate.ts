import { isTrue, type KindOf } from "./condition.ts";
import type { Command, Part, Word } from "./syntax.ts";

/** Stands in a value for what only the real system would say. */
export const UNKNOWN = "\0";

export interface Call {
  /** The program and its arguments; parts that can't be known are {@link UNKNOWN}. */
  readonly words: readonly string[];
  /** The files that its output goes to. */
  readonly writes: readonly string[];
  /** No condition above it was in doubt. */
  readonly isCertain: boolean;
}

/** The system that a script would meet. */
export interface World {
  readonly arguments: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly kindOf: KindOf;
  /** What a program does for the script; undefined where it can't be said. */
  readonly answer: (call: Call) => Answer | undefined;
}

export interface Answer {
  readonly output: string;
  readonly succeeds: boolean | undefined;
  /** Variables of the script that it sets. */
  readonly sets?: Readonly<Record<string, string>>;
}

/**
 * The programs that a script would call, without running one: both ways are taken where a condition
 * can't be told, and a loop over what can't be known runs once.
 */
export function callsOf(script: Command, world: World): readonly Call[] {
  const run = new Run(world);
  run.execute(script, {
    variables: new Map(Object.entries(world.variables)),
    positional: world.arguments,
    output: [],
  });
  return run.calls;
}

interface Scope {
  variables: Map<string, string>;
  positional: readonly string[];
  /** What is printed, where something reads it. */
  output: string[];
}

/** Whether a command succeeds. */
type Status = boolean | undefined;

/** A script that goes on for longer than this is not read to its end. */
const MOST_STEPS = 100_000;
const DEEPEST = 40;

class Run {
  readonly calls: Call[] = [];
  readonly #world: World;
  readonly #functions = new Map<string, Command>();
  #steps = 0;
  #depth = 0;
  #doubts = 0;
  /** What calls so far have been about, and may have made. */
  readonly #named = new Set<string>();
  /** What ends the commands that follow. */
  #leaving: "exit" | "return" | "loop" | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  execute(command: Command, scope: Scope): Status {
    this.#steps += 1;
    if (this.#leaving !== undefined || this.#steps > MOST_STEPS) return undefined;
    switch (command.kind) {
      case "simple":
        return this.#simple(command, scope);
      case "list": {
        let status: Status = true;
        for (const one of command.commands) {
          status = this.execute(one, scope);
          if (this.#leaving !== undefined) break;
        }
        return status;
      }
      case "subshell": {
        const status = this.execute(command.body, {
          ...scope,
          variables: new Map(scope.variables),
        });
        if (this.#leaving === "exit") this.#leaving = undefined;
        return status;
      }
      case "pipe":
        for (const stage of command.stages) {
          this.execute(stage, { ...scope, variables: new Map(scope.variables), output: [] });
          this.#leaving = undefined;
        }
        scope.output.push(UNKNOWN);
        return undefined;
      case "not": {
        const status = this.execute(command.command, scope);
        return status === undefined ? undefined : !status;
      }
      case "and":
      case "or": {
        const left = this.execute(command.left, scope);
        if (left === (command.kind === "or")) return left;
        if (left !== undefined) return this.execute(command.right, scope);
        this.#perhaps([command.right], scope);
        return undefined;
      }
      case "if": {
        const condition = this.execute(command.condition, scope);
        const { chosen, otherwise = NOTHING } = command;
        if (condition !== undefined) return this.execute(condition ? chosen : otherwise, scope);
        this.#perhaps([chosen, otherwise], scope);
        return undefined;
      }
      case "for":
        return this.#for(command, scope);
      case "while":
        if (this.execute(command.condition, scope) !== false)
          this.#loopInDoubt(command.body, scope);
        return undefined;
      case "case":
        return this.#case(command, scope);
      case "function":
        this.#functions.set(command.name, command.body);
        return true;
      case "unknown":
        return undefined;
    }
  }

  /** Each of them may run or not, and what a variable is afterwards is known where all agree. */
  #perhaps(branches: readonly Command[], scope: Scope): void {
    if (this.#leaving !== undefined) return;
    const before = scope.variables;
    const outcomes = [before];
    this.#doubts += 1;
    for (const branch of branches) {
      const variables = new Map(before);
      this.execute(branch, { ...scope, variables });
      this.#leaving = undefined;
      outcomes.push(variables);
    }
    this.#doubts -= 1;
    // One of the branches is taken where the other is "else".
    const possible = branches.length > 1 ? outcomes.slice(1) : outcomes;
    for (const name of new Set(possible.flatMap((variables) => [...variables.keys()]))) {
      const values = new Set(possible.map((variables) => variables.get(name)));
      const [value = ""] = values;
      before.set(name, values.size === 1 ? value : UNKNOWN);
    }
  }

  #loopInDoubt(body: Command, scope: Scope): void {
    // What one round sets, the next one meets.
    for (let round = 0; round < 2; round++) {
      const quiet = new Map(scope.variables);
      const known = this.calls.length;
      this.#perhaps([body], { ...scope, variables: quiet });
      if (round === 0) this.calls.length = known;
      for (const [name, value] of quiet) {
        if (scope.variables.get(name) !== value) scope.variables.set(name, UNKNOWN);
      }
    }
  }

  #for(command: Command & { readonly kind: "for" }, scope: Scope): Status {
    const items = command.words.flatMap((word) => this.#expand(word, scope));
    if (items.some((item) => item.includes(UNKNOWN) || /[*?]/.test(item))) {
      scope.variables.set(command.name, UNKNOWN);
      this.#loopInDoubt(command.body, scope);
      return undefined;
    }
    for (const item of items) {
      scope.variables.set(command.name, item);
      this.execute(command.body, scope);
      if (this.#leaving === "loop") this.#leaving = undefined;
      if (this.#leaving !== undefined) break;
    }
    return true;
  }

  #case(command: Command & { readonly kind: "case" }, scope: Scope): Status {
    const value = this.#text(command.word, scope);
    const patterns = (words: readonly Word[]) => words.map((word) => this.#pattern(word, scope));
    if (!value.includes(UNKNOWN)) {
      const doubtful: Command[] = [];
      for (const { patterns: words, body } of command.items) {
        const found = patterns(words);
        if (found.some((pattern) => pattern?.test(value))) {
          if (doubtful.length === 0) return this.execute(body, scope);
          doubtful.push(body);
          break;
        }
        if (found.includes(undefined)) doubtful.push(body);
      }
      if (doubtful.length === 0) return true;
      this.#perhaps([...doubtful, NOTHING], scope);
      return undefined;
    }
    this.#perhaps([...command.items.map(({ body }) => body), NOTHING], scope);
    return undefined;
  }

  #simple(command: Command & { readonly kind: "simple" }, scope: Scope): Status {
    const outputs: Status[] = [];
    const assigned = command.assignments.map(({ name, value }) => ({
      name,
      value: this.#text(value, scope, outputs),
    }));
    const words = command.words.flatMap((word) => this.#expand(word, scope));
    const writes = command.writes.map((word) => this.#text(word, scope));
    if (words.length === 0) {
      for (const { name, value } of assigned) scope.variables.set(name, value);
      if (writes.length > 0) this.#note(words, writes);
      return outputs.length === 0 ? true : outputs.at(-1);
    }
    return this.#call(words, writes, scope);
  }

  #call(words: readonly string[], writes: readonly string[], scope: Scope): Status {
    const [program = "", ...args] = words;
    const body = this.#functions.get(program);
    if (body !== undefined) {
      if (writes.length > 0) this.#note([], writes);
      return this.#function(body, args, scope);
    }
    const status = this.#builtin(program, args, scope);
    if (status !== "none") {
      if (writes.length > 0) this.#note([], writes);
      return status;
    }
    const answer = this.#world.answer(this.#note(words, writes));
    scope.output.push(answer?.output ?? UNKNOWN);
    for (const [name, value] of Object.entries(answer?.sets ?? {})) {
      scope.variables.set(name, value);
    }
    return answer?.succeeds;
  }

  #note(words: readonly string[], writes: readonly string[]): Call {
    const call = { words, writes, isCertain: this.#doubts === 0 };
    this.calls.push(call);
    for (const name of [...words, ...writes]) this.#named.add(name);
    return call;
  }

  readonly #kindOf: KindOf = (path) => {
    const kind = this.#world.kindOf(path);
    return kind === "none" && this.#named.has(path) ? undefined : kind;
  };

  #function(body: Command, args: readonly string[], scope: Scope): Status {
    // One that calls itself.
    if (this.#depth === DEEPEST) return undefined;
    this.#depth += 1;
    const { positional } = scope;
    scope.positional = args;
    const status = this.execute(body, scope);
    scope.positional = positional;
    this.#depth -= 1;
    if (this.#leaving === "return") this.#leaving = undefined;
    return status;
  }

  #builtin(program: string, args: readonly string[], scope: Scope): Status | "none" {
    switch (program) {
      case ":":
      case "true":
      case "set":
        if (program === "set" && args[0] === "--") scope.positional = args.slice(1);
        return true;
      case "false":
        return false;
      case "[":
      case "test":
        return isTrue(program === "[" ? args.slice(0, -1) : args, UNKNOWN, this.#kindOf);
      case "echo":
        scope.output.push(`${(args[0] === "-n" ? args.slice(1) : args).join(" ")}\n`);
        return true;
      case "printf":
        scope.output.push(
          args.length === 2 && /^%s(\\n)?$/.test(args[0] ?? "") ? `${args[1]}\n` : UNKNOWN,
        );
        return true;
      case "export":
      case "local":
      case "readonly":
      case "declare":
      case "typeset":
        for (const [, name = "", value = ""] of args.map(
          (arg) => /^(\w+)=([^]*)$/.exec(arg) ?? [],
        )) {
          if (name !== "") scope.variables.set(name, value);
        }
        return true;
      case "unset":
        for (const name of args) scope.variables.delete(name);
        return true;
      case "shift":
        scope.positional = scope.positional.slice(Number(args[0] ?? 1));
        return true;
      case "read":
        for (const name of args) scope.variables.set(name, UNKNOWN);
        return undefined;
      case "exit":
      case "return":
      case "break":
      case "continue":
        this.#leaving = program === "exit" || program === "return" ? program : "loop";
        return true;
      case "command":
      case "builtin":
      case "exec":
        if (args.length === 0 || args[0]?.startsWith("-")) return undefined;
        return this.#call(args, [], scope);
      default:
        return "none";
    }
  }

  /** The words that a word becomes. */
  #expand(word: Word, scope: Scope): readonly string[] {
    const fields: string[] = [];
    let open = false;
    const add = (text: string) => {
      if (open) fields.push(`${fields.pop() ?? ""}${text}`);
      else fields.push(text);
      open = true;
    };
    for (const part of word) {
      if (part.kind === "variable" && part.name === "@" && part.operator === undefined) {
        for (const [index, one] of scope.positional.entries()) {
          if (index > 0) open = false;
          add(one);
        }
        continue;
      }
      const value = this.#value(part, scope);
      if (part.kind === "unknown" || part.quoted || part.kind === "text") {
        add(value);
        continue;
      }
      if (/^\s/.test(value)) open = false;
      for (const [index, one] of value
        .split(/\s+/)
        .filter((text) => text !== "")
        .entries()) {
        if (index > 0) open = false;
        add(one);
      }
      if (/\s$/.test(value)) open = false;
    }
    return fields;
  }

  /** A word that is not split. */
  #text(word: Word, scope: Scope, statuses: Status[] = []): string {
    return word.map((part) => this.#value(part, scope, statuses)).join("");
  }

  #value(part: Part, scope: Scope, statuses: Status[] = []): string {
    switch (part.kind) {
      case "text":
        return part.text;
      case "unknown":
        return UNKNOWN;
      case "output": {
        const output: string[] = [];
        statuses.push(
          this.execute(part.command, { ...scope, variables: new Map(scope.variables), output }),
        );
        if (this.#leaving === "exit") this.#leaving = undefined;
        return output.join("").replace(/\n+$/, "");
      }
      case "variable": {
        const value = this.#variable(part.name, scope);
        if (part.operator === undefined || value.includes(UNKNOWN)) return value;
        const { sign, instead } = part.operator;
        if (sign === "-") return value === "" ? this.#text(instead, scope) : value;
        return value === "" ? "" : this.#text(instead, scope);
      }
    }
  }

  #variable(name: string, { variables, positional }: Scope): string {
    if (/^[1-9]$/.test(name)) return positional[Number(name) - 1] ?? "";
    if (name === "@" || name === "*") return positional.join(" ");
    if (name === "#") return String(positional.length);
    if (name === "0" || !/^\w/.test(name)) return UNKNOWN;
    return variables.get(name) ?? "";
  }

  #pattern(word: Word, scope: Scope): RegExp | undefined {
    const parts = word.map((part) => {
      const text = this.#value(part, scope);
      const isPlain = part.kind !== "unknown" && !part.quoted;
      return text
        .replaceAll(/[\\^$.|+(){}[\]]/g, String.raw`\$&`)
        .replaceAll(/[*?]/g, (sign) => (!isPlain ? `\\${sign}` : sign === "*" ? "[^]*" : "[^]"));
    });
    const source = parts.join("");
    return source.includes(UNKNOWN) ? undefined : new RegExp(`^${source}$`);
  }
}

const NOTHING: Command = { kind: "list", commands: [] };
