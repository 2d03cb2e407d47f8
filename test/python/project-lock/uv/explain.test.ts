import { resolve } from "node:path";
import { expect, it } from "vitest";
import { CommandError } from "../../../../src/kit/command.ts";
import { renderMessage } from "../../../../src/kit/failure.ts";
import { explainExport } from "../../../../src/python/project-lock/uv/explain.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const FILES = {
  "uv.lock":
    '[manifest]\nmembers = [\n    "app",\n    "my-serving",\n]\n\n[[package]]\nname = "my-serving"\nsource = { editable = "packages/serving" }\n',
  "pyproject.toml":
    "[project]\n[project.optional-dependencies]\ncuda = []\n[tool.uv]\ndev-dependencies = []\n",
  "packages/serving/pyproject.toml":
    "[project.optional-dependencies]\ngpu = []\n[dependency-groups]\ntest = []\n",
};

const PYTHON = { path: "/usr/bin/python3", version: "3.13.5", minor: "3.13", recreate: undefined };

async function explain(output: string, member?: string): Promise<string | undefined> {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, FILES);
  const error = new CommandError("uv export", { kind: "exit", code: 2 }, output);
  const explained = await explainExport(error, { appDir, interpreter: PYTHON }, member);
  return explained === undefined ? undefined : renderMessage(explained.userMessage);
}

const GROUP = "error: Group `tset` is not defined in the project's `dependency-groups` table";
const EXTRA = "error: Extra `gpus` is not defined in the project's `optional-dependencies` table";

it.each<[string, string, string | undefined, readonly string[]]>([
  ["a group", GROUP, undefined, ["pyproject.toml has no dependency group tset", "has: dev."]],
  [
    "a member's group",
    GROUP,
    "My_Serving",
    ["packages/serving/pyproject.toml has no dependency group tset", "has: test."],
  ],
  ["an extra", EXTRA, undefined, ["pyproject.toml has no extra gpus", "has: cuda."]],
  [
    "a member's extra",
    EXTRA,
    "my-serving",
    ["packages/serving/pyproject.toml has no extra gpus", "has: gpu."],
  ],
  [
    "a member",
    "error: The workspace does not have a member my-servin",
    "my-servin",
    ["The uv workspace has no member my-servin", "app and my-serving"],
  ],
  [
    "a lock for another Python",
    "error: The requested interpreter resolved to Python 3.13.5, which is incompatible with the project's Python requirement: `>=3.14`",
    undefined,
    ["uv.lock is for another Python", "The project needs Python >=3.14; the app has 3.13.5."],
  ],
  [
    "no project",
    "error: No `pyproject.toml` found in current directory or any parent directory",
    undefined,
    ["uv.lock lies alone"],
  ],
  [
    "a lock that is no TOML",
    "error: Failed to parse `uv.lock`\n  cause: TOML parse error at line 2, column 10\n  |\n2 | [[package\n  |          ^\nunclosed array table\n",
    undefined,
    ["uv.lock can't be read", "Found in line 2: unclosed array table"],
  ],
  [
    "a member's file that is no TOML",
    "error: Failed to parse: packages/serving/pyproject.toml\n  cause: TOML parse error at line 4, column 8\n  |\n4 | <<<<<<< HEAD\n  |        ^\nkey with no value\n",
    undefined,
    [
      "packages/serving/pyproject.toml can't be read",
      "Found in line 4: The file has an unsolved merge conflict",
    ],
  ],
  [
    "extras that exclude each other",
    "error: Extras `cpu` and `gpu` are incompatible with the declared conflicts: {`app[cpu]`, `app[gpu]`}",
    undefined,
    ["Found: extras cpu and gpu, which 'conflicts' in [tool.uv]", "BP_GROUPS or BP_EXTRAS"],
  ],
  [
    "a lock of a later uv",
    "error: The lockfile at `uv.lock` uses an unsupported schema version (v9, but only v1 is supported). Downgrade to a compatible uv version.",
    undefined,
    ["uv.lock can't be read", "does not know: v9, but only v1 is supported"],
  ],
])("%s", async (_what, output, member, parts) => {
  const text = await explain(output, member);

  for (const part of parts) expect(text).toContain(part);
});

const OFFLINE = "hint: Packages were unavailable because the network was disabled.";

it.each([
  "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.",
  `error: No solution found when resolving dependencies\n  cause: Because alpha was not found in the cache and your project depends on alpha, we can conclude that your project's requirements are unsatisfiable.\n  ${OFFLINE}`,
  "error: Failed to download `alpha @ https://host.example/alpha-1.0-py3-none-any.whl`\n  cause: Network connectivity is disabled, but the requested data wasn't found in the cache: https://host.example/alpha-1.0-py3-none-any.whl",
])("a lock that does not fit: %#", async (output) => {
  expect(await explain(output)).toContain("uv.lock is not the lock of this pyproject.toml");
});

it.each([
  `error: Failed to generate package metadata for \`lib==1 @ directory+lib\`\n  cause: Failed to resolve requirements from \`setup.py\` build\n  cause: No solution found when resolving: \`setuptools>=40.8.0\`\n  cause: Because setuptools was not found in the cache and you require setuptools>=40.8.0, we can conclude that your requirements are unsatisfiable.\n  ${OFFLINE}`,
  "error: Failed to download `https://host.example/alpha-1.0-py3-none-any.whl` to compute missing hashes\n  cause: Network connectivity is disabled, but the requested data wasn't found in the cache: https://host.example/alpha-1.0-py3-none-any.whl",
  "error: something else",
])("what needs a network, or is not known: %#", async (output) => {
  expect(await explain(output)).toBeUndefined();
});

it("a local package outside of the app, and one that the app lacks", async () => {
  const appDir = await temporaryDirectory();
  const lock = ["../outside", "inside"].map(
    (path) => `[[package]]\nname = "lib"\nsource = { directory = "${path}" }\n`,
  );
  await writeFiles(appDir, { "uv.lock": lock.join("\n") });
  const explained = async (path: string) => {
    const output = `error: Distribution not found at: file://${resolve(appDir, path)}`;
    const error = new CommandError("uv export", { kind: "exit", code: 2 }, output);
    const found = await explainExport(error, { appDir, interpreter: PYTHON }, undefined);
    return found === undefined ? undefined : renderMessage(found.userMessage);
  };

  expect(await explained("../outside")).toContain(
    "lib lies at ../outside, outside of the app, which is all that the build sees.",
  );
  expect(await explained("inside")).toBeUndefined();
});
