import { expect, test } from "vitest";
import { listLockMoves } from "../../../src/buildpacks/conda/moves.ts";
import { type CondaPackage, packageAt } from "../../../src/conda/lock.ts";
import { createLog } from "../../../src/kit/log.ts";

test("what moved between two locks is said in a line each", () => {
  const said = moves(
    [
      at("a/linux-64/gone-1.0-0.conda"),
      at("a/linux-64/numpy-2.2.6-py312_0.conda"),
      at("a/linux-64/rebuilt-1.0-h1_0.conda"),
      at("a/linux-64/republished-1.0-0.conda", "0"),
      at("a/linux-64/same-1.0-0.conda"),
      at("b/linux-64/elsewhere-1.0-0.conda"),
    ],
    [
      at("a/linux-64/elsewhere-1.0-0.conda"),
      at("a/linux-64/new-1.0-0.conda"),
      at("a/linux-64/numpy-2.3.0-py312_0.conda"),
      at("a/linux-64/rebuilt-1.0-h2_1.conda"),
      at("a/linux-64/republished-1.0-0.conda", "1"),
      at("a/linux-64/same-1.0-0.conda"),
    ],
  );

  expect(said).toMatchInlineSnapshot(`
    "Compared with the previous lock:
     - elsewhere 1.0: https://channels.example/b/linux-64 → https://channels.example/a/linux-64
     - gone 1.0 removed
     - new 1.0 added
     - numpy 2.2.6 → 2.3.0
     - rebuilt 1.0: build h1_0 → h2_1
     - republished 1.0: another file
    "
  `);
});

function at(path: string, sha256 = "f"): CondaPackage {
  const found = packageAt(`https://channels.example/${path}`, { sha256 });
  if (found === undefined) throw new Error(path);
  return found;
}

function moves(previous: readonly CondaPackage[], lock: readonly CondaPackage[]): string {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  listLockMoves(createLog({ out: print, err: print, debug: false }), previous, lock);
  return lines.join("");
}
