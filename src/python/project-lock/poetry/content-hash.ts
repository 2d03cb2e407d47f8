import { gte, lt, valid } from "@renovatebot/pep440";
import { sha256 } from "../../../kit/hash.ts";
import { pythonJson } from "../python-json.ts";

/** What is known of a lock: who made it, and of which project. */
export interface LockOrigin {
  /** Poetry's version in the lock's first line, which locks before Poetry 1.4 lack. */
  readonly generator: string | undefined;
  /** "2.1" */
  readonly lockVersion: string;
  readonly contentHash: string | undefined;
}

type Table = Readonly<Record<string, unknown>>;

/**
 * Whether a lock is that of the project as it is now. "unknown" where the lock was made by a Poetry
 * that may compute its hash in a way that is not known here.
 */
export function judgeLock(origin: LockOrigin, project: Table): "fresh" | "stale" | "unknown" {
  const { generator, contentHash } = origin;
  if (contentHash !== undefined && contentHashes(origin, project).includes(contentHash))
    return "fresh";
  const isNewer =
    generator !== undefined && valid(generator) !== null && gte(generator, FIRST_UNKNOWN);
  return isNewer ? "unknown" : "stale";
}

/** The ways to compute it are read from Poetry 1.0 to 2.5. */
const FIRST_UNKNOWN = "2.6.dev0";

/**
 * What the versions of Poetry compute, the newest first. An older way counts only for a lock of that
 * age: it leaves parts of the project out.
 * https://github.com/python-poetry/poetry/blob/2.5.1/src/poetry/packages/locker.py
 */
export function contentHashes(origin: LockOrigin, project: Table): readonly string[] {
  const { project: standard, "dependency-groups": groups } = project;
  const poetry = table(table(project["tool"])["poetry"]);
  const relevant = pick(table(standard), PROJECT_KEYS);
  const contents = [
    content({ poetry, project: relevant, groups: table(groups) }),
    ...(isBefore(origin, "2.3.dev0") ? [content({ poetry, project: relevant, groups: {} })] : []),
    ...(isBefore(origin, "2.dev0") ? [content({ poetry, project: {}, groups: {} })] : []),
  ];
  return contents.map((each) => sha256(pythonJson(each)));
}

function isBefore({ generator, lockVersion }: LockOrigin, version: string): boolean {
  if (generator === undefined || valid(generator) === null) return lt(lockVersion, "2.1");
  return lt(generator, version);
}

const PROJECT_KEYS = ["requires-python", "dependencies", "optional-dependencies"];

/** The keys from before groups stand in the hash as null where there is nothing else to tell. */
const FIRST_KEYS = ["dependencies", "source", "extras", "dev-dependencies"];

function content(parts: {
  readonly poetry: Table;
  readonly project: Table;
  readonly groups: Table;
}): Table {
  const { poetry, project, groups } = parts;
  const standard = {
    ...(isEmpty(project) ? {} : { project }),
    ...(isEmpty(groups) ? {} : { "dependency-groups": groups }),
  };
  const own = pick(poetry, [...FIRST_KEYS, "group"]);
  if (!isEmpty(standard)) return { ...standard, tool: { poetry: own } };
  return { ...Object.fromEntries(FIRST_KEYS.map((key) => [key, null])), ...own };
}

function pick(source: Table, keys: readonly string[]): Table {
  return Object.fromEntries(
    keys.flatMap((key) => (source[key] === undefined ? [] : [[key, source[key]]])),
  );
}

function isEmpty(value: Table): boolean {
  return Object.keys(value).length === 0;
}

function table(value: unknown): Table {
  return typeof value === "object" && value !== null ? (value as Table) : {};
}
