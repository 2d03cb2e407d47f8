import { expect, it } from "vitest";
import { checkProblems } from "../../../src/buildpacks/conda/problems.ts";
import { Failure } from "../../../src/kit/failure.ts";

const at = (file: string) => ({ origin: { file }, line: "x", needed: "Something else" });

function titleOf(files: readonly string[], ofHardware: readonly string[] = []): string {
  try {
    checkProblems(files.map(at), ofHardware.map(at));
  } catch (error) {
    if (error instanceof Failure) return error.userMessage.title;
    throw error;
  }
  return "";
}

it("are told by the title of where they stand", () => {
  expect([
    titleOf([]),
    titleOf(["environment.yml", "environment.yml"]),
    titleOf([".condarc"]),
    titleOf(["BP_CONDA_MIRRORS", "BP_CONDA_ARCHSPEC", "BP_CONDA_MIRRORS"]),
    titleOf([], ["hardware.txt"]),
    titleOf([], ["BP_HARDWARE"]),
    titleOf(["environment.yml", ".condarc"]),
    titleOf(["environment.yml"], ["hardware.txt"]),
  ]).toMatchInlineSnapshot(`
    [
      "",
      "The conda environment can't be read from environment.yml",
      "conda's configuration can't be read from .condarc",
      "BP_CONDA_MIRRORS and BP_CONDA_ARCHSPEC can't be used as set",
      "The hardware and what is to run on it do not go together",
      "The hardware and what is to run on it do not go together",
      "The conda environment can't be made as it is asked for",
      "The conda environment can't be made as it is asked for",
    ]
  `);
});
