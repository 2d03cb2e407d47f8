import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  besideOwnIndexes,
  isProvided,
  type OwnIndexes,
  projectArguments,
  writeOwnIndexes,
} from "../../../src/python/uv/own-indexes.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const TORCH = { url: "https://example.com/whl/cpu", packages: ["torch", "torchvision"] };
const PROVIDED = new Map([
  ["numpy", "2.2.6"],
  ["torch", "2.5.1"],
]);
const INTERPRETER = {
  path: "/p/bin/python3",
  version: "3.13.5",
  minor: "3.13",
  recreate: undefined,
};

it("are a project's: what the interpreter has wins over an index that has it, too", async () => {
  const work = await temporaryDirectory();

  await writeOwnIndexes(
    { dedicated: TORCH, provided: PROVIDED },
    { interpreter: INTERPRETER, work },
  );

  const project = await readFile(join(work, "dedicated", "pyproject.toml"), "utf8");
  expect(project.replaceAll(work, "/work")).toMatchInlineSnapshot(`
    "[project]
    name = "ml-buildpacks-dedicated-index"
    version = "0"
    requires-python = ">=3.8"
    dependencies = [ "torchvision", "numpy", "torch" ]

    [[tool.uv.index]]
    name = "dedicated"
    url = "https://example.com/whl/cpu"
    explicit = true

    [[tool.uv.index]]
    name = "provided"
    url = "file:///work/provided"
    format = "flat"
    explicit = true

    [tool.uv.sources.torchvision]
    index = "dedicated"

    [tool.uv.sources.numpy]
    index = "provided"

    [tool.uv.sources.torch]
    index = "provided"
    "
  `);
  expect((await readdir(join(work, "provided"))).sort()).toEqual([
    "numpy-2.2.6-py3-none-any.whl",
    "torch-2.5.1-py3-none-any.whl",
  ]);
});

it.each<[string, OwnIndexes]>([
  ["nothing is said", {}],
  ["nothing is provided", { provided: new Map() }],
])("need no project where %s", async (_what, own) => {
  const work = await temporaryDirectory();

  await writeOwnIndexes(own, { interpreter: INTERPRETER, work });

  expect(await readdir(work)).toEqual([]);
  expect(projectArguments(own)).toEqual([]);
});

it("are read beside --no-index", () => {
  const options = [
    "--index-url",
    "https://a",
    "--extra-index-url",
    "https://b",
    "--no-index",
    "--pre",
  ];

  expect(besideOwnIndexes(options, { provided: PROVIDED }, "/work")).toEqual([
    "--pre",
    "--index-url",
    "file:///work/nothing",
  ]);
  expect(besideOwnIndexes(options, { dedicated: TORCH }, "/work")).toBe(options);
  expect(besideOwnIndexes(["--pre"], { provided: PROVIDED }, "/work")).toEqual(["--pre"]);
});

it("have no say about a package of a URL or a path", () => {
  const wheels = [{ name: "numpy-2.2.6-py3-none-any.whl", hashes: {} }];

  expect(isProvided({ name: "Numpy", wheels }, { provided: PROVIDED })).toBe(true);
  expect(isProvided({ name: "numpy", directory: { path: "." } }, { provided: PROVIDED })).toBe(
    false,
  );
  expect(isProvided({ name: "scipy", wheels }, { provided: PROVIDED })).toBe(false);
});
