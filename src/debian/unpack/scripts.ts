import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Alternative, PackageEntry, PackageIndex } from "../package-index.ts";
import { readAlternative } from "./alternative-call.ts";
import { describeEffects, type Effect, effectsOf, isEffect, written } from "./effects.ts";
import { mergedPath } from "./merge-usr.ts";
import { type Call, callsOf, UNKNOWN, type World } from "./shell/evaluate.ts";
import { parseShell, ShellSyntaxError } from "./shell/parse.ts";

export interface PackageFacts {
  readonly name: string;
  /** Of the machine, as Debian names it: a package's own may be "all". */
  readonly arch: string;
  readonly entries: readonly PackageEntry[];
}

export interface ScriptEffects {
  readonly alternatives: readonly Alternative[];
  readonly diversions: PackageIndex["diversions"];
  /** Files that they copy from the package's own: here links to them, relative. */
  readonly copies: readonly Copy[];
  /** In words that follow "it". */
  readonly notDone: readonly string[];
}

export interface Copy {
  readonly path: string;
  readonly source: string;
}

/**
 * What the maintainer scripts in a package's control directory would do at its first installation:
 * read, never run.
 * https://www.debian.org/doc/debian-policy/ch-maintainerscripts.html
 */
export function readScripts(control: string, facts: PackageFacts): ScriptEffects {
  const alternatives = new Map<string, Alternative>();
  const diversions = new Map<string, { path: string; to: string }>();
  const copies = [...(KNOWN_COPIES[facts.name] ?? [])];
  const own = new Set(facts.entries.map(({ path }) => path));
  const effects: Effect[] = [];
  const unread: string[] = [];
  for (const [script, args] of FIRST_INSTALLATION) {
    const path = posix.join(control, script);
    const calls = existsSync(path)
      ? readCalls(readFileSync(path, "utf8"), args, script, facts)
      : [];
    if (typeof calls === "string") {
      unread.push(`runs its ${script}, ${calls}`);
      continue;
    }
    for (const { words, writes, isCertain } of calls) {
      const [program = "", ...rest] = words;
      const copy = isCertain ? readCopy(words, own) : undefined;
      if (copy !== undefined) copies.push(copy);
      if (isOf(copies, words)) continue;
      effects.push(...effectsOf(words));
      effects.push(...writes.flatMap((file) => written(file) ?? []));
      if (/(^|\/)update-alternatives$/.test(program)) {
        const read = readAlternative(rest);
        if (read.kind === "install") alternatives.set(keyOf(read.alternative), read.alternative);
        if (read.kind !== "other" && read.unread !== undefined) unread.push(read.unread);
      } else if (/(^|\/)dpkg-divert$/.test(program)) {
        const diversion = readDiversion(rest);
        if (diversion !== undefined) diversions.set(diversion.path, diversion);
      }
    }
  }
  return {
    alternatives: [...alternatives.values()],
    diversions: [...diversions.values()],
    copies: copies.filter(({ path, source }) => own.has(source) && !own.has(path)),
    notDone: [...new Set([...unread, ...describeEffects(effects)])],
  };
}

const FIRST_INSTALLATION: readonly (readonly [script: string, args: readonly string[]])[] = [
  ["config", ["configure", ""]],
  ["preinst", ["install"]],
  ["postinst", ["configure", ""]],
];

/** The calls, or words that say why they can't be read. */
function readCalls(
  text: string,
  args: readonly string[],
  script: string,
  facts: PackageFacts,
): readonly Call[] | string {
  const [first = ""] = text.split("\n", 1);
  if (!/^#!\s*\S*\/(env\s+)?(sh|bash|dash)\b/.test(first)) {
    const language = /^#!\s*(?:\S*\/env\s+)?(?:\S*\/)?([\w.+-]+)/.exec(first)?.[1];
    return language === undefined ? "a program" : `a program in ${language}`;
  }
  try {
    return callsOf(parseShell(text), worldOf(args, script, facts));
  } catch (error) {
    if (error instanceof ShellSyntaxError) return `which can't be read (${error.message})`;
    throw error;
  }
}

function worldOf(args: readonly string[], script: string, facts: PackageFacts): World {
  const own = new Set(facts.entries.map(({ path }) => path));
  const triplet = TRIPLETS[facts.arch] ?? UNKNOWN;
  return {
    arguments: args,
    variables: {
      DPKG_MAINTSCRIPT_PACKAGE: facts.name,
      DPKG_MAINTSCRIPT_ARCH: facts.arch,
      DPKG_MAINTSCRIPT_NAME: script,
      DEB_HOST_MULTIARCH: triplet,
      PATH: UNKNOWN,
      HOME: UNKNOWN,
    },
    exists: (path) => {
      if (own.has(mergedPath(path))) return true;
      // No service manager runs in a container.
      return path === "/run/systemd/system" ? false : undefined;
    },
    answer: ([program = "", ...rest]) => {
      const name = posix.basename(program);
      switch (name) {
        case "dpkg":
          if (rest[0] === "--print-architecture")
            return { output: `${facts.arch}\n`, succeeds: true };
          return rest[0] === "--compare-versions"
            ? { output: "", succeeds: isOlder(rest[1], rest[2]) }
            : undefined;
        case "dpkg-architecture":
          return rest.join("").endsWith("_MULTIARCH")
            ? { output: `${triplet}\n`, succeeds: true }
            : undefined;
        case "mktemp":
        case "tempfile":
          return { output: "/tmp/file\n", succeeds: true };
        case "basename":
        case "dirname": {
          const [path = UNKNOWN] = rest;
          const output = path.includes(UNKNOWN) || rest.length > 1 ? UNKNOWN : posix[name](path);
          return { output: `${output}\n`, succeeds: true };
        }
        case "update-alternatives":
          // Questions about what there is already.
          if (!rest.includes("--install")) return undefined;
          return { output: "", succeeds: true };
        default:
          return isEffect(name) ? { output: UNKNOWN, succeeds: true } : undefined;
      }
    },
  };
}

/** How dpkg compares the version of a package that was never there: below all, or with "-nl" above. */
function isOlder(version: string | undefined, operator: string | undefined): boolean | undefined {
  if (version !== "") return undefined;
  if (operator === undefined) return undefined;
  if (["lt", "le", "<<", "<=", "ne", "gt-nl", "ge-nl"].includes(operator)) return true;
  return /^(gt|ge|>>|>=|eq|=|lt-nl|le-nl)$/.test(operator) ? false : undefined;
}

/** https://wiki.debian.org/Multiarch/Tuples */
const TRIPLETS: { readonly [arch: string]: string | undefined } = {
  amd64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
};

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

/**
 * A configuration file that ucf puts into /etc, unchanged at a first installation.
 * https://manpages.debian.org/trixie/ucf/ucf.1.en.html
 */
function readCopy(words: readonly string[], own: ReadonlySet<string>): Copy | undefined {
  const [program = "", ...args] = words;
  const [source = "", path = "", ...more] = args
    .filter((arg) => !arg.startsWith("-"))
    .map(mergedPath);
  const isCopy = posix.basename(program) === "ucf" && path !== "" && more.length === 0;
  return isCopy && !path.includes(UNKNOWN) && own.has(source) ? { path, source } : undefined;
}

function isOf(copies: readonly Copy[], words: readonly string[]): boolean {
  const target = mergedPath(words.at(-1) ?? "");
  return words[0] === "ucf" && copies.some(({ path }) => path === target);
}

/** Copies that a script makes in more than one step. */
const KNOWN_COPIES: { readonly [name: string]: readonly Copy[] | undefined } = {
  // With the paper size put in, for which R has a default.
  // https://sources.debian.org/src/r-base/
  "r-base-core": [{ path: "etc/R/Renviron", source: "usr/lib/R/etc/Renviron.ucf" }],
};

function keyOf({ name, path }: Alternative): string {
  return `${name} ${path}`;
}
