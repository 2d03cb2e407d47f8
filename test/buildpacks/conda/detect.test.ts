import { expect, it } from "vitest";
import definition from "../../../src/buildpacks/conda/index.ts";
import { detectConda } from "../../../src/buildpacks/conda/detect.ts";
import { runDetect } from "../../support/detect.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

it.each<[string, Record<string, string>, Record<string, string>]>([
  ["environment.yml", { "environment.yml": "" }, {}],
  ["conda.yaml", { "conda.yaml": "" }, {}],
  ["a lock of conda's", { "conda-lock.yml": "" }, {}],
  ["an explicit lock", { "conda-linux-64.lock": "" }, {}],
  ["a list of packages", { "package-list.txt": "# conda's\r\n@EXPLICIT\r\n" }, {}],
  ["pixi's lock beside its file", { "pixi.lock": "", "pixi.toml": "" }, {}],
  ["pixi's file alone", { "pixi.toml": "" }, {}],
  ["pixi's tables", { "pyproject.toml": "[tool.pixi.dependencies]\n" }, {}],
  ["a setting", {}, { BP_CONDA_ENVIRONMENT: "envs/app.yml" }],
])("is asked with %s", async (_what, files, env) => {
  expect(await runDetect(definition.detect, { files, env })).toMatchObject({ code: 0 });
});

it.each<[string, Record<string, string>]>([
  ["a list of anything", { "package-list.txt": "numpy\n# EXPLICIT\n" }],
  ["pixi's lock alone", { "pixi.lock": "" }],
  ["a project of another tool", { "pyproject.toml": "[project]\nname = 'app'\n" }],
])("is not asked with %s", async (_what, files) => {
  expect(await runDetect(definition.detect, { files })).toMatchObject({ code: 100 });
});

it("says what it has looked for", async () => {
  expect(await runDetect(definition.detect)).toMatchInlineSnapshot(`
    {
      "code": 100,
      "output": "no environment.yml, conda-lock.yml, pixi.lock or other file of conda found
    ",
      "plan": "",
    }
  `);
});

const TARGET = { os: "linux", arch: "amd64", variant: undefined, distro: undefined };

const ENVIRONMENT = "dependencies:\n  - numpy\n";
const WITH_PIP = `${ENVIRONMENT}  - pip:\n      - six\n`;

/** As conda-lock writes them, with a package of pip for that platform and category. */
function condaLock(platform: string, category: string): string {
  const item = (name: string, manager: string, more: readonly string[]) =>
    [`- name: ${name}`, "  version: '1.0'", `  manager: ${manager}`, ...more].join("\n");
  const items = [
    item("python", "conda", ["  platform: linux-64", "  dependencies:", "    pip: ''"]),
    item("six", "pip", [`  platform: ${platform}`, `  category: ${category}`]),
    item("zlib", "conda", ["  platform: linux-64", "  category: main"]),
  ];
  return `version: 1\nmetadata:\n  platforms:\n  - linux-64\npackage:\n${items.join("\n")}\n`;
}

/** Two environments for two platforms, of which one has a package of PyPI. */
function pixi(environment: string, platform = "linux-64"): Record<string, string> {
  const list = (name: string) =>
    ["linux-64", "osx-arm64"].flatMap((one) => [
      `      ${one}:`,
      `      - conda: https://conda.example/${one}/python-3.13.1-0.conda`,
      ...(name === environment && one === platform ? [SIX.replace(/^/, "      ")] : []),
    ]);
  const lines = ["default", "docs"].flatMap((name) => [
    ...[`  ${name}:`, "    channels:", "    - url: https://conda.example/", "    indexes:"],
    ...["    - https://pypi.org/simple", "    packages:", ...list(name)],
  ]);
  const lock = ["version: 6", "environments:", ...lines, "packages:", SIX, "  name: six", ""];
  return { "pixi.toml": "", "pixi.lock": lock.join("\n") };
}

const SIX = "- pypi: https://files.example/six.whl";

/** Whose platform has a name of its own. */
const PIXI_OF_ONE = `environments:\n  only:\n    packages:\n      gpu:\n      ${SIX}\npackages:\n`;

it.each<[string, Record<string, string>, Record<string, string>, boolean]>([
  ["no pip section", { "environment.yml": ENVIRONMENT }, {}, false],
  ["pip itself among the packages", { "environment.yml": `${ENVIRONMENT}  - pip\n` }, {}, false],
  ["an empty pip section", { "environment.yml": `${ENVIRONMENT}  - pip: []\n` }, {}, false],
  ["a pip section", { "environment.yml": WITH_PIP }, {}, true],
  ["one in a comment", { "environment.yml": `${ENVIRONMENT}#  - pip:\n#    - six\n` }, {}, false],
  [
    "one in a file that a setting names",
    { "a.yml": WITH_PIP },
    { BP_CONDA_ENVIRONMENT: "a.yml" },
    true,
  ],
  ["a file that can't be read", { "environment.yml": "dependencies: [" }, {}, false],
  [
    "requirements beside it",
    { "environment.yml": ENVIRONMENT, "requirements.txt": "six" },
    {},
    false,
  ],
  [
    "requirements that are asked for",
    { "environment.yml": ENVIRONMENT, "requirements.txt": "six" },
    { BP_CONDA_REQUIREMENTS: "true" },
    true,
  ],
  [
    "requirements that are asked for and not there",
    { "environment.yml": ENVIRONMENT },
    { BP_CONDA_REQUIREMENTS: "true" },
    false,
  ],
  ["a lock with pip's packages", { "conda-lock.yml": condaLock("linux-64", "main") }, {}, true],
  ["a lock with them for others", { "conda-lock.yml": condaLock("osx-64", "main") }, {}, false],
  ["a lock with them to develop", { "conda-lock.yml": condaLock("linux-64", "dev") }, {}, false],
  [
    "a lock in braces",
    {
      "conda-lock.yml":
        'package:\n- {name: six, manager: "pip", platform: linux-64}\n- {name: b, manager: conda, platform: linux-64}\n',
    },
    {},
    true,
  ],
  [
    "a lock without",
    { "conda-lock.yml": condaLock("linux-64", "main").replace("manager: pip", "manager: conda") },
    {},
    false,
  ],
  ["pixi's lock with packages of PyPI", pixi("default"), {}, true],
  ["pixi's lock with them for the docs", pixi("docs"), {}, false],
  ["those of the docs", pixi("docs"), { BP_PIXI_ENVIRONMENT: "docs" }, true],
  ["those of another", pixi("docs"), { BP_PIXI_ENVIRONMENT: "default" }, false],
  ["pixi's lock with them for others", pixi("default", "osx-arm64"), {}, false],
  ["pixi's lock of one environment", { ...pixi("only"), "pixi.lock": PIXI_OF_ONE }, {}, true],
])(
  "provides Python exactly where pip installs something: %s",
  async (_what, files, env, isWanted) => {
    const appDir = await temporaryDirectory();
    await writeFiles(appDir, files);

    const detected = await detectConda({
      appDir,
      env,
      platformDir: "/platform",
      target: TARGET,
    });

    const names = ["conda-environment", ...(isWanted ? ["cpython"] : [])];
    expect(detected).toEqual({
      takesPart: true,
      plan: { provides: names, requires: names.map((name) => ({ name })) },
    });
  },
);

it.each<[string, Record<string, string>, Record<string, string>, string]>([
  [
    "configuration of another program",
    { "environment.yaml": "model: small\n", "requirements.txt": "six\n" },
    {},
    "environment.yaml has neither dependencies nor channels",
  ],
  [
    "configuration of another program, with the setting of pip",
    { "conda.yaml": "model: small\n" },
    { BP_PIP_REQUIREMENT: "deploy.txt" },
    "conda.yaml has neither dependencies nor channels",
  ],
])("takes no part: %s", async (_what, files, env, reason) => {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, files);

  const detected = await detectConda({ appDir, env, platformDir: "/platform", target: TARGET });

  expect(detected).toEqual({ takesPart: false, reason });
});

it("leaves a list of packages alone that is not conda's", async () => {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "package-list.txt": "numpy\n" });

  const context = { appDir, env: {}, platformDir: "/platform", target: TARGET };
  const detected = await detectConda(context);

  expect(detected).toMatchInlineSnapshot(`
    {
      "reason": "package-list.txt is no explicit file of conda",
      "takesPart": false,
    }
  `);
});
