import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Development } from "../../../src/buildpacks/apt/development.ts";
import { handOver } from "../../../src/buildpacks/apt/handover.ts";
import { applyDelta, type EnvChange, prepend } from "../../../src/cnb/layer-env.ts";
import type { DebianLock } from "../../../src/debian/lock.ts";
import type { BuildContext } from "../../../src/kit/buildpack.ts";
import { build, phaseDirectories } from "../../support/phase.ts";

const DEVELOPMENT: Development = {
  packages: "a1b2c3",
  env: { CPATH: prepend("/tree/include", ":"), QT_DIR: prepend("/tree/qt", ":") },
};

it("tells compilers what there is, where it is alone", async () => {
  expect(await handedTo({})).toMatchInlineSnapshot(`
    {
      "CPATH": "/tree/include",
      "ML_BUILDPACKS_BUILT_AGAINST": "development=a1b2c3",
      "ML_BUILDPACKS_DEBIAN_PACKAGES": "",
      "ML_BUILDPACKS_DEVELOPMENT": "<layers>/development",
      "ML_BUILDPACKS_DEVELOPMENT_VARIABLES": "QT_DIR",
      "ML_BUILDPACKS_RECREATE_DEVELOPMENT": "CNB_BUILDPACK_DIR='<buildpack>' '<buildpack>/bin/build' '--recreate' 'development' '<layers>'",
      "QT_DIR": "/tree/qt",
    }
  `);
});

it("adds to what another buildpack has for compilers", async () => {
  const before = {
    ML_BUILDPACKS_DEVELOPMENT: "/layers/other/whole",
    ML_BUILDPACKS_RECREATE_DEVELOPMENT: "make-other",
    ML_BUILDPACKS_DEVELOPMENT_VARIABLES: "OTHER",
    ML_BUILDPACKS_BUILT_AGAINST: "other=1",
  };

  expect(await handedTo(before)).toMatchInlineSnapshot(`
    {
      "CPATH": "/tree/include",
      "ML_BUILDPACKS_BUILT_AGAINST": "other=1 development=a1b2c3",
      "ML_BUILDPACKS_DEBIAN_PACKAGES": "",
      "ML_BUILDPACKS_DEVELOPMENT": "/layers/other/whole:<layers>/development",
      "ML_BUILDPACKS_DEVELOPMENT_VARIABLES": "OTHER QT_DIR",
      "ML_BUILDPACKS_RECREATE_DEVELOPMENT": "make-other
    CNB_BUILDPACK_DIR='<buildpack>' '<buildpack>/bin/build' '--recreate' 'development' '<layers>'",
      "QT_DIR": "/tree/qt",
    }
  `);
});

/** The environment of the buildpacks that follow. */
async function handedTo(before: Readonly<Record<string, string>>): Promise<object> {
  const directories = await phaseDirectories();
  const buildpack = {
    build: async (context: BuildContext) => {
      await handOver(context, [] as DebianLock, DEVELOPMENT);
      return {};
    },
  };
  await build(buildpack, directories);
  const layer = join(directories.layers, "handover");
  const after = applyDelta(before, { build: await readChanges(join(layer, "env.build")) }, "build");
  const text = JSON.stringify(after, undefined, 2);
  return JSON.parse(
    text
      .replaceAll(directories.layers, "<layers>")
      .replaceAll(directories.buildpack, "<buildpack>"),
  ) as object;
}

async function readChanges(directory: string): Promise<Record<string, EnvChange>> {
  const changes: Record<string, EnvChange> = {};
  for (const file of await readdir(directory)) {
    const [name = "", kind] = file.split(".");
    const value = await readFile(join(directory, file), "utf8");
    if (kind === "override") changes[name] = { kind, value };
    if (kind === "append" || kind === "prepend") {
      const delimiter = await readFile(join(directory, `${name}.delim`), "utf8");
      changes[name] = { kind, value, delimiter };
    }
  }
  return changes;
}
