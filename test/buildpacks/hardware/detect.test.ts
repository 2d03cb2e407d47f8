import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HARDWARE_OF_BUILDER } from "../../../src/accelerator/hardware/sources.ts";
import apt from "../../../src/buildpacks/apt/index.ts";
import hardware from "../../../src/buildpacks/hardware/index.ts";
import type { Detect } from "../../../src/cnb/detect.ts";
import { parseToml } from "../../../src/cnb/toml.ts";
import { type Given, runDetect } from "../../support/detect.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("ml-buildpacks/hardware takes part", () => {
  test.each<[string, Given, boolean | undefined]>([
    ["for hardware.txt", { files: { "hardware.txt": "" } }, false],
    ["for the variable", { env: { BP_HARDWARE: "cpu" } }, false],
    ["beside requirements", { files: { "hardware.txt": "", "requirements.txt": "" } }, true],
    ["beside a lock", { env: { BP_HARDWARE: "cpu" }, files: { "pylock.toml": "" } }, true],
    [
      "beside an explicit lock of conda's",
      { files: { "hardware.txt": "", "conda-linux-64.lock": "" } },
      true,
    ],
    [
      "beside a list of packages for conda",
      { files: { "hardware.txt": "", "package-list.txt": "@EXPLICIT\n" } },
      true,
    ],
    [
      "beside a list of anything",
      { files: { "hardware.txt": "", "package-list.txt": "milk\n" } },
      false,
    ],
    ["not else", { files: { "requirements.txt": "" } }, undefined],
  ])("%s", async (_when, given, python) => {
    const { code, plan } = await runDetect(hardware.detect, given);

    expect(code).toBe(python === undefined ? 100 : 0);
    expect(parseToml(plan)).toEqual(
      python === undefined
        ? {}
        : {
            provides: [{ name: "hardware" }],
            requires: [{ name: "hardware", metadata: { python } }],
          },
    );
  });
});

describe("ml-buildpacks/apt takes part for what stands for packages", () => {
  const file = (text: string) => ({ files: { "hardware.txt": text } });
  test.each<[string, Given, boolean]>([
    ["in the file", file("cuda\nCompiler"), true],
    ["in the variable", { env: { BP_HARDWARE: "cuda,compiler" } }, true],
    [
      "in the file under a variable without",
      { ...file("aws"), env: { BP_HARDWARE: "cpu" } },
      false,
    ],
    ["nowhere", file("cuda==12.8\ntoolkit"), false],
  ])("%s", async (_where, given, takesPart) => {
    const { code } = await runDetect(apt.detect, given);

    expect(code).toBe(takesPart ? 0 : 100);
  });

  test.each<[string, Given, boolean]>([
    ["aws", {}, true],
    ["cuda", {}, false],
    ["aws", { env: { BP_HARDWARE: "cpu" } }, false],
  ])("in the builder's file: %s", async (text, given, takesPart) => {
    const directory = await temporaryDirectory();
    await writeFiles(directory, { hardware: text });
    const conditions = JSON.stringify(apt.detect);
    const elsewhere = conditions.replaceAll(HARDWARE_OF_BUILDER, join(directory, "hardware"));

    const { code } = await runDetect(JSON.parse(elsewhere) as Detect, given);

    expect(code).toBe(takesPart ? 0 : 100);
  });
});
