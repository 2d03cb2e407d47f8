import { posix } from "node:path";
import { isCommon } from "../environment/places.ts";
import { TRIPLETS } from "../environment/tree.ts";
import type { Debconf } from "./debconf.ts";
import { changesUnseen, isEffect } from "./effects.ts";
import { mergedPath } from "./merge-usr.ts";
import type { PackageFacts } from "./scripts.ts";
import { type Answer, type Call, UNKNOWN, type World } from "./shell/evaluate.ts";
import type { KindOf } from "./shell/condition.ts";

/** The system that a maintainer script meets where its package is installed for the first time. */
export function systemOf(
  script: string,
  args: readonly string[],
  facts: PackageFacts,
  debconf: Debconf,
): World {
  const [, triplet = UNKNOWN] =
    Object.entries(TRIPLETS).find(([arch]) => arch === facts.arch) ?? [];
  const kindOf = filesOf(facts);
  let isSeen = true;
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
    kindOf: (path) => {
      const kind = kindOf(path);
      return kind === "none" && !isSeen ? undefined : kind;
    },
    answer: (call) => {
      isSeen &&= !changesUnseen(call.words);
      return debconf.answer(call) ?? answer(call, facts, triplet);
    },
  };
}

/**
 * The package's own files; in a directory that is its own in /etc or elsewhere, nothing else is
 * there yet.
 */
function filesOf({ entries }: PackageFacts): KindOf {
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  const isPrivate = (directory: string) =>
    kinds.get(directory) === "directory" &&
    directory.includes("/") &&
    !isCommon(directory.startsWith("etc/") ? `${directory}/any` : directory);
  return (path) => {
    if (NEVER_THERE.has(path)) return "none";
    const merged = mergedPath(path);
    return kinds.get(merged) ?? (isPrivate(posix.dirname(merged)) ? "none" : undefined);
  };
}

const NEVER_THERE = new Set([
  // No service manager runs in a container.
  "/run/systemd/system",
  // https://www.debian.org/doc/debian-policy/ch-opersys.html#site-specific-programs
  "/etc/staff-group-for-usr-local",
]);

function answer({ words }: Call, facts: PackageFacts, triplet: string): Answer | undefined {
  const [program = "", ...rest] = words;
  const name = posix.basename(program);
  switch (name) {
    case "dpkg":
      if (rest[0] === "--print-architecture") return { output: `${facts.arch}\n`, succeeds: true };
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
    case "dpkg-statoverride":
      // Nobody has overridden anything yet.
      return { output: "", succeeds: rest.includes("--add") };
    case "update-alternatives":
      // Questions about what there is already.
      if (!rest.includes("--install")) return undefined;
      return { output: "", succeeds: true };
    default:
      return isEffect(name) ? { output: UNKNOWN, succeeds: true } : undefined;
  }
}

/** How dpkg compares the version of a package that was never there: below all, or with "-nl" above. */
function isOlder(version: string | undefined, operator: string | undefined): boolean | undefined {
  if (version !== "") return undefined;
  if (operator === undefined) return undefined;
  if (["lt", "le", "<<", "<=", "ne", "gt-nl", "ge-nl"].includes(operator)) return true;
  return /^(gt|ge|>>|>=|eq|=|lt-nl|le-nl)$/.test(operator) ? false : undefined;
}
