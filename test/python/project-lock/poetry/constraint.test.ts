import { expect, it } from "vitest";
import {
  allows,
  allowsPlatform,
  isForPython,
} from "../../../../src/python/project-lock/poetry/constraint.ts";

// https://python-poetry.org/docs/dependency-specification/#version-constraints
it.each<[string, readonly string[], readonly string[]]>([
  ["*", ["1.0", "2.0rc1"], []],
  ["^1.2.3", ["1.2.3", "1.9"], ["1.2.2", "2.0", "2.0rc1"]],
  ["^1", ["1.0", "1.9"], ["2.0"]],
  ["^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]],
  ["^0.0.3", ["0.0.3"], ["0.0.4"]],
  ["^0.0", ["0.0.9"], ["0.1"]],
  ["^0", ["0.9"], ["1.0"]],
  ["^1.0rc1", ["1.0rc1", "1.5"], ["1.0b1", "2.0"]],
  ["~1.2.3", ["1.2.3", "1.2.9"], ["1.3"]],
  ["~1.2", ["1.2.9"], ["1.3"]],
  ["~1", ["1.9"], ["2.0"]],
  ["~=1.2", ["1.9"], ["2.0"]],
  ["1.2.*", ["1.2.9"], ["1.3"]],
  ["!=1.2.*", ["1.3"], ["1.2.9"]],
  ["1.2", ["1.2", "1.2.0", "1.2+cpu"], ["1.2.1"]],
  ["=1.2", ["1.2"], ["1.3"]],
  ["==1.2+cpu", ["1.2+cpu"], ["1.2", "1.2+cu128"]],
  ["1.2+cpu", ["1.2+cpu"], ["1.2", "1.2+cu128"]],
  ["!=1.2+cpu", ["1.2", "1.2+cu128"], ["1.2+cpu"]],
  [">=1,<2 || >3", ["1.5", "3.1"], ["2.5", "3.0"]],
  [">= 1 <2", ["1.5"], ["2.0"]],
  [">=1,!=1.5,<2|^4.0", ["1.4", "4.2"], ["1.5", "3.0"]],
  [">=3.6.*", ["3.6", "3.9"], ["3.5"]],
  // What nobody has thought of excludes nothing.
  ["latest", ["1.0"], []],
])("%s", (constraint, allowed, refused) => {
  expect(allowed.filter((version) => !allows(constraint, version))).toEqual([]);
  expect(refused.filter((version) => allows(constraint, version))).toEqual([]);
});

it.each<[string, readonly string[], readonly string[]]>([
  ["^3.11", ["3.11.0", "3.13.5"], ["3.10.14", "4.0.0"]],
  [">=3.10,<3.13", ["3.12.9"], ["3.13.0"]],
  ["3.11", ["3.11.7"], ["3.12.0"]],
  ["3.11.*", ["3.11.7"], ["3.12.0"]],
  ["<=3.11", ["3.11.0"], ["3.11.7"]],
  [">=2.7, !=3.0.*, !=3.1.*", ["3.13.5"], ["3.1.2"]],
  ["~3.8 || ^3.12", ["3.8.1", "3.13.5"], ["3.9.0"]],
])("python = %s", (constraint, allowed, refused) => {
  expect(allowed.filter((version) => !isForPython(constraint, version))).toEqual([]);
  expect(refused.filter((version) => isForPython(constraint, version))).toEqual([]);
});

it.each([
  ["linux", true],
  ["win32", false],
  ["!=win32", true],
  ["darwin || linux", true],
  ["!=win32,!=linux", false],
])("platform = %s", (constraint, expected) => {
  expect(allowsPlatform(constraint, "linux")).toBe(expected);
});
