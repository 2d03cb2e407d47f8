import { expect, it } from "vitest";
import {
  condaLayersOf,
  condaLog,
  environmentFile,
  inProcess,
  makeLastingApp,
  serveTestChannels,
} from "../support/conda-builds.ts";
import { PREFIX } from "../support/conda-comparison.ts";
import { buildAndPublish } from "../support/platform.ts";

it("settings keep what is left out, run packages' scripts and limit the number of layers", async () => {
  const channels = await serveTestChannels();
  const dependencies = ["python=3.13", "heavypkg", "with-post-link"];
  const path = await makeLastingApp({
    "deploy/environment.yml": environmentFile([channels.real], dependencies),
    "environment.yml": "dependencies: [another-one]\n",
    "main.py": "import heavypkg\n\nheavypkg.main()\n",
  });
  const env = {
    BP_CONDA_ENVIRONMENT: "deploy/environment.yml",
    BP_CONDA_KEEP: "docs static-libraries",
    BP_CONDA_LINK_SCRIPTS: "true",
    BP_HEAVY_LAYERS: "1",
  };

  const { image, output, reference } = await buildAndPublish("conda/settings", { path, env });

  expect(condaLog(output, channels)).toMatchInlineSnapshot(`
    "Using deploy/environment.yml (from BP_CONDA_ENVIRONMENT)
    Skipping environment.yml because BP_CONDA_ENVIRONMENT names another file
    Solving for linux-64
    Solved: 7 packages (… s)
    Installing 7 packages
    Compiling bytecode
    Packages with layers of their own: libheavy (34 MB)
    Done (… s)"
  `);
  expect(Object.keys(condaLayersOf(image))).toEqual(["environment", "libheavy", "lock"]);
  const script = `python main.py; cd ${PREFIX}; ls share/with-post-link share/doc/heavy share/man lib/*.a; cat share/with-post-link/linked`;
  expect(await inProcess(reference, script)).toMatchInlineSnapshot(`
    "heavy 130319 12000000
    lib/libfoo.a
    lib/libheavy.a

    share/doc/heavy:
    README

    share/man:
    man1
    man3

    share/with-post-link:
    README
    linked
    linked with-post-link 1.0"
  `);
});
