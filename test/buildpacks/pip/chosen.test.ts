import { describe, expect, it } from "vitest";
import { readChosen } from "../../../src/buildpacks/pip/chosen.ts";
import type { Source } from "../../../src/buildpacks/pip/source.ts";
import { Failure } from "../../../src/kit/failure.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const PROJECT = `[project]
name = "app"
version = "1"
dependencies = ["flask"]

[project.optional-dependencies]
gpu = ["onnxruntime-gpu"]
Web_UI = ["gradio"]

[dependency-groups]
dev = ["pytest"]
serving = ["gunicorn", { include-group = "dev" }]
`;

const KINDS = {
  project: { kind: "project", file: "pyproject.toml" },
  dependencies: { kind: "dependencies", file: "pyproject.toml", lines: ["flask"] },
  requirements: { kind: "requirements", files: ["requirements.txt"] },
  handed: { kind: "handed", file: "environment.yml", lines: [], files: [] },
} as const satisfies Record<string, Source>;

async function chosen(source: Source, env: Record<string, string>, project = PROJECT) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "pyproject.toml": project });
  const lines: string[] = [];
  const log = createLog({ out: (line) => lines.push(line), err: () => {}, debug: false });
  try {
    const read = await readChosen({ appDir, log, settings: new Settings(env) }, source);
    return { ...read, log: lines.join("").trim() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { code: error.code, body: error.userMessage.body };
  }
}

const NOTHING = { lines: [], extras: [], log: "" };

describe("what BP_GROUPS and BP_EXTRAS add", () => {
  it.each<[keyof typeof KINDS, Record<string, string>, object]>([
    ["project", {}, NOTHING],
    ["project", { BP_EXTRAS: "gpu,web-ui" }, { ...NOTHING, extras: ["gpu", "web-ui"] }],
    ["project", { BP_GROUPS: "Serving" }, { ...NOTHING, lines: ["gunicorn", "pytest"] }],
    ["dependencies", { BP_EXTRAS: "web.ui" }, { ...NOTHING, lines: ["gradio"] }],
    [
      "dependencies",
      { BP_EXTRAS: "gpu", BP_GROUPS: "dev" },
      { ...NOTHING, lines: ["pytest", "onnxruntime-gpu"] },
    ],
    ["requirements", { BP_GROUPS: "dev" }, { ...NOTHING, lines: ["pytest"] }],
    [
      "requirements",
      { BP_EXTRAS: "gpu" },
      {
        ...NOTHING,
        log: "Skipping BP_EXTRAS because requirements files have none; there, write -e .[gpu]",
      },
    ],
    [
      "handed",
      { BP_EXTRAS: "gpu", BP_GROUPS: "dev" },
      {
        ...NOTHING,
        log: "Skipping BP_GROUPS and BP_EXTRAS because environment.yml says what pip installs",
      },
    ],
  ])("%s with %j", async (kind, env, expected) => {
    expect(await chosen(KINDS[kind], env)).toEqual(expected);
  });

  it("extras that only a build tells are left to it", async () => {
    const dynamic = '[project]\nname = "app"\ndynamic = ["version", "optional-dependencies"]\n';

    expect(await chosen(KINDS.project, { BP_EXTRAS: "any" }, dynamic)).toEqual({
      ...NOTHING,
      extras: ["any"],
    });
  });
});

describe("names that the project does not have", () => {
  it.each<[keyof typeof KINDS, Record<string, string>]>([
    ["project", { BP_EXTRAS: "gpus" }],
    ["dependencies", { BP_EXTRAS: "gpus" }],
    ["requirements", { BP_GROUPS: "prod" }],
  ])("%s with %j", async (kind, env) => {
    expect(await chosen(KINDS[kind], env)).toMatchObject({ code: "group-unknown" });
  });

  it("in a directory without pyproject.toml are told with the file that is there", async () => {
    const appDir = await temporaryDirectory();
    const log = createLog({ out: () => {}, err: () => {}, debug: false });
    const settings = new Settings({ BP_GROUPS: "dev" });

    await expect(readChosen({ appDir, log, settings }, KINDS.requirements)).rejects.toMatchObject({
      userMessage: { title: "requirements.txt has no dependency group dev" },
    });
  });

  it("a group that includes another one is told", async () => {
    const wrong = PROJECT.replace('include-group = "dev"', 'include-group = "tests"');

    expect(await chosen(KINDS.project, { BP_GROUPS: "serving" }, wrong)).toMatchInlineSnapshot(`
      {
        "body": "Found: [dependency-groups] serving → tests: there is no group tests
      Needed: a file that the project's package manager reads, too.",
        "code": "project-invalid",
      }
    `);
  });
});
