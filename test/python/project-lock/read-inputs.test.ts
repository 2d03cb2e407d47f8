import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { poetry } from "../../../src/python/project-lock/poetry/manager.ts";
import { readInputs } from "../../../src/python/project-lock/read-inputs.ts";
import { makeBindings } from "../../support/bindings.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const FILES = {
  "pyproject.toml": `[tool.poetry.dependencies]
python = "^3.11"

[[tool.poetry.source]]
name = "internal"
url = "https://a.example/simple"
`,
  "poetry.lock": `package = []

[metadata]
lock-version = "2.1"
python-versions = "^3.11"
content-hash = "${"0".repeat(64)}"
`,
  "pip.conf": "[global]\nindex-url = https://ada:of-file@a.example/simple\npre = true\n",
};

const VARIABLES = {
  POETRY_HTTP_BASIC_INTERNAL_USERNAME: "ada",
  POETRY_HTTP_BASIC_INTERNAL_PASSWORD: "of-variable",
};

async function read(bindings: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const [appDir, layersDir] = [await temporaryDirectory(), await temporaryDirectory()];
  await writeFiles(appDir, FILES);
  const env = { ...VARIABLES, HOME: layersDir };
  const lines: string[] = [];
  const print = (text: string) => void lines.push(text);
  const { netrc } = await readInputs(
    {
      ...{ appDir, layersDir, env, settings: new Settings(env) },
      log: createLog({ out: print, err: print, debug: false }),
      readBindings: () => makeBindings(bindings),
    },
    poetry,
  );
  return { log: lines.join(""), netrc: await readFile(netrc ?? "", "utf8") };
}

it("takes a manager's variable before a file, and a binding before both", async () => {
  const { log, netrc } = await read({});
  const bound = await read({ a: { type: "pypi", url: "a.example", token: "of-binding" } });

  expect(netrc).toBe('machine a.example login "ada" password "of-variable"\n');
  expect(log).toMatchInlineSnapshot(`
    "Using index-url https://a.example/simple (from pip.conf, line 2)
    Skipping pre because poetry.lock decides

    [Warning: Two different credentials for a.example were given]
    Using that of POETRY_HTTP_BASIC_INTERNAL_PASSWORD, not that of pip.conf, line 2: a build can have one for each host.
    "
  `);
  expect(bound.netrc).toBe('machine a.example login "__token__" password "of-binding"\n');
});
