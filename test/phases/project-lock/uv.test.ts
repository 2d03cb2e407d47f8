import { beforeAll, describe, expect, test } from "vitest";
import { build, lockWithUv, prepareBuilds } from "../pip/builds.ts";

const PUBLISHED = ["alpha 1.0 beta", "beta 1.0", "gamma 1.0", "delta 1.0", "windows 1.0"];

const PROJECT = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["alpha", "windows; sys_platform == 'win32'"]

[project.optional-dependencies]
gpu = ["gamma"]

[dependency-groups]
dev = ["delta"]
serving = ["gamma"]
`;

const MEMBER = (name: string, dependencies: string) => `[project]
name = "${name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = [${dependencies}]

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
`;

const BACKEND = (dependency: string) => `import os

import delta


def prepare_metadata_for_build_wheel(directory, settings=None):
    os.mkdir(os.path.join(directory, "lib-0.1.0.dist-info"))
    with open(os.path.join(directory, "lib-0.1.0.dist-info", "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.2\\nName: lib\\nVersion: 0.1.0\\n")
        for name in "${dependency}".split():
            file.write(f"Requires-Dist: {name}\\n")
    return "lib-0.1.0.dist-info"
`;

const WORKSPACE = {
  "pyproject.toml": `${MEMBER("root", '"train"')}
[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
train = { workspace = true }
`,
  "packages/train/pyproject.toml": MEMBER("train", '"beta"'),
  "packages/serve/pyproject.toml": `${MEMBER("serve", '"gamma"')}
[dependency-groups]
gpu = ["delta"]
`,
};

let files: Readonly<Record<string, string>>;
let workspace: Readonly<Record<string, string>>;

beforeAll(async () => {
  await prepareBuilds("uv");
  const project = { "pyproject.toml": PROJECT };
  files = { ...project, "uv.lock": await lockWithUv(project, PUBLISHED) };
  workspace = { ...WORKSPACE, "uv.lock": await lockWithUv(WORKSPACE, PUBLISHED) };
});

const INDEX = "http://127.0.0.1:8000/index";

describe("what is installed", () => {
  test("is the project's dependencies, and an unchanged lock is not read again", async () => {
    const [first, second, third] = await build([
      { files: { ...files, "poetry.lock": "", "requirements.txt": "" } },
      { files: { ...files, "main.py": "print()\n" } },
      { files, env: { BP_GROUPS: "serving" } },
    ]);

    expect(first?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found uv.lock
      Skipping poetry.lock and requirements.txt because uv.lock comes first; BP_PACKAGE_MANAGER decides otherwise
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Found 2 packages for this Python and platform"
    `);
    expect(first?.locked).toEqual([`alpha 1.0 wheel ${INDEX}`, `beta 1.0 wheel ${INDEX}`]);
    expect(second?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found uv.lock
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Using cached lock of 2 packages"
    `);
    expect(second?.locked).toEqual(first?.locked);
    expect(third?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found uv.lock
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - BP_GROUPS has changed
      Found 3 packages for this Python and platform
      Compared with the previous lock:
       - gamma 1.0 added"
    `);
  });

  test.each<[Record<string, string>, readonly string[]]>([
    [{ BP_GROUPS: "serving" }, ["alpha", "beta", "gamma"]],
    [{ BP_EXTRAS: "gpu" }, ["alpha", "beta", "gamma"]],
    [{ BP_GROUPS: "dev,serving" }, ["alpha", "beta", "delta", "gamma"]],
  ])("with %j: %j", async (env, names) => {
    const [only] = await build([{ files, env }]);

    expect(only?.locked.map((one) => one.split(" ")[0])).toEqual(names);
  });

  test("of a workspace is the root with what it needs, or the member that is named", async () => {
    const [root] = await build([{ files: workspace }]);
    const [member] = await build([{ files: workspace, env: { BP_UV_PACKAGE: "serve" } }]);

    expect(root?.locked).toEqual([
      `beta 1.0 wheel ${INDEX}`,
      "root undefined directory",
      "train undefined directory",
    ]);
    expect(member?.locked).toEqual([`gamma 1.0 wheel ${INDEX}`, "serve undefined directory"]);
  });
});

test("a lock from an index that a variable named fits without it, beside the project's own", async () => {
  const project = {
    "pyproject.toml": `${MEMBER("app", '"alpha", "gamma"').split("[build-system]")[0]}
[[tool.uv.index]]
name = "team"
url = "http://127.0.0.1:8000/team"
`,
  };
  const published = ["alpha 1.0", "team/gamma 1.0"];
  const lock = await lockWithUv(project, published);
  const [only] = await build([{ files: { ...project, "uv.lock": lock } }]);

  expect(only?.locked).toEqual([
    `alpha 1.0 wheel ${INDEX}`,
    "gamma 1.0 wheel http://127.0.0.1:8000/team",
  ]);
});

test("a local package that is built to learn what it depends on counts with all its files", async () => {
  const local = (dependency: string) => ({
    "pyproject.toml": `${MEMBER("app", '"lib"').split("[build-system]")[0]}
[tool.uv.sources]
lib = { path = "lib" }
`,
    "lib/pyproject.toml": MEMBER("lib", "")
      .replace("dependencies = []", 'dynamic = ["dependencies"]')
      .replace("requires = []", 'requires = ["delta"]'),
    "lib/backend.py": BACKEND(dependency),
  });
  const before = local("");
  const lock = await lockWithUv(before, PUBLISHED);
  const [first, second] = await build([
    { files: { ...before, "uv.lock": lock }, published: PUBLISHED },
    { files: { ...local("gamma"), "uv.lock": lock } },
  ]);

  expect(first?.locked).toEqual(["lib undefined directory"]);
  expect(second?.log).toMatchInlineSnapshot(`
    "[Locking Python packages]
    Found uv.lock
    Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
    Discarding cached lock since:
     - lib/ has changed

    [Error: uv.lock is not the lock of this pyproject.toml]

    Found: uv.lock was made from other lines than those of pyproject.toml (or of a workspace member's), as uv says.
    Needed: a lock that was made from pyproject.toml as it is now. Run this in the project, and build
    again with the uv.lock that it writes:

      uv lock"
  `);
});

describe("what can't be installed", () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["a group that is not there", {}, { BP_GROUPS: "servin" }],
    ["an extra that is not there", {}, { BP_EXTRAS: "cuda" }],
    ["a member that is not there", {}, { BP_UV_PACKAGE: "serve" }],
    ["a project that has changed", { "pyproject.toml": PROJECT.replace("alpha", "gamma") }, {}],
    ["a lock that is cut off", { "uv.lock": "version = 1\n[[package" }, {}],
    ["a lock of a later uv", { "uv.lock": 'version = 9\nrequires-python = ">=3.11"\n' }, {}],
    ["a project that is no TOML", { "pyproject.toml": `${PROJECT}\n<<<<<<< HEAD\n` }, {}],
  ])("%s", async (_what, changed, env) => {
    const [only] = await build([{ files: { ...files, ...changed }, env }]);

    expect(only?.log).toMatchSnapshot();
  });

  test("a group that a workspace's member does not have", async () => {
    const env = { BP_UV_PACKAGE: "serve", BP_GROUPS: "gpus" };
    const [only] = await build([{ files: workspace, env }]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found uv.lock
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)

      [Error: packages/serve/pyproject.toml has no dependency group gpus]

      Found: BP_GROUPS names gpus.
      Needed: those that the project has: gpu. Did you mean gpu?"
    `);
  });

  test("on another Python", async () => {
    const project = { "pyproject.toml": PROJECT.replace(">=3.11", ">=3.14") };
    const lock = files["uv.lock"]?.replace(">=3.11", ">=3.14") ?? "";
    const [only] = await build([{ files: { ...project, "uv.lock": lock } }]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found uv.lock
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)

      [Error: uv.lock is for another Python or platform]

      Found: The project needs Python >=3.14; the app has 3.13.5.
      Needed: a lock for the Python that the app has. Name the version in a file .python-version,
      or let the project allow this one and make the lock again:

        uv lock"
    `);
  });
});
