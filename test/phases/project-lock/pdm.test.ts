import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { pdm } from "../../../src/python/project-lock/pdm/manager.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { serveWheels } from "../../support/wheel-index.ts";
import { makeWheel, type MadeWheel } from "../../support/wheels.ts";
import { PYTHON, runManager } from "./run-manager.ts";

const WHEELS: readonly MadeWheel[] = [
  { name: "alpha", version: "1.0", files: {} },
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
  { name: "on-windows", files: {} },
  { name: "choice", files: {}, requires: ["under-choice"] },
  { name: "under-choice", files: {} },
  { name: "left-out", files: {} },
  { name: "lint-tool", files: {}, requires: ["shared", "left-out"] },
  { name: "server", files: {}, requires: ["shared", "beta[fast]"] },
  { name: "shared", files: {} },
];

/** Only a lock of several targets has two versions of a package. */
const DELTA = {
  plain: '"delta==2.0"',
  split: `"delta==1.0; python_version < '3.12'", "delta==2.0; python_version >= '3.12'"`,
};

const project = (name: string, index: string) => `
[project]
name = "My_App"
version = "1.0"
description = "not ASCII: é €"
requires-python = ">=3.11,<4"
dependencies = [
  "alpha<2",
  "beta[all]>=1",
  "On_Windows; sys_platform == 'win32'",
  ${name === "split" ? DELTA.split : DELTA.plain},
  "wheel-lib @ file:///\${PROJECT_ROOT}/wheels/wheel_lib-1.0-py3-none-any.whl",
]

[project.optional-dependencies]
Picked_Ones = ["choice>=1"]
everything = ["my-app[picked-ones]", "server"]

[dependency-groups]
Serving_1 = ["server", { include-group = "under" }]
under = ["under-choice"]

[tool.pdm.dev-dependencies]
Lint_Tools = ["lint-tool"]
local = ["-e file:///\${PROJECT_ROOT}/libs/local#egg=local-lib"]

[tool.pdm.resolution]
excludes = ["left-out"]

[[tool.pdm.source]]
name = "pypi"
url = "${index}/simple"
verify_ssl = false

[[tool.pdm.source]]
name = "Übung"
url = "${index}/own/"
include_packages = ["serv*"]
verify_ssl = false

[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"
`;

const LOCAL_LIB = `
[project]
name = "local-lib"
version = "0.1"
dependencies = ["shared"]

[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"
`;

/** What PDM is asked for, and the same as groups and extras of a request. */
const VARIANTS = [
  { options: "--prod", groups: [], extras: [] },
  { options: "--prod -G picked-ones", groups: [], extras: ["picked_ones"] },
  { options: "--prod -G everything", groups: [], extras: ["everything"] },
  { options: "-G lint-tools", groups: ["Lint_Tools"], extras: [] },
  { options: "-G local", groups: ["local"], extras: [] },
  { options: "-G serving-1", groups: ["serving.1"], extras: [] },
];

const CASES = [
  { version: "2.22.4", lock: "pdm lock -G :all", name: "plain" },
  { version: "2.28.2", lock: "pdm lock -G :all -S static_urls", name: "plain" },
  { version: "2.28.2", lock: "pdm lock -G :all -S no_inherit_metadata", name: "plain" },
  {
    version: "2.28.2",
    lock: "pdm lock -G :all --python '==3.11.*' && pdm lock -G :all --python '>=3.12' --append",
    name: "split",
  },
];

let projects: string;
let index: string;

beforeAll(async () => {
  index = await serveWheels(
    WHEELS.flatMap((wheel) => [
      { ...wheel, index: "simple" },
      ...(wheel.name === "server" ? [{ ...wheel, index: "own" }] : []),
    ]),
  );
  projects = await makeTemporaryFolder();
  for (const name of ["plain", "split"]) {
    await writeFiles(join(projects, name), {
      "pyproject.toml": project(name, index),
      "my_app.py": "",
      "libs/local/pyproject.toml": LOCAL_LIB,
      "libs/local/local_lib.py": "",
    });
    await mkdir(join(projects, name, "wheels"));
    await makeWheel(join(projects, name, "wheels"), { name: "wheel-lib", files: {} });
  }
});

describe.each(CASES)("a lock of $lock by PDM $version", ({ version, lock, name }) => {
  let app: string;
  let installs: readonly string[];

  beforeAll(async () => {
    const commands = [
      `cp -r /projects/${name} /tmp/app && cd /tmp/app && mkdir __pypackages__ && ${lock}`,
      "cat pdm.lock",
      ...VARIANTS.map(({ options }) => `pdm sync --dry-run --no-self ${options} 2>&1`),
    ];
    const env = { PDM_CHECK_UPDATE: "0", PDM_USE_VENV: "0", PDM_IGNORE_SAVED_PYTHON: "1" };
    const [, text = "", ...dryRuns] = await runManager(
      [`pdm[locked]==${version}`],
      projects,
      commands,
      env,
    );
    installs = dryRuns;
    app = await makeTemporaryFolder();
    await writeFiles(app, { "pdm.lock": text, "pyproject.toml": project(name, index) });
  });

  it.each(VARIANTS.map((variant, at) => ({ ...variant, at })))(
    "is installed as by pdm sync $options",
    async ({ groups, extras, at }) => {
      const { packages } = await select({ groups, extras });

      const chosen = packages.map((one) => `${one.name} ${one.version ?? "0.1"}`);
      expect(chosen.sort()).toEqual([...added(installs[at] ?? ""), "my-app 0.1"].sort());
    },
  );

  it("is refused once the project asks for something else", async () => {
    const changed = await temporaryDirectory();
    const text = project(name, index).replace("alpha<2", "alpha");
    await writeFiles(changed, {
      "pdm.lock": await readFile(join(app, "pdm.lock"), "utf8"),
      "pyproject.toml": text,
    });

    await expect(select({ groups: [], extras: [] }, changed)).rejects.toThrow(
      "pdm.lock is not the lock of this pyproject.toml",
    );
  });

  async function select(
    asked: { readonly groups: readonly string[]; readonly extras: readonly string[] },
    appDir = app,
  ) {
    return await pdm.select({
      appDir,
      interpreter: { path: "/usr/bin/python3", recreate: undefined, ...PYTHON },
      arch: "amd64",
      ...asked,
      place: { env: {}, cache: app, work: app, netrc: undefined, placesOf: (url) => [url] },
    });
  }
});

/** "  - alpha 1.0"; some versions list a package with extras besides. */
function added(output: string): readonly string[] {
  const lines = [...output.matchAll(/^\s+- (\S+) (\S+)$/gm)];
  const names = lines.map(
    ([, name = "", version = ""]) =>
      `${name.replace(/\[.*/, "").toLowerCase().replaceAll("_", "-")} ${version}`,
  );
  return [...new Set(names)];
}
