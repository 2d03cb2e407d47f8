import { expect, it } from "vitest";
import { readFilePolicy } from "../../../../src/python/project-lock/poetry/file-policy.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

it.each([
  ["", "any"],
  ["[virtualenvs]\ncreate = false\n", "any"],
  ['[installer]\nno-binary = ["My_Lib"]\n', "sdist"],
  ['[installer]\nno-binary = "other,my-lib"\n', "sdist"],
  ['[installer]\nno-binary = ["other"]\n', "any"],
  ['[installer]\nonly-binary = [":all:"]\n', "wheel"],
  ['[installer]\nonly-binary = [":all:"]\nno-binary = ["my-lib"]\n', "sdist"],
])("%j", async (text, expected) => {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "poetry.toml": text });
  const { wheel, sdist } = (await readFilePolicy(appDir))("my.lib");

  expect(wheel && sdist ? "any" : wheel ? "wheel" : "sdist").toBe(expected);
});
