import { expect, it } from "vitest";
import type { Env } from "../../../../src/cnb/env.ts";
import { readPoetryCredentials } from "../../../../src/python/project-lock/poetry/credentials.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const PROJECT = `
[[tool.poetry.source]]
name = "my-index"
url = "https://packages.example:8443/simple/"

[[tool.poetry.source]]
name = "PyPI"
priority = "primary"
`;

it.each<[string, Env, readonly object[]]>([
  ["nothing", {}, []],
  [
    "a user and a password",
    { POETRY_HTTP_BASIC_MY_INDEX_USERNAME: "ada", POETRY_HTTP_BASIC_MY_INDEX_PASSWORD: "secret" },
    [
      {
        host: "packages.example",
        login: "ada",
        password: "secret",
        origin: { file: "POETRY_HTTP_BASIC_MY_INDEX_PASSWORD", kind: "variable" },
      },
    ],
  ],
  [
    "a token as the user",
    { POETRY_HTTP_BASIC_MY_INDEX_USERNAME: "token", POETRY_HTTP_BASIC_MY_INDEX_PASSWORD: "" },
    [
      {
        host: "packages.example",
        login: "token",
        password: "",
        origin: { file: "POETRY_HTTP_BASIC_MY_INDEX_USERNAME", kind: "variable" },
      },
    ],
  ],
  [
    "a git host",
    {
      POETRY_REPOSITORIES_PRIVATE_GIT_URL: "https://git.example/team/app.git",
      POETRY_HTTP_BASIC_PRIVATE_GIT_PASSWORD: "secret",
    },
    [
      {
        host: "git.example",
        login: "",
        password: "secret",
        origin: { file: "POETRY_HTTP_BASIC_PRIVATE_GIT_PASSWORD", kind: "variable" },
      },
    ],
  ],
  // https://python-poetry.org/docs/repositories/#configuring-credentials: for publishing only.
  ["a token of PyPI's", { POETRY_PYPI_TOKEN_MY_INDEX: "secret" }, []],
  ["another source", { POETRY_HTTP_BASIC_OTHER_PASSWORD: "secret" }, []],
])("%s", async (_what, env, expected) => {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "pyproject.toml": PROJECT });

  expect(await readPoetryCredentials(appDir, env)).toEqual(expected);
});
