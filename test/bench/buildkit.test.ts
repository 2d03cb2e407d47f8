import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { phasesOf, textOf } from "../../bench/buildkit-progress.ts";
import { ROOT } from "../../scripts/lib/paths.ts";

// As BuildKit 0.33.1 said it, without what is not read of it.
async function recorded(name: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, "test/fixtures/buildkit", `${name}.txt`), "utf8");
  return text.trimEnd().split("\n");
}

const at = (seconds: number) => `2026-11-22T07:08:${seconds.toFixed(3).padStart(6, "0")}Z`;

function span(from: number, to: number) {
  return { began: Date.parse(at(from)), ended: Date.parse(at(to)) };
}

function vertex(name: string, from: number, to: number): string {
  const times = { started: at(from), completed: at(to) };
  return JSON.stringify({ vertexes: [{ digest: name, name, ...times }] });
}

it("tells where the time of a build and a push went", async () => {
  expect(phasesOf(await recorded("registry"), span(20.4, 25.6))).toMatchInlineSnapshot(`
    [
      {
        "name": "load context",
        "seconds": 0.0865,
      },
      {
        "name": "COPY .",
        "seconds": 0.094,
      },
      {
        "name": "RUN pip install",
        "seconds": 4.352,
      },
      {
        "name": "export layers",
        "seconds": 0.361,
      },
      {
        "name": "push",
        "seconds": 0.081,
      },
      {
        "name": "other",
        "seconds": 0.2255,
      },
    ]
  `);
});

it("counts what the engine reads after BuildKit's end as loading", async () => {
  expect(phasesOf(await recorded("engine"), span(25.6, 27.6))).toMatchInlineSnapshot(`
    [
      {
        "name": "load",
        "seconds": 1.83,
      },
      {
        "name": "other",
        "seconds": 0.17,
      },
    ]
  `);
});

it("divides the time of steps that ran at once among them", () => {
  const lines = [
    vertex("[a 1/2] RUN pip install x", 0, 3),
    vertex("[b 1/2] COPY --link . .", 1, 2),
  ];
  expect(phasesOf(lines, span(0, 4))).toEqual([
    { name: "RUN pip install", seconds: 2.5 },
    { name: "COPY .", seconds: 0.5 },
    { name: "other", seconds: 1 },
  ]);
});

it("adds up what is short", () => {
  const lines = [vertex("[1/3] WORKDIR /app", 0, 0.04), vertex("[2/3] COPY a .", 0.04, 0.07)];
  expect(phasesOf(lines, span(0, 0.1))).toEqual([{ name: "other", seconds: 0.1 }]);
});

it("reads what a failed step printed", async () => {
  expect(textOf(await recorded("failed"))).toMatchInlineSnapshot(`
    "no such thing
    hello
    app.Dockerfile:2
    --------------------
       1 |     FROM 127.0.0.1:5000/run:cpu
       2 | >>> RUN echo hello && echo "no such thing" >&2 && exit 3
       3 |     
    --------------------
    error: failed to solve: process "/bin/sh -c echo hello && echo \\"no such thing\\" >&2 && exit 3" did not complete successfully: exit code: 3"
  `);
});
