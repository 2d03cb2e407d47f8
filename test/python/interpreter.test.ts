import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Failure, renderMessage } from "../../src/kit/failure.ts";
import { createLog } from "../../src/kit/log.ts";
import { ensureInterpreter } from "../../src/python/interpreter.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const env = { PATH: "/usr/bin:/bin" };

describe("an interpreter whose layer has no contents", () => {
  it("is made again, once", async () => {
    const path = join(await temporaryDirectory(), "python3");
    const recreate = `echo made; echo '' >'${path}'`;

    expect([await ensure({ path, recreate }), await ensure({ path, recreate })]).toEqual([
      "  made\n",
      "",
    ]);
  });

  it("is looked for only where it can be absent", async () => {
    const path = join(await temporaryDirectory(), "python3");

    expect(await ensure({ path, recreate: undefined })).toBe("");
  });

  it("names what has failed, and who can mend it, as the phase that makes it does", async () => {
    const path = join(await temporaryDirectory(), "python3");
    const error = await ensure({ path, recreate: "echo why; exit 2" }).catch(
      (thrown: unknown) => thrown,
    );

    expect(renderMessage((error as Failure).userMessage)).toMatchInlineSnapshot(`
      "[Error: The app's Python could not be installed again]

      Found: the command that puts Python 3.12.4 back ended with exit code 2. The lines above say why.

      Packages are installed with the app's own Python. Its layer is in the previous image, and its
      contents are not restored for a build.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  it.each([
    ["exit 1", "app"],
    ["exit 2", "environment"],
    ["exit 3", "buildpack"],
    ["exit 127", "buildpack"],
    ["kill -9 $$", "environment"],
    ["sh -c 'kill -9 $$'; exit $?", "environment"],
  ])("after '%s' blames the %s", async (recreate, blame) => {
    const path = join(await temporaryDirectory(), "python3");

    await expect(ensure({ path, recreate })).rejects.toMatchObject({
      code: "not-recreated",
      userMessage: { blame },
    });
  });

  it("is not made again where it is there", async () => {
    const path = join(await temporaryDirectory(), "python3");
    await writeFile(path, "");

    expect(await ensure({ path, recreate: "exit 3" })).toBe("");
  });
});

async function ensure(facts: {
  readonly path: string;
  readonly recreate: string | undefined;
}): Promise<string> {
  let output = "";
  const out = (line: string) => {
    output += line;
  };
  const interpreter = { ...facts, version: "3.12.4", minor: "3.12" };
  await ensureInterpreter(interpreter, env, createLog({ out, err: out, debug: false }));
  return output;
}
