import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { pdm } from "../../../src/python/project-lock/pdm/manager.ts";
import { pipenv } from "../../../src/python/project-lock/pipenv/manager.ts";
import type { LockRequest } from "../../../src/python/project-lock/manager.ts";
import { pipfileHashes } from "../../../src/python/project-lock/pipenv/pipfile-hash.ts";
import { uvManager } from "../../../src/python/project-lock/uv/manager.ts";
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

it.each([
  [pdm, '[metadata]\nlock_version = "4.5.0"\n'],
  [pipenv, '{"_meta": {}}'],
])("a lock without its project is told: $lockFile", async (manager, lock) => {
  const [appDir, layersDir] = [await temporaryDirectory(), await temporaryDirectory()];
  await writeFiles(appDir, { [manager.lockFile]: lock });
  const env = { HOME: layersDir };
  const print = () => {};
  const context = {
    ...{ appDir, layersDir, env, settings: new Settings(env) },
    log: createLog({ out: print, err: print, debug: false }),
    readBindings: () => makeBindings({}),
  };
  const failing = readInputs(context, manager).then(() => manager.select(requestOf(appDir)));

  await expect(failing).rejects.toThrow(`${manager.lockFile} lies alone`);
});

const PROJECTS = { Pipfile: "", "pyproject.toml": '[project]\nname = "app"\n' };

it.each([uvManager(undefined), pdm, pipenv, poetry])(
  "an empty $lockFile is told",
  async (manager) => {
    const appDir = await temporaryDirectory();
    await writeFiles(appDir, { ...PROJECTS, [manager.lockFile]: "\n" });

    await expect(manager.select(requestOf(appDir))).rejects.toMatchObject({
      userMessage: { body: expect.stringContaining("Found: the file is empty.") },
    });
  },
);

it("a variable of a Pipfile.lock's index that is not set is told", async () => {
  const appDir = await temporaryDirectory();
  const hash = pipfileHashes({ table: {}, categories: [], python: undefined })[0];
  const lock = {
    _meta: {
      hash: { sha256: hash },
      sources: [{ name: "own", url: "http://${IDX_USER}:a@127.0.0.1:1/simple" }],
    },
    default: { alpha: { version: "==1.0", hashes: ["sha256:00"] } },
  };
  await writeFiles(appDir, { Pipfile: "", "Pipfile.lock": JSON.stringify(lock) });

  await expect(pipenv.select(requestOf(appDir))).rejects.toMatchObject({
    userMessage: { body: expect.stringContaining("Not set in the build: IDX_USER,") },
  });
});

function requestOf(appDir: string): LockRequest {
  const place = {
    ...{ env: {}, cache: appDir, work: join(appDir, "work"), netrc: undefined },
    placesOf: (index: string) => [index],
  };
  const interpreter = { path: "", version: "3.13.5", minor: "3.13", recreate: undefined };
  return { appDir, interpreter, arch: "amd64", groups: [], extras: [], place };
}
