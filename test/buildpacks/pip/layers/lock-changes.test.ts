import { expect, it } from "vitest";
import { tellDiscarded } from "../../../../src/buildpacks/pip/layers/lock-changes.ts";
import type { FactChange } from "../../../../src/cnb/layer.ts";
import { createLog } from "../../../../src/kit/log.ts";

it("names the files and packages that have changed", () => {
  expect(
    told([
      change("files", { "base.txt": "1", "requirements.txt": "1" }, { "requirements.txt": "2" }),
      change("local", { ".": "1" }, { ".": "2", libs: "1" }),
      change("epoch", "1", "2"),
    ]),
  ).toMatchInlineSnapshot(`
    "Discarding cached lock since:
     - requirements.txt has changed
     - base.txt is not used any more
     - the app's own package has changed
     - libs is new
     - epoch has changed from 1 to 2
    "
  `);
});

it("names the section of another manager's file", () => {
  const changes = [change("files", { "environment.yml": "1" }, { "environment.yml": "2" })];

  expect(told(changes, "environment.yml")).toMatchInlineSnapshot(`
    "Discarding cached lock since:
     - The pip section of environment.yml has changed
    "
  `);
});

it.each([
  [
    "variables in a file that has changed",
    [change("files", {}, { a: "1" }), change("expanded", "1", "2")],
    "a is new",
  ],
  ["variables alone", [change("expanded", "1", "2")], "expanded has changed from 1 to 2"],
  [
    "a nested package that the app's files name by now",
    [change("nested", { a: "1", b: "1" }, { b: "2" }), change("local", {}, { a: "1" })],
    "b has changed\n - a is new",
  ],
])("tells once of %s", (_, changes, line) => {
  expect(told(changes)).toBe(`Discarding cached lock since:\n - ${line}\n`);
});

function change(
  fact: string,
  found: FactChange["found"],
  wanted: FactChange["wanted"],
): FactChange {
  return { fact, label: fact, found, wanted };
}

function told(changes: readonly FactChange[], handed?: string): string {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const log = createLog({ out: print, err: print, debug: false });
  tellDiscarded(log, { kind: "outdated", changes, found: {} }, handed);
  return lines.join("");
}
