import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCaBundle } from "../../../scripts/lib/ca-bundle.ts";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { poetry } from "../../../src/python/project-lock/poetry/manager.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { serveWheels } from "../../support/wheel-index.ts";
import { makeWheel, type MadeWheel } from "../../support/wheels.ts";

const WHEELS: readonly MadeWheel[] = [
  { name: "alpha", version: "1.0", files: {} },
  { name: "alpha", version: "1.5", files: {} },
  { name: "alpha", version: "2.0", files: {} },
  {
    name: "beta",
    files: {},
    extras: ["fast", "all"],
    requires: [
      "alpha>=1",
      'gamma; extra == "fast"',
      'beta[fast]; extra == "all"',
      'on-windows; sys_platform == "win32"',
    ],
  },
  { name: "gamma", files: {}, requires: ['delta>=1; python_version >= "3.8"'] },
  { name: "delta", version: "1.0", files: {} },
  { name: "delta", version: "2.0", files: {}, requires: ["under-delta"] },
  { name: "under-delta", files: {} },
  { name: "exclusive", version: "1.0", files: {} },
  { name: "exclusive", version: "2.0", files: {} },
  { name: "on-windows", files: {} },
  { name: "choice", files: {}, requires: ["under-choice"] },
  { name: "under-choice", files: {} },
  { name: "orphan", files: {} },
  { name: "lint-tool", files: {}, requires: ["shared"] },
  { name: "server", files: {}, requires: ["shared", "beta[fast]"] },
  { name: "shared", files: {} },
];

const classic = (index: string) => `
[tool.poetry]
name = "my-app"
version = "0.1.0"
description = "not ASCII: é €"
authors = ["A <a@example.com>"]

[tool.poetry.dependencies]
python = "^3.11"
alpha = "^1.0"
beta = { version = "*", extras = ["all"] }
delta = [
  { version = "1.0", python = "<3.12" },
  { version = "2.0", python = ">=3.12" },
]
On_Windows = { version = "*", platform = "win32" }
choice = { version = "*", optional = true }
orphan = { version = "*", optional = true }
local-lib = { path = "libs/local", develop = true }
wheel-lib = { path = "wheels/wheel_lib-1.0-py3-none-any.whl" }

[tool.poetry.extras]
picked = ["choice"]

[tool.poetry.group.dev.dependencies]
lint-tool = "*"

[tool.poetry.group.serving]
optional = true

[tool.poetry.group.serving.dependencies]
server = "*"

[[tool.poetry.source]]
name = "Übungsindex"
url = "${index}/simple/"
priority = "primary"
`;

const standard = (index: string) => `
[project]
name = "my-app"
version = "0.1.0"
requires-python = ">=3.11,<4"
dependencies = ["alpha>=1,<2", "beta[all]", 'on-windows; sys_platform == "win32"']

[project.optional-dependencies]
picked = ["choice>=1", 'exclusive==1.0; extra != "other-one"']
Other_One = ['exclusive==2.0; extra != "picked"']

[dependency-groups]
dev = ["lint-tool", { include-group = "serving" }]
serving = ["server"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "${index}/simple/"
priority = "primary"
`;

const LOCAL_LIB = `
[tool.poetry]
name = "local-lib"
version = "0.1"
description = ""
authors = []

[tool.poetry.dependencies]
python = "*"
shared = "*"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`;

/** What Poetry is asked for, and the same as groups and extras of a request. */
const VARIANTS = [
  { options: "--only main", groups: [], extras: [] },
  { options: "--only main,serving", groups: ["serving"], extras: [] },
  { options: "--only main,dev --extras picked", groups: ["dev"], extras: ["picked"] },
];

/** It reads the locks of all versions. */
const NEWEST = "2.5.1";

const CASES = [
  { version: "1.8.5", project: "classic" },
  { version: NEWEST, project: "classic" },
  { version: NEWEST, project: "standard" },
] as const;

let engine: Engine;
let image: string;
let projects: string;

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
  const index = await serveWheels(WHEELS.map((wheel) => ({ ...wheel, index: "simple" })));
  // The container runs as another user.
  projects = await makeTemporaryFolder();
  await chmod(projects, 0o755);
  for (const [name, text] of Object.entries({ classic, standard })) {
    const files = { "pyproject.toml": text(index), "libs/local/pyproject.toml": LOCAL_LIB };
    await writeFiles(join(projects, name), { ...files, "libs/local/local_lib.py": "" });
    await mkdir(join(projects, name, "wheels"));
    await makeWheel(join(projects, name, "wheels"), { name: "wheel-lib", files: {} });
  }
  const roots = findCaBundle();
  if (roots !== undefined) await copyFile(roots, join(projects, "roots.pem"));
});

afterAll(cleanUp);

describe.each(CASES)("a lock that Poetry $version made of a $project project", (one) => {
  let app: string;
  let python: string;
  let installs: readonly string[];

  beforeAll(async () => {
    const printed = await runPoetry(one.version, one.project);
    const [, version = "", lock = "", ...dryRuns] = printed.split("@@@\n");
    python = version.trim();
    installs = dryRuns;
    app = await makeTemporaryFolder();
    await writeFiles(app, { "poetry.lock": lock });
    await copyFile(join(projects, one.project, "pyproject.toml"), join(app, "pyproject.toml"));
  });

  it.each(VARIANTS.map((variant, at) => ({ ...variant, at })))(
    "is installed as by poetry install $options",
    async ({ groups, extras, at }) => {
      const { packages } = await select({ groups, extras });

      const chosen = packages.map(({ name, version = "0.1" }) => `${name} ${version}`);
      expect(chosen.sort()).toEqual(installed(installs[at] ?? ""));
    },
  );

  it("is refused once the project asks for something else", async () => {
    const changed = await temporaryDirectory();
    const text = { classic, standard }[one.project]("http://127.0.0.1");
    await copyFile(join(app, "poetry.lock"), join(changed, "poetry.lock"));
    await writeFiles(changed, { "pyproject.toml": text });

    await expect(select({ groups: [], extras: [] }, changed)).rejects.toThrow(
      "poetry.lock is not the lock of this pyproject.toml",
    );
  });

  async function select(
    asked: { readonly groups: readonly string[]; readonly extras: readonly string[] },
    appDir = app,
  ) {
    return await poetry.select({
      appDir,
      interpreter: {
        path: "/usr/bin/python3",
        version: python,
        minor: python.replace(/\.\d+$/, ""),
        recreate: undefined,
      },
      arch: "amd64",
      ...asked,
      place: { env: {}, cache: app, work: app, netrc: undefined, placesOf: (url) => [url] },
    });
  }
});

/** Python's version, the lock, and what each variant would install, with a mark before each. */
async function runPoetry(version: string, project: string): Promise<string> {
  const script = [
    "exec 3>&1 >&2",
    `cp -r /projects/${project} /tmp/app && cd /tmp/app`,
    `uv tool run --quiet poetry@${version} lock --no-interaction`,
    "(echo @@@; python3 -c 'import platform; print(platform.python_version())') >&3",
    "(echo @@@; cat poetry.lock) >&3",
    ...VARIANTS.map(
      ({ options }) =>
        `(echo @@@; uv tool run --quiet poetry@${NEWEST} install --no-interaction --no-root --dry-run ${options}) >&3`,
    ),
  ].join(" && ");
  const variables = {
    HOME: "/tmp/home",
    POETRY_VIRTUALENVS_CREATE: "false",
    PYTHON_KEYRING_BACKEND: "keyring.backends.null.Keyring",
    ...(findCaBundle() === undefined ? {} : { SSL_CERT_FILE: "/projects/roots.pem" }),
  };
  return await readAll(
    engine.cli,
    ["run", "--rm", "--network=host", `--volume=${projects}:/projects:ro`]
      .concat(Object.entries(variables).map(([key, value]) => `--env=${key}=${value}`))
      .concat(image, "sh", "-c", script),
    { env: engine.env },
  );
}

function installed(output: string): readonly string[] {
  const lines = output.split("\n").filter((line) => !line.includes("Skipped"));
  return lines
    .flatMap((line) => {
      const [, name, version] = /Installing (\S+) \(([^\s)]+)/.exec(line) ?? [];
      return name === undefined ? [] : [`${name} ${version}`];
    })
    .sort();
}
