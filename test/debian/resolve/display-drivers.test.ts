import { expect, test } from "vitest";
import { withoutDisplayDrivers } from "../../../src/debian/resolve/display-drivers.ts";
import type { ChosenPackage } from "../../../src/debian/resolve/purposes.ts";

// As in Debian 13, with fewer libraries.
const OPENGL = {
  libgl1: "libglvnd0 libglx0",
  libglvnd0: "",
  libglx0: "libglvnd0 libx11-6 libglx-mesa0",
  "libx11-6": "",
  "libglx-mesa0": "libx11-6 libxext6 mesa-libgallium",
  libxext6: "libx11-6",
  "mesa-libgallium": "libllvm19",
  libllvm19: "",
};

function leftOut(
  requested: string,
  others: Readonly<Record<string, string>> = {},
  provides: readonly string[] = [],
): string {
  const packages = Object.entries({ ...OPENGL, ...others }).map(
    ([name, depends]): ChosenPackage => ({
      ...{ name, section: "libs" },
      depends: depends.split(" ").map((one) => [one]),
      provides: name in OPENGL ? [] : provides,
    }),
  );
  const kept = new Set(withoutDisplayDrivers(packages, requested.split(" ")).map(nameOf));
  return packages
    .map(nameOf)
    .filter((name) => !kept.has(name))
    .join(" ");
}

function nameOf({ name }: ChosenPackage): string {
  return name;
}

test("drivers for a display are left out, with what only they need", () => {
  expect(leftOut("libgl1")).toBe("libglx-mesa0 mesa-libgallium libllvm19");
});

test("what others need, too, stays", () => {
  expect(leftOut("libgl1 libllvm19")).toBe("libglx-mesa0 mesa-libgallium");
});

test("all stays that is asked for by name", () => {
  expect(leftOut("libgl1 libglx-mesa0")).toBe("");
  expect(leftOut("libgl1 mesa-libgallium")).toBe("");
});

test("all stays where another package needs the driver", () => {
  expect(leftOut("libgl1 viewer", { viewer: "libglx-mesa0" })).toBe("");
});

test("all stays where rendering without a display needs the same drivers", () => {
  expect(leftOut("libgl1 libegl1", { libegl1: "mesa-libgallium" })).toBe("");
});

test("all stays where there is an X server", () => {
  expect(leftOut("xvfb", { xvfb: "libgl1" }, ["xserver"])).toBe("");
});

test("nothing is left out where OpenGL is not needed", () => {
  expect(leftOut("libxext6")).toBe("");
});
