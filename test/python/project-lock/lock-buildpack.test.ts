import { expect, it } from "vitest";
import pdm from "../../../src/buildpacks/pdm/index.ts";
import pipenv from "../../../src/buildpacks/pipenv/index.ts";
import poetry from "../../../src/buildpacks/poetry/index.ts";
import uv from "../../../src/buildpacks/uv/index.ts";
import { runDetect } from "../../support/detect.ts";

it.each([
  ["uv", uv, "uv.lock"],
  ["poetry", poetry, "poetry.lock"],
  ["pdm", pdm, "pdm.lock"],
  ["pipenv", pipenv, "Pipfile.lock"],
])(
  "%s takes part where it has its lock and no other is named",
  async (manager, { detect }, lock) => {
    const files = { [lock]: "" };
    const found = await runDetect(detect, { files, env: { BP_PACKAGE_MANAGER: manager } });
    const other = await runDetect(detect, { files, env: { BP_PACKAGE_MANAGER: "pip" } });

    expect(found).toMatchObject({ code: 0 });
    expect(other).toMatchObject({ code: 100 });
    expect(detect.otherwise).toBe(`no ${lock} found, or another package manager is named`);
  },
);
