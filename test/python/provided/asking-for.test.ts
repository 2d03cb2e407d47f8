import { expect, test } from "vitest";
import { askingFor } from "../../../src/python/provided/asking-for.ts";

test("is told with the lines of the file", () => {
  expect(askingFor("environment.yml", ["python", "gunicorn"])).toMatchInlineSnapshot(`
    "Write under 'dependencies:' of environment.yml:

      - python
      - gunicorn"
  `);
});

test.each([
  ["conda-lock.yml", true],
  ["deploy/conda-lock.yaml", true],
  ["locks/gpu.conda-lock.yml", true],
  ["pixi.lock", true],
  ["conda-linux-64.lock", true],
  ["spec-file.txt", true],
  ["environment.yaml", false],
  ["clock.yml", false],
  ["deploy/env.yml", false],
])("%s is a lock, which is made from another file: %s", (file, expected) => {
  expect(askingFor(file, ["python"]).startsWith("Write into the file that")).toBe(expected);
});
