import { expect, it } from "vitest";
import definition from "../../../src/buildpacks/poetry/index.ts";
import { runDetect } from "../../support/detect.ts";

const PROJECT = { "pyproject.toml": "" };

it.each<[string, Record<string, string>, Record<string, string>, number]>([
  ["poetry.lock", { ...PROJECT, "poetry.lock": "" }, {}, 0],
  ["another lock", { ...PROJECT, "uv.lock": "" }, {}, 100],
  ["a project alone", PROJECT, {}, 100],
  ["another manager by name", { ...PROJECT, "poetry.lock": "" }, { BP_PACKAGE_MANAGER: "uv" }, 100],
])("%s", async (_what, files, env, code) => {
  expect(await runDetect(definition.detect, { files, env })).toMatchObject({ code });
});
