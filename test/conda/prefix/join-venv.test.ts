import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { joinVenv } from "../../../src/conda/prefix/join-venv.ts";
import { venvPathBeside } from "../../../src/python/environment/paths.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

it("names the venv of the buildpack that installs pip's packages, before other .pth files", async () => {
  const prefix = await temporaryDirectory();
  // Where CEP 17 has another directory than usual.
  const python = { sitePackages: "lib/python3.14t/site-packages" };

  await joinVenv(prefix, python, venvPathBeside("/layers/ml-buildpacks_conda"));

  const file = join(prefix, python.sitePackages, "00_ml_buildpacks_venv.pth");
  expect(await readFile(file, "utf8")).toBe(
    'import _ml_buildpacks_venv; _ml_buildpacks_venv.join("/layers/ml-buildpacks_site-packages/environment/venv")\n',
  );
  const module = await readFile(
    join(prefix, python.sitePackages, "_ml_buildpacks_venv.py"),
    "utf8",
  );
  expect(module).toContain("\ndef join(venv):\n");
});
