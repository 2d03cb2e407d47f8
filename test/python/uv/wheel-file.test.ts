import { describe, expect, test } from "vitest";
import { parseWheelFile, rankWheel, type WheelTarget } from "../../../src/python/uv/wheel-file.ts";

const target: WheelTarget = { pythonMinor: "3.13", arch: "amd64", glibc: [2, 41] };

function rank(tags: string, to: WheelTarget = target): number | undefined {
  const wheel = parseWheelFile(`a-1.0-${tags}.whl`);
  return wheel === undefined ? undefined : rankWheel(wheel, to);
}

test("the order is that of pip", () => {
  const order = [
    "cp313-cp313-manylinux_2_41_x86_64",
    "cp313-cp313-manylinux_2_28_x86_64",
    "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64",
    "cp313-cp313-manylinux2014_x86_64",
    "cp313-cp313-manylinux2010_x86_64",
    "cp313-cp313-manylinux1_x86_64",
    "cp313-cp313-linux_x86_64",
    "cp313-abi3-manylinux_2_17_x86_64",
    "cp312-abi3-manylinux_2_28_x86_64",
    "cp37-abi3-manylinux_2_34_x86_64",
    "cp313-none-manylinux_2_17_x86_64",
    "py313-none-manylinux_2_17_x86_64",
    "py3-none-manylinux_2_28_x86_64",
    "py3-none-manylinux2014_x86_64",
    "py312-none-manylinux_2_28_x86_64",
    "cp313-none-any",
    "py313-none-any",
    "py3-none-any",
    "py2.py3-none-any",
    "py310-none-any",
  ];

  const ranks = order.map((tags) => rank(tags) ?? Number.NaN);

  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(ranks).not.toContain(Number.NaN);
});

describe("what does not fit", () => {
  const cases = [
    "cp312-cp312-manylinux_2_17_x86_64",
    "cp313-cp313t-manylinux_2_17_x86_64",
    "cp314-abi3-manylinux_2_17_x86_64",
    "cp313-cp313-manylinux_2_42_x86_64",
    "cp313-cp313-manylinux_2_17_aarch64",
    "cp313-cp313-musllinux_1_2_x86_64",
    "cp313-cp313-win_amd64",
    "cp313-cp313-macosx_11_0_arm64",
    "py2-none-any",
    "py314-none-any",
    "pp310-pypy310_pp73-manylinux_2_17_x86_64",
  ];
  test.each(cases)("%s", (tags) => {
    expect(rank(tags)).toBeUndefined();
  });
});

test("another architecture takes its own wheels", () => {
  expect(rank("cp313-cp313-manylinux2014_aarch64", { ...target, arch: "arm64" })).toBeDefined();
});

test("a build number is read, and a file that is no wheel is none", () => {
  expect(parseWheelFile("a-1.0-2b-py3-none-any.whl")?.build).toEqual([2, "b"]);
  expect(parseWheelFile("a-1.0-py3-none-any.whl")?.build).toEqual([0, ""]);
  expect(parseWheelFile("a-1.0.tar.gz")).toBeUndefined();
  expect(parseWheelFile("a.whl")).toBeUndefined();
});
