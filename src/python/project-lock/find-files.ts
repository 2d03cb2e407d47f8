import { lookUpProject, type IndexAnswer } from "../uv/index-lookup.ts";
import type { PylockFile } from "../uv/pylock.ts";
import { failure } from "./failures.ts";
import type { LockRequest } from "./manager.ts";

/** A package whose lock tells digests, and neither the names of its files nor the one index. */
export interface Unlocated {
  /** Normalised. */
  readonly name: string;
  readonly version: string | undefined;
  /** Hexadecimal. */
  readonly sha256: readonly string[];
  /** The first that has one of the files counts. */
  readonly indexes: readonly string[];
}

export interface Located {
  readonly index: string;
  readonly files: readonly PylockFile[];
}

export interface FindOptions {
  readonly place: Pick<LockRequest["place"], "env" | "netrc" | "placesOf">;
  readonly lockFile: string;
  readonly relock: string;
  /** Variables of the indexes' addresses that are not set, for the message. */
  readonly unset?: readonly string[];
}

/**
 * Asks the indexes' pages, many at once; in the order of `wanted`. Throws a failure where none has
 * a file of a package. https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */
export async function findFiles(
  wanted: readonly Unlocated[],
  options: FindOptions,
): Promise<readonly Located[]> {
  const located: Located[] = [];
  const queue = [...wanted.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, one] = next;
      located[at] = await locate(one, options);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return located;
}

const AT_ONCE = 8;

async function locate(
  { name, version, sha256, indexes }: Unlocated,
  { place, lockFile, relock, unset = [] }: FindOptions,
): Promise<Located> {
  if (sha256.length === 0) {
    const issue = `${[name, version].filter((part) => part !== undefined).join(" ")} has no SHA-256 of its files.`;
    throw failure("lock-invalid", { lockFile, line: undefined, issue, relock });
  }
  const answers: { readonly index: string; readonly answer: string }[] = [];
  const places = indexes.flatMap((index) => place.placesOf(index).map((url) => ({ index, url })));
  for (const { index, url } of places) {
    const answer = await lookUpProject(url, name, place);
    const all = answer.kind === "files" ? answer.files : [];
    const files = all.filter((file) => sha256.includes(file.sha256 ?? ""));
    if (files.length > 0) return { index, files: files.map(asLocked) };
    answers.push({ index: url, answer: describeAnswer(answer) });
  }
  throw failure("files-not-found", { lockFile, relock, name, version, answers, unset });
}

/** By name alone: where it lies is what the index says when it is downloaded. */
function asLocked({ filename, sha256 = "" }: { filename: string; sha256?: string | undefined }) {
  return { name: filename, hashes: { sha256 } };
}

function describeAnswer(answer: IndexAnswer): string {
  if (answer.kind === "files") return "it has no file with a digest of the lock";
  if (answer.kind === "unreachable") return "it does not answer";
  if (answer.status === 404) return "it does not have the package (HTTP 404)";
  if (answer.status === 401 || answer.status === 403) {
    return `it asks for credentials, or refuses those that it was given (HTTP ${answer.status})`;
  }
  return `it answered with HTTP ${answer.status}`;
}
