import { expect, test } from "vitest";
import { readPythonSetting, withPython } from "../../../src/buildpacks/conda/python-setting.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";

const read = (text: string) => readPythonSetting(new Settings({ BP_CPYTHON_VERSION: text }));

test.each([
  ["3.12", "python 3.12.*"],
  ["3", "python 3.*"],
  ["3.12.*", "python 3.12.*"],
  ["==3.12.*", "python 3.12.*"],
  ["python-3.12.4", "python ==3.12.4"],
  [">=3.10, <3.13", "python >=3.10,<3.13"],
  ["^3.11", "python >=3.11,<4"],
  ["~=3.11.2", "python ~=3.11.2"],
  ["!=3.12.*,>=3.11", "python !=3.12.*,>=3.11"],
  ["===3.12.4", "python ==3.12.4"],
  ["*", "python"],
])("%s asks conda for %s", (text, spec) => {
  expect(read(text)).toEqual({ text, spec, problems: [] });
});

test("none where it is not set", () => {
  expect(read("")).toEqual({ text: undefined, spec: undefined, problems: [] });
});

test("what can't be asked for is told", () => {
  const texts = ["312", "newest", "pypy3.10", "3.13t", "3.14rc1"];
  const told = texts.flatMap((text) => read(text).problems.map(describeProblem));

  expect(`\n${told.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    BP_CPYTHON_VERSION: 312
      A version is needed; was 3.12 meant?
    BP_CPYTHON_VERSION: newest
      A version is needed, such as 3.12, 3.12.4 or >=3.10,<3.13.
    BP_CPYTHON_VERSION: pypy3.10
      The app's Python is CPython; pypy is written in the environment file, if it is a conda package.
    BP_CPYTHON_VERSION: 3.13t
      Python without the GIL is asked for in the environment file:

        - python-freethreading
    BP_CPYTHON_VERSION: 3.14rc1
      A release is needed; pre-releases are asked for in the environment file, with their channel.
    "
  `);
});

test("it takes the place of the file's own Python", () => {
  const lines = ["numpy", "conda-forge::python=3.11", "python-dateutil"].map((text, index) => ({
    text,
    line: index + 4,
  }));
  const specs = ["numpy", "https://c.example/forge::python=3.11", "python-dateutil"];
  const asked = { file: "environment.yml", lines, specs };

  const replaced = withPython(read("3.13"), asked);

  expect(replaced.specs).toEqual(["numpy", "python-dateutil", "python 3.13.*"]);
  expect(replaced.lines.map(({ text }) => text)).toEqual(["numpy", "python-dateutil"]);
  expect(replaced.notes.join("\n")).toMatchInlineSnapshot(
    `"Using Python 3.13 (from BP_CPYTHON_VERSION), not conda-forge::python=3.11 of environment.yml, line 5"`,
  );
  expect(withPython(read("3.13"), { ...asked, lines: [], specs: [] }).notes).toEqual([
    "Using Python 3.13 (from BP_CPYTHON_VERSION)",
  ]);
  expect(withPython(read(""), asked)).toEqual({ lines, specs, notes: [] });
});
