import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Condition } from "../../src/cnb/detect.ts";
import { createLog } from "../../src/kit/log.ts";
import { Settings } from "../../src/kit/settings.ts";
import {
  CONDA_SOURCES,
  lockFileWins,
  type PackageManager,
  PIP_SOURCES,
  tellPassedOver,
} from "../../src/python/lock-sources.ts";
import { runDetect } from "../support/detect.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

// In the order of builder.toml's groups.
const CONDITIONS: Readonly<Record<PackageManager, Condition>> = {
  conda: CONDA_SOURCES,
  uv: lockFileWins("uv"),
  poetry: lockFileWins("poetry"),
  pdm: lockFileWins("pdm"),
  pipenv: lockFileWins("pipenv"),
  pip: PIP_SOURCES,
};

async function chosen(
  files: readonly string[],
  env: Record<string, string> = {},
): Promise<string | undefined> {
  for (const [manager, when] of Object.entries(CONDITIONS)) {
    const given = { files: Object.fromEntries(files.map((file) => [file, ""])), env };
    const { code } = await runDetect({ cases: [{ when, plan: {} }], otherwise: "" }, given);
    if (code === 0) return manager;
  }
  return undefined;
}

describe("which manager's files are installed", () => {
  const all = [
    ...["environment.yml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"],
    ...["pylock.toml", "requirements.txt", "pyproject.toml"],
  ];

  it.each<[readonly string[], Record<string, string>, string | undefined]>([
    [all, {}, "conda"],
    [all.slice(1), {}, "uv"],
    [all.slice(2), {}, "poetry"],
    [all.slice(3), {}, "pdm"],
    [all.slice(4), {}, "pipenv"],
    [all.slice(5), {}, "pip"],
    [["pyproject.toml"], {}, "pip"],
    [all, { BP_PACKAGE_MANAGER: "pdm" }, "pdm"],
    [all, { BP_PACKAGE_MANAGER: "Pip" }, "pip"],
    [all, { BP_PACKAGE_MANAGER: "" }, "conda"],
    [all.slice(1), { BP_PACKAGE_MANAGER: "conda" }, undefined],
    [["pyproject.toml"], { BP_PACKAGE_MANAGER: "uv" }, undefined],
    [["uv.lock", "requirements.txt"], { BP_PIP_REQUIREMENT: "deploy.txt" }, "pip"],
    [
      ["uv.lock", "requirements.txt"],
      { BP_PIP_REQUIREMENT: "deploy.txt", BP_PACKAGE_MANAGER: "uv" },
      "uv",
    ],
    [[], {}, undefined],
  ])("of %j with %j: %s", async (files, env, expected) => {
    expect(await chosen(files, env)).toBe(expected);
  });
});

describe("what is passed over", () => {
  it.each<[Exclude<PackageManager, "conda">, readonly string[], Record<string, string>, string]>([
    ["uv", ["uv.lock"], {}, ""],
    [
      "uv",
      ["uv.lock", "poetry.lock", "requirements.txt"],
      {},
      "Skipping poetry.lock and requirements.txt because uv.lock comes first; BP_PACKAGE_MANAGER decides otherwise",
    ],
    [
      "poetry",
      ["uv.lock", "poetry.lock"],
      { BP_PACKAGE_MANAGER: "poetry" },
      "Skipping uv.lock because BP_PACKAGE_MANAGER is poetry",
    ],
    [
      "uv",
      ["uv.lock", "environment.yml"],
      { BP_PACKAGE_MANAGER: "uv", BP_PIP_REQUIREMENT: "deploy.txt" },
      "Skipping BP_PIP_REQUIREMENT because BP_PACKAGE_MANAGER is uv\nSkipping environment.yml because BP_PACKAGE_MANAGER is uv",
    ],
    [
      "pip",
      ["uv.lock", "requirements.txt"],
      { BP_PIP_REQUIREMENT: "deploy.txt" },
      "Skipping uv.lock because BP_PIP_REQUIREMENT names pip's files",
    ],
    [
      "pip",
      ["Pipfile.lock", "requirements.txt"],
      {},
      "Skipping Pipfile.lock because no buildpack of this build reads it",
    ],
  ])("by %s, of %j with %j", async (manager, files, env, expected) => {
    const appDir = join(await temporaryDirectory(), "app");
    await mkdir(appDir);
    await writeFiles(appDir, Object.fromEntries(files.map((file) => [file, ""])));
    const lines: string[] = [];
    const log = createLog({ out: (line) => lines.push(line), err: () => {}, debug: false });

    await tellPassedOver({ appDir, log, settings: new Settings(env) }, manager, files[0] ?? "");

    expect(lines.join("").trim()).toBe(expected);
  });
});
