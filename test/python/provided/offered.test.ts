import { expect, it } from "vitest";
import { offer } from "../../../src/python/provided/offered.ts";
import { parseRequirementLine } from "../../../src/python/requirements/requirement-line.ts";
import type { Requirement } from "../../../src/python/requirements/requirement.ts";

const PROVIDED = {
  provider: "conda",
  cuda: undefined,
  packages: new Map([
    ["numpy", "2.2.6"],
    ["torch", "2.5.1+cu124"],
    ["tool", "1.0rc1"],
    ["odd", "unknown"],
  ]),
};

const requirement = (line: string): Requirement => {
  const parsed = parseRequirementLine(
    line,
    { file: "environment.yml" },
    { editable: false, appDir: "/app", base: "." },
  );
  if (!parsed.ok) throw new Error(parsed.needed);
  return { ...parsed.requirement, text: line };
};

const offered = (requirements: readonly string[], constraints: readonly string[] = []) =>
  offer(PROVIDED, {
    requirements: requirements.map(requirement),
    constraints: constraints.map(requirement),
  });

it("takes what fits as it is, and says which lines need no package", () => {
  const { packages, skipped } = offered(["numpy>=2", "torch==2.5.1", "tool>=0.9", "flask"]);

  expect([...packages.keys()]).toEqual(["numpy", "torch", "tool"]);
  expect(skipped.map(({ text }) => text)).toEqual(["numpy>=2", "torch==2.5.1", "tool>=0.9"]);
});

it.each([
  ["another version", ["numpy<2"], []],
  ["another version, beside one that fits", ["numpy", "numpy!=2.2.6"], []],
  ["a URL", ["numpy @ https://example.com/numpy-2.2.6-py3-none-any.whl"], []],
  ["a repository", ["numpy @ git+https://example.com/numpy.git"], []],
  ["a path", ["numpy @ ./numpy"], []],
  ["a version that constraints forbid", [], ["numpy<2"]],
])("does not offer what is asked for in %s", (_what, requirements, constraints) => {
  const { packages, skipped } = offered(requirements, constraints);

  expect([...packages.keys()]).toEqual(["torch", "tool"]);
  expect(skipped).toEqual([]);
});
