import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Alternative, PackageEntry, PackageIndex } from "../package-index.ts";
import { readAlternative } from "./alternative-call.ts";
import { copiesOf, type Copy } from "./copies.ts";
import { type Debconf, readDebconf } from "./debconf.ts";
import { describeEffects, effectsOf, written } from "./effects.ts";
import { mergedPath } from "./merge-usr.ts";
import { type Call, callsOf, UNKNOWN } from "./shell/evaluate.ts";
import { parseShell, ShellSyntaxError } from "./shell/parse.ts";
import { systemOf } from "./system.ts";

export interface PackageFacts {
  readonly name: string;
  /** Of the machine, as Debian names it: a package's own may be "all". */
  readonly arch: string;
  readonly entries: readonly PackageEntry[];
}

export interface ScriptEffects {
  readonly alternatives: readonly Alternative[];
  readonly diversions: PackageIndex["diversions"];
  readonly copies: readonly Copy[];
  /** In words that follow "it". */
  readonly notDone: readonly string[];
}

/**
 * What the maintainer scripts in a package's control directory would do at its first installation:
 * read, never run.
 * https://www.debian.org/doc/debian-policy/ch-maintainerscripts.html
 */
export function readScripts(control: string, facts: PackageFacts): ScriptEffects {
  const debconf = readDebconf(control);
  const { calls, unread } = readAll(control, facts, debconf);
  const copies = copiesOf(calls, facts);
  const others = calls.filter((call) => !copies.include(call));
  const { alternatives, unreadable } = alternativesOf(others);
  const effects = others
    .filter(({ words }) => words[0] !== "db_input" || debconf.isLeftOpen(words))
    .flatMap(({ words, writes }) => [
      ...effectsOf(words),
      ...writes.flatMap((file) => written(file) ?? []),
    ]);
  return {
    alternatives,
    diversions: diversionsOf(others),
    copies: copies.all,
    notDone: [...new Set([...unread, ...unreadable, ...describeEffects(effects)])],
  };
}

const FIRST_INSTALLATION: readonly (readonly [script: string, args: readonly string[]])[] = [
  ["config", ["configure", ""]],
  ["preinst", ["install"]],
  ["postinst", ["configure", ""]],
];

/** What all scripts call, and in words that follow "it" which of them can't be read. */
function readAll(control: string, facts: PackageFacts, debconf: Debconf) {
  const all: Call[] = [];
  const unread: string[] = [];
  for (const [script, args] of FIRST_INSTALLATION) {
    const path = posix.join(control, script);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, "utf8");
    const language = languageOf(text);
    if (language !== "sh") {
      unread.push(`runs its ${script}, ${language}`);
      continue;
    }
    try {
      all.push(...callsOf(parseShell(text), systemOf(script, args, facts, debconf)));
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      unread.push(`runs its ${script}, which can't be read (${error.message})`);
    }
  }
  return { calls: all, unread };
}

function languageOf(script: string): string {
  const [first = ""] = script.split("\n", 1);
  if (/^#!\s*\S*\/(env\s+)?(sh|bash|dash)\b/.test(first)) return "sh";
  const language = /^#!\s*(?:\S*\/env\s+)?(?:\S*\/)?([\w.+-]+)/.exec(first)?.[1];
  return language === undefined ? "a program" : `a program in ${language}`;
}

function alternativesOf(calls: readonly Call[]) {
  const alternatives = new Map<string, Alternative>();
  const unreadable: string[] = [];
  for (const args of argumentsOf("update-alternatives", calls)) {
    const read = readAlternative(args);
    if (read.kind === "install") alternatives.set(keyOf(read.alternative), read.alternative);
    if (read.kind !== "other" && read.unread !== undefined) unreadable.push(read.unread);
  }
  return { alternatives: [...alternatives.values()], unreadable };
}

function diversionsOf(calls: readonly Call[]): PackageIndex["diversions"] {
  const diversions = argumentsOf("dpkg-divert", calls).flatMap((args) => readDiversion(args) ?? []);
  return [...new Map(diversions.map((diversion) => [diversion.path, diversion])).values()];
}

function argumentsOf(wanted: string, calls: readonly Call[]): readonly (readonly string[])[] {
  return calls.flatMap(({ words: [program = "", ...args] }) =>
    posix.basename(program) === wanted ? [args] : [],
  );
}

function readDiversion(args: readonly string[]): { path: string; to: string } | undefined {
  const others = /^--(remove|list|listpackage|truename)$/;
  if (args.some((arg) => others.test(arg) || arg.includes(UNKNOWN))) return undefined;
  const words = args.flatMap((arg) => arg.split(/^(--[a-z]+)=/).filter((part) => part !== ""));
  let to: string | undefined;
  let path: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--divert") to = words[(index += 1)];
    else if (word === "--package" || word === "--admindir" || word === "--instdir") index += 1;
    else if (!word.startsWith("--")) path = word;
  }
  if (path === undefined) return undefined;
  return { path: mergedPath(path), to: mergedPath(to ?? `${path}.distrib`) };
}

function keyOf({ name, path }: Alternative): string {
  return `${name} ${path}`;
}
