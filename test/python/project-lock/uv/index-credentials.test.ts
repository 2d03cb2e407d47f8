import { expect, it } from "vitest";
import { credentialsOfIndexes } from "../../../../src/python/project-lock/uv/index-credentials.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const index = (table: string, name: string) =>
  `[[${table}]]\nname = "${name}"\nurl = "https://${name}.example/simple"\n`;

const LOCK = '[[package]]\nname = "serving"\nsource = { editable = "packages/serving" }\n';

it.each<[string, Record<string, string>]>([
  ["the project", { "pyproject.toml": index("tool.uv.index", "my-index") }],
  ["uv.toml", { "uv.toml": index("index", "my-index") }],
  ["a member", { "packages/serving/pyproject.toml": index("tool.uv.index", "my-index") }],
])("opens indexes of %s", async (_what, files) => {
  const app = await temporaryDirectory();
  await writeFiles(app, { "uv.lock": LOCK, ...files });
  const env = { UV_INDEX_MY_INDEX_USERNAME: "ada", UV_INDEX_MY_INDEX_PASSWORD: "secret" };

  expect(await credentialsOfIndexes(app, env)).toEqual([
    {
      host: "my-index.example",
      login: "ada",
      password: "secret",
      origin: { kind: "variable", file: "UV_INDEX_MY_INDEX_PASSWORD" },
    },
  ]);
});

it("opens nothing without variables, or in a file that can't be read", async () => {
  const app = await temporaryDirectory();
  await writeFiles(app, { "uv.lock": LOCK, "pyproject.toml": "<<<<<<<\n" });

  expect(await credentialsOfIndexes(app, {})).toEqual([]);
  expect(await credentialsOfIndexes(app, { UV_INDEX_A_PASSWORD: "secret" })).toEqual([]);
});
