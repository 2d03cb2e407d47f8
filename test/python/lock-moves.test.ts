import { expect, test } from "vitest";
import { createLog } from "../../src/kit/log.ts";
import { listLockMoves } from "../../src/python/lock-moves.ts";
import type { Distribution } from "../../src/python/lock.ts";

const wheel = (name: string, version: string, sha256 = "a"): Distribution => ({
  from: "wheel",
  name,
  version,
  sha256,
});
const git = (commit: string): Distribution => ({ from: "git", name: "repo", url: "u", commit });
const directory = (sha256: string): Distribution => ({
  from: "directory",
  name: "app",
  path: ".",
  sha256,
});

test("what moved between two locks is said in a line each", () => {
  const said = moves(
    [
      wheel("numpy", "2.2.6"),
      wheel("gone", "1.0"),
      wheel("same", "1.0"),
      wheel("republished", "1.0", "a"),
      wheel("built", "1.0"),
      git("0123456789abcdef"),
      directory("1"),
    ],
    [
      wheel("numpy", "2.3.0"),
      wheel("new", "1.0"),
      wheel("same", "1.0"),
      wheel("republished", "1.0", "b"),
      { from: "sdist", name: "built", version: "1.0", sha256: "c" },
      git("fedcba9876543210"),
      directory("2"),
    ],
  );

  expect(said).toMatchInlineSnapshot(`
    "Compared with the previous lock:
     - built 1.0: a wheel → its source
     - gone 1.0 removed
     - new 1.0 added
     - numpy 2.2.6 → 2.3.0
     - repo 0123456789ab → fedcba987654
     - republished 1.0: another file
    "
  `);
});

function moves(previous: readonly Distribution[], lock: readonly Distribution[]): string {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  listLockMoves(createLog({ out: print, err: print, debug: false }), previous, lock);
  return lines.join("");
}
