import { describe, expect, it } from "vitest";
import {
  all,
  always,
  any,
  binding,
  type Condition,
  type Detect,
  file,
  fileMentions,
  not,
  variable,
  variableMentions,
} from "../../src/cnb/detect.ts";
import { parseToml } from "../../src/cnb/toml.ts";
import { type Given, runDetect } from "../support/detect.ts";

const inFile = fileMentions("a", ["aws", "neuron"]);
const inVariable = variableMentions("BP_X", ["aws", "neuron"]);

function utf16(text: string): Uint8Array {
  return Buffer.from(`\uFEFF${text}`, "utf16le");
}

describe("conditions, as the shell sees them", () => {
  it.each<[string, Condition, Given, boolean]>([
    ["always", always, {}, true],
    ["a file that is there", file("apt.txt"), { files: { "apt.txt": "" } }, true],
    ["a file that is not", file("apt.txt"), {}, false],
    ["any of several files", file("a", "b"), { files: { b: "" } }, true],
    ["a pattern that matches", file("*.yml"), { files: { "x.yml": "" } }, true],
    ["a pattern that matches nothing", file("*.yml"), { files: { "x.yaml": "" } }, false],
    [
      "a name with a quote and a blank",
      file("it's a file"),
      { files: { "it's a file": "" } },
      true,
    ],
    ["a variable", variable("BP_X"), { env: { BP_X: "1" } }, true],
    ["an empty variable", variable("BP_X"), { env: { BP_X: "" } }, false],
    ["a file of the image", file("/bin/sh"), {}, true],
    ["a word in a file", inFile, { files: { a: "cuda\nAWS # x\n" } }, true],
    ["a word in UTF-16", inFile, { files: { a: utf16("neuron\r\n") } }, true],
    ["a word before a comparison", inFile, { files: { a: "aws==1" } }, true],
    ["a word between lines of CR", inFile, { files: { a: "# aws\raws" } }, true],
    ["a word of a comment", inFile, { files: { a: "cpu # aws\n#neuron" } }, false],
    ["a part of a word", inFile, { files: { a: "laws aws2 my_neuron" } }, false],
    ["a word in no file", inFile, {}, false],
    ["a word in a variable", inVariable, { env: { BP_X: "cuda,Aws" } }, true],
    ["a word in no variable", inVariable, { env: { BP_X: "-n cuda" } }, false],
    ["a word in a variable that is not set", inVariable, {}, false],
    ["no word", not(inVariable), {}, true],
    ["a binding", binding("pypi"), { bindings: { one: "pypi" } }, true],
    [
      "a binding, its type with a newline and capitals",
      binding("pypi"),
      { bindings: { one: "PyPI\n" } },
      true,
    ],
    ["a binding of another type", binding("pypi"), { bindings: { one: "apt" } }, false],
    ["no bindings", binding("pypi"), {}, false],
    ["all of two", all(file("a"), file("b")), { files: { a: "", b: "" } }, true],
    ["one of all", all(file("a"), file("b")), { files: { a: "" } }, false],
    ["any of two kinds", any(file("a"), variable("BP_X")), { env: { BP_X: "1" } }, true],
    ["not", not(file("a")), {}, true],
    ["not, of any", not(any(file("a"), file("b"))), { files: { b: "" } }, false],
  ])("%s", async (_what, when, given, takesPart) => {
    const { code } = await runDetect({ cases: [{ when, plan: {} }], otherwise: "no" }, given);

    expect(code).toBe(takesPart ? 0 : 100);
  });
});

describe("the script", () => {
  it("writes the plan of the first case that holds", async () => {
    const detect: Detect = {
      cases: [
        { when: file("a"), plan: { provides: ["first"] } },
        {
          when: file("b"),
          plan: { requires: [{ name: "it's $HOME `x`", metadata: { build: true } }] },
        },
      ],
      otherwise: "",
    };

    const { plan } = await runDetect(detect, { files: { b: "" } });

    expect(parseToml(plan)).toEqual({
      requires: [{ name: "it's $HOME `x`", metadata: { build: true } }],
    });
  });

  it("says why it does not take part", async () => {
    const { code, output } = await runDetect({
      cases: [],
      otherwise: "no apt.txt, it's not there",
    });

    expect(code).toBe(100);
    expect(output).toBe("no apt.txt, it's not there\n");
  });

  it("starts bin/build for a case that must read files, with the case's number", async () => {
    const detect: Detect = {
      cases: [
        { when: file("a"), plan: {} },
        { when: always, inspect: async () => ({ takesPart: false, reason: "" }) },
      ],
      otherwise: "",
    };

    const { output } = await runDetect(detect);

    expect(output).toBe("--detect 1\n");
  });
});
