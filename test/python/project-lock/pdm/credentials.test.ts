import { expect, test } from "vitest";
import { pdm } from "../../../../src/python/project-lock/pdm/manager.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

test("what opens an index is what its source says, and PDM's variables for PyPI", async () => {
  const app = await temporaryDirectory();
  await writeFiles(app, {
    "pyproject.toml": `[project]
name = "app"

[[tool.pdm.source]]
name = "own"
url = "https://packages.example/simple"
username = "me"
password = "s3cret"

[[tool.pdm.source]]
name = "open"
url = "https://open.example/simple"
`,
  });
  const env = { PDM_PYPI_USERNAME: "__token__", PDM_PYPI_PASSWORD: "t0ken" };

  expect(await pdm.credentials?.(app, env)).toEqual([
    {
      host: "pypi.org",
      login: "__token__",
      password: "t0ken",
      origin: { file: "PDM_PYPI_PASSWORD", kind: "variable" },
    },
    {
      host: "packages.example",
      login: "me",
      password: "s3cret",
      origin: { file: "pyproject.toml" },
    },
  ]);
});
