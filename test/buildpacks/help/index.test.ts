import { expect, it } from "vitest";
import help from "../../../src/buildpacks/help/index.ts";
import { run } from "../../../src/kit/buildpack.ts";
import { phaseDirectories, phaseEnv, writeFiles } from "../../support/phase.ts";

it("ends the build as a mistake in the app", async () => {
  const directories = await phaseDirectories();
  await writeFiles(directories.app, { "requirement.txt": "flask\n" });
  let output = "";
  const write = (text: string) => {
    output += text;
  };

  const code = await run(
    help,
    { argv: [], env: phaseEnv(directories), cwd: directories.app },
    { out: write, err: write, debug: false },
  );

  expect(code).toBe(1);
  expect(output).toContain("[Error: The file requirement.txt is probably meant to be");
});
