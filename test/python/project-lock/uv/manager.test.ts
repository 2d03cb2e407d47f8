import { expect, it } from "vitest";
import { uvManager } from "../../../../src/python/project-lock/uv/manager.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const LOCK = `version = 1

[[package]]
name = "app"
source = { virtual = "." }

[[package]]
name = "lib"
source = { directory = "lib" }

[[package]]
name = "local"
source = { path = "wheels/local-1.0.tar.gz" }

[[package]]
name = "shared"
source = { directory = "../shared" }
`;

const files = {
  "uv.lock": LOCK,
  "pyproject.toml": '[project]\nname = "app"\nversion = "1.0"\n',
  "uv.toml": "",
  "lib/setup.py": "",
  "lib/setup.cfg": "",
  "wheels/local-1.0.tar.gz": "",
};

const manager = uvManager(undefined);

it("reads what uv compares the lock with", async () => {
  const app = await temporaryDirectory();
  await writeFiles(app, files);

  expect(await manager.files(app)).toEqual([
    "uv.lock",
    "lib/setup.cfg",
    "lib/setup.py",
    "pyproject.toml",
    "uv.toml",
  ]);
  expect(await manager.archives?.(app)).toEqual(["wheels/local-1.0.tar.gz"]);
  expect(await manager.trees?.(app)).toEqual(["lib"]);
});

it.each<[string, string, readonly string[]]>([
  ["no [project]", "[tool.poetry]\nname = 'lib'\n", ["lib"]],
  ["dependencies that are built", "[project]\ndynamic = ['dependencies']\n", ["lib"]],
  ["extras that are built", "[project]\ndynamic = ['optional-dependencies']\n", ["lib"]],
  ["a version that is built", "[project]\ndynamic = ['version']\n", []],
  ["nothing that is built", "[project]\nname = 'lib'\n", []],
  ["no TOML", "<<<<<<<\n", []],
])("with %s in a local package's pyproject.toml", async (_what, text, trees) => {
  const app = await temporaryDirectory();
  await writeFiles(app, { ...files, "lib/pyproject.toml": text });

  expect(await manager.trees?.(app)).toEqual(trees);
});

it("tells which member is installed", async () => {
  expect(await uvManager("serving").variant?.("/app")).toBe("the member serving");
  expect(await manager.variant?.("/app")).toBeUndefined();
});
