import { describe, expect, it } from "vitest";
import { type BuildpackDefinition, run } from "../../src/kit/buildpack.ts";
import { defineFailures } from "../../src/kit/failure.ts";
import { phaseDirectories, phaseEnv, writeFiles } from "../support/phase.ts";

const failure = defineFailures<{ "no-network": { host: string } }>({
  "no-network": ({ host }) => ({
    blame: "environment",
    title: "Cannot download Python",
    body: `The host ${host} did not answer.`,
    details: "connect ETIMEDOUT",
  }),
});

describe("what a user reads when a build fails", () => {
  it("is the prepared message, with the closing line of who can mend it", async () => {
    const { code, output } = await runBuild(async () => {
      throw failure("no-network", { host: "example.com" });
    });

    expect(code).toBe(2);
    expect(output).toMatchInlineSnapshot(`
      "
      [Error: Cannot download Python]

      The host example.com did not answer.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      connect ETIMEDOUT

      "
    `);
  });

  it("is one about disk space where that has run out, whoever noticed it", async () => {
    const { code, output } = await runBuild(async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    });

    expect(code).toBe(2);
    expect(output).toMatchInlineSnapshot(`
      "
      [Error: The disk is full]

      Found: no space is left where the build keeps its layers or its temporary files.
      Needed: a larger volume or disk for the build, or less on it. An app with torch and CUDA, for
      example, takes 12 GB while it is built.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:
      Error: ENOSPC: no space left on device, write

      "
    `);
  });

  it("says that it is our fault, with the stack, for anything unforeseen", async () => {
    const { code, output } = await runBuild(async () => {
      throw new TypeError("undefined is not a function");
    });

    expect(code).toBe(3);
    expect(output).toContain("[Error: The buildpack failed in a way that it does not know]");
    expect(output).toContain("This is a fault of the buildpack, not of your app.");
    expect(output).toContain("TypeError: undefined is not a function\n    at ");
  });

  it("tells a misspelt setting", async () => {
    const { output } = await runBuild(async () => ({}), { BP_PIP_REQUIREMENTS: "x" });

    expect(output).toContain(
      "[Warning: BP_PIP_REQUIREMENTS is not a setting; did you mean BP_PIP_REQUIREMENT?]",
    );
  });
});

async function runBuild(build: BuildpackDefinition["build"], env: Record<string, string> = {}) {
  const directories = await phaseDirectories({ id: "ml-buildpacks/pip" });
  await writeFiles(directories.plan.replace("/plan.toml", ""), { "plan.toml": "" });
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const code = await run(
    { detect: { cases: [], otherwise: "" }, build },
    { argv: [], env: { ...phaseEnv(directories), ...env }, cwd: directories.app },
    { out: write, err: write, debug: false },
  );
  return { code, output };
}
