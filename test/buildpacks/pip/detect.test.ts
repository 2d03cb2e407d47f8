import { expect, it } from "vitest";
import definition from "../../../src/buildpacks/pip/index.ts";
import { runDetect } from "../../support/detect.ts";

const PLAIN = `[[provides]]
name = "python-lock"

[[requires]]
name = "cpython"
`;

const CONDA = `${PLAIN}
[[requires]]
name = "conda-environment"
`;

it.each<[string, Record<string, string>, Record<string, string>, string]>([
  ["requirements.txt", { "requirements.txt": "" }, {}, PLAIN],
  ["environment.yml", { "environment.yml": "" }, {}, CONDA],
  ["a lock of conda's", { "conda-lock.yml": "" }, {}, CONDA],
  ["a setting", {}, { BP_CONDA_ENVIRONMENT: "envs/app.yml" }, CONDA],
  // An order without conda reads the one, and an order with it decides by the interpreter.
  ["both", { "requirements.txt": "", "environment.yml": "" }, {}, PLAIN],
])("takes part with %s", async (_what, files, env, plan) => {
  const detected = await runDetect(definition.detect, { files, env });

  expect(detected).toMatchObject({ code: 0, plan });
});

it("says what it has looked for", async () => {
  expect(await runDetect(definition.detect)).toMatchInlineSnapshot(`
    {
      "code": 100,
      "output": "no requirements.txt, pylock.toml, pyproject.toml or setup.py found
    ",
      "plan": "",
    }
  `);
});
