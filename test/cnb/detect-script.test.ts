import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { detectScript } from "../../src/cnb/detect-script.ts";
import {
  all,
  always,
  any,
  binding,
  type Condition,
  type Detect,
  file,
  not,
  variable,
} from "../../src/cnb/detect.ts";
import { parseToml } from "../../src/cnb/toml.ts";
import { type PhaseDirectories, phaseDirectories, phaseEnv, writeFiles } from "../support/phase.ts";

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

interface Given {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly bindings?: Record<string, string>;
}

async function runDetect(detect: Detect, given: Given = {}) {
  const directories = await phaseDirectories();
  await writeFiles(directories.app, given.files ?? {});
  for (const [name, type] of Object.entries(given.bindings ?? {})) {
    await writeFiles(join(directories.platform, "bindings", name), { type });
  }
  const script = await installScript(directories, detect);
  const env = { PATH: "/usr/bin:/bin", ...phaseEnv(directories), ...given.env };
  const { code, output } = await execute(script, directories.app, env);
  return { code, output, plan: await readFile(directories.plan, "utf8").catch(() => "") };
}

async function installScript(directories: PhaseDirectories, detect: Detect): Promise<string> {
  const bin = join(directories.buildpack, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "detect"), detectScript(detect));
  await writeFile(join(bin, "build"), '#!/bin/sh\necho "$@"\n');
  await chmod(join(bin, "detect"), 0o755);
  await chmod(join(bin, "build"), 0o755);
  return join(bin, "detect");
}

async function execute(program: string, cwd: string, env: Record<string, string>) {
  try {
    const { stdout } = await promisify(execFile)(program, [], { cwd, env });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}
