import { basename } from "node:path";
import { credentialFor } from "../../kit/credentials.ts";
import type { Origin } from "../../kit/origin.ts";
import type { Asked, Complaint, RunImageChange, SourcePlace } from "../complaint.ts";
import type { ArchiveSource, Requests } from "../requests/requests.ts";
import type { Plan } from "./apt-output.ts";

/** What apt worked on, to say where a mistake is written. */
export interface Situation {
  readonly requests: Pick<Requests, "credentials" | "sources">;
  /** Versions of the run image's packages. */
  readonly installed: ReadonlyMap<string, string>;
  readonly snapshot: string | undefined;
}

/** What `apt-get update` says in the end, as apt 3.0 words it. */
export function complaintOfUpdate(output: string, situation: Situation): Complaint {
  const { requests } = situation;
  for (const { phrase, complain } of UPDATE_PHRASES) {
    const match = phrase.exec(output);
    if (match !== null) return complain(match, { output, ...requests });
  }
  return { kind: "unknown", output: errorLines(output) };
}

interface Said extends Pick<Requests, "credentials" | "sources"> {
  readonly output: string;
}

interface Phrase {
  readonly phrase: RegExp;
  readonly complain: (match: RegExpExecArray, said: Said) => Complaint;
}

/** The first that fits counts: apt says of an archive that it can't read that it is not signed. */
const UPDATE_PHRASES: readonly Phrase[] = [
  {
    phrase:
      /Conflicting values set for option Signed-By regarding source (\S+) (\S+): (\S*) != (\S*)/,
    complain: ([, uri = "", suite = "", one = "", other = ""], { sources }) => ({
      kind: "sources-conflict",
      issue: `${uri} ${suite} is named twice, ${keyWords(one, sources)} and ${keyWords(other, sources)}.`,
      places: placesOf(uri, sources),
    }),
  },
  {
    phrase: /^E: Failed to fetch (\S+) +(40[13]|407) /m,
    complain: ([, url = "", status = ""], { credentials }) => ({
      kind: "denied",
      url,
      status,
      sent: credentialFor(url, credentials)?.origin,
    }),
  },
  {
    phrase: /OpenPGP signature verification failed: (\S+ \S+) \S+: (.*)$/m,
    complain: ([, source = "", words = ""], { sources, output }) => ({
      kind: "signature",
      ...placeOf(source, sources),
      ...judgeSignature(words),
      output: errorLines(output),
    }),
  },
  {
    phrase: /^Err:\d+ (\S+ \S+) \S+\n {2}Clearsigned file isn't valid/m,
    complain: ([, source = ""], { sources, output }) => ({
      kind: "signature",
      reason: "unsigned",
      key: undefined,
      ...placeOf(source, sources),
      output: errorLines(output),
    }),
  },
  {
    phrase:
      /Release file for (\S+?)\/dists\/(\S+)\/\S+ is (expired|not valid yet) \(invalid (?:since|for another) ([^)]*)\)/,
    complain: ([, uri, suite, reason, by = ""], { sources }) => ({
      kind: "release-time",
      reason: reason === "expired" ? "expired" : "not-yet-valid",
      by,
      ...placeOf(`${uri} ${suite}`, sources),
    }),
  },
  {
    phrase: /repository '(\S+ \S+) Release' does not have a Release file/,
    complain: ([, source = ""], { output, sources }) => {
      const status = /^ {2}(\d{3}) /m.exec(output)?.[1];
      return status === undefined
        ? unreachable(output, source.split(" ")[0] ?? source)
        : { kind: "release-missing", status, ...placeOf(source, sources) };
    },
  },
  {
    phrase: /doesn't have the component '([^']+)'/,
    complain: ([, component = ""], { output, sources }) => ({
      kind: "component-missing",
      component,
      ...placeOf(/repository '(\S+ \S+)/.exec(output)?.[1] ?? "", sources),
    }),
  },
  {
    phrase:
      /^E: Failed to fetch (\S+) +(?:File has unexpected size|Hash Sum mismatch|.*Mirror sync)/m,
    complain: ([, url = ""], { output }) => ({
      kind: "index-mismatch",
      url,
      output: errorLines(output),
    }),
  },
  {
    phrase: /repository '(\S+ \S+) (?:InRelease|Release)' is not signed/,
    complain: ([, source = ""], { sources, output }) => ({
      kind: "signature",
      reason: "unsigned",
      key: undefined,
      ...placeOf(source, sources),
      output: errorLines(output),
    }),
  },
  {
    phrase: /^E: Failed to fetch (\S+)/m,
    complain: ([, url = ""], { output }) => unreachable(output, url),
  },
];

function unreachable(output: string, url: string): Complaint {
  const words = /^Err:\d+ .*\n((?: {2}.*\n)+)/m.exec(output)?.[1] ?? "";
  const [first = ""] = words.trim().split("\n");
  const reason = first
    .replace(/ *\[IP: [^\]]*\]$/, "")
    .replace(/\.? - connect \((?:\d+: )?(.*)\)$/, ": $1")
    .replace(/^(\d{3}) +(.*)$/, "It answered with status $1 ($2)")
    .trim();
  return { kind: "unreachable", url, reason: reason.replace(/\.$/, "") };
}

function judgeSignature(
  words: string,
): Pick<Extract<Complaint, { kind: "signature" }>, "reason" | "key"> {
  const missing = /(?:Missing key|NO_PUBKEY) ([0-9A-F]{8,})/.exec(words)?.[1];
  if (missing !== undefined) return { reason: "key-missing", key: missing };
  const key = /\b([0-9A-F]{16,40})\b/.exec(words)?.[1];
  if (/not considered secure|expired|revoked|policy rejected|weak/i.test(words)) {
    return { reason: "key-weak", key };
  }
  return { reason: "bad", key };
}

/** Where a source of the app is written that apt speaks of as "address suite". */
function placeOf(said: string, sources: readonly ArchiveSource[]): SourcePlace {
  const [uri = "", suite = ""] = said.split(" ");
  const found = sources.find(
    ({ uris, suites }) => uris.some((one) => bare(one) === bare(uri)) && suites.includes(suite),
  );
  return { source: said, ...(found === undefined ? {} : { origin: found.origin }) };
}

function placesOf(uri: string, sources: readonly ArchiveSource[]): readonly Origin[] {
  return sources
    .filter(({ uris }) => uris.some((one) => bare(one) === bare(uri)))
    .map(({ origin }) => origin);
}

function keyWords(path: string, sources: readonly ArchiveSource[]): string {
  const index = /\/keys\/app-(\d+)\.(?:asc|gpg)$/.exec(path)?.[1];
  if (index !== undefined) return `with the key ${sources[Number(index)]?.key?.file}`;
  return path === "" ? "without a key" : `with the image's key ${basename(path)}`;
}

function bare(uri: string): string {
  return uri.replace(/\/+$/, "");
}

/** `free` is what apt would do, or say, if it might change the run image. */
export function complaintOfResolution(
  output: string,
  free: Plan | string,
  { installed, snapshot }: Situation,
  { asked, culprits, suites }: Suspects,
): Complaint {
  const involvedIn = (said: string) => (culprits.length > 0 ? culprits : involved(said, asked));
  if (typeof free !== "string") {
    const changes: readonly RunImageChange[] = [
      ...free.changed.map(({ name, before, after }) => ({
        name,
        installed: before,
        wanted: after,
      })),
      ...free.removed.map(({ name }) => ({
        name,
        installed: installed.get(name) ?? "",
        wanted: undefined,
      })),
    ];
    if (changes.length > 0) {
      return { kind: "run-image-differs", changes, asked: involvedIn(output), snapshot };
    }
  }
  const said = typeof free === "string" ? free : output;
  const [, suite, name] = /^E: Release '([^']+)' for '([^']+)' was not found/m.exec(said) ?? [];
  const wanting = asked.find((one) => one.name === name);
  if (suite !== undefined && wanting !== undefined) {
    return { kind: "suite-unavailable", asked: wanting, suite, suites };
  }
  const lines = unmetLines(said);
  if (lines.length === 0) return { kind: "unknown", output: errorLines(said) };
  return { kind: "unsatisfiable", lines, asked: involvedIn(said) };
}

export interface Suspects {
  readonly asked: readonly Asked[];
  /** Those of them that are known to be the cause, if any. */
  readonly culprits: readonly Asked[];
  /** Names of the suites that the sources have. */
  readonly suites: readonly string[];
}

/** Those that apt names; all, where it names none. */
function involved(output: string, asked: readonly Asked[]): readonly Asked[] {
  const words = new Set(output.match(/[a-z0-9][a-z0-9+.-]+/g));
  const named = asked.filter(({ name }) => words.has(name));
  return named.length > 0 ? named : asked;
}

/** " tool : Depends: libone (>= 2) but 1.0 is to be installed", without the padding. */
function unmetLines(output: string): readonly string[] {
  const [, block = ""] = /unmet dependencies[.:]*\n((?: .*\n)+)/.exec(output) ?? [];
  const lines: string[] = [];
  let name = "";
  for (const line of block.split("\n")) {
    const [, subject, rest = ""] = /^ (?:(\S+) :|\s+) *(.*)$/.exec(line) ?? [];
    if (subject !== undefined) name = subject;
    if (rest !== "") lines.push(`${name}: ${rest}`);
  }
  return lines;
}

/** Names of the packages whose chosen versions others can't be installed with. */
export function versionsInTheWay(output: string): ReadonlySet<string> {
  const names = unmetLines(output).map(
    (line) => /: (\S+) (?:\(\S+ \S+\) )?but /.exec(line)?.[1] ?? "",
  );
  return new Set(names);
}

/** Apt's errors and warnings, with the lines that belong to them. */
function errorLines(output: string): string {
  const found = [...output.matchAll(/^[EW]: .*(?:\n {3}.*)*/gm)].map(([block]) => block);
  return found.length === 0 ? output : found.join("\n");
}
