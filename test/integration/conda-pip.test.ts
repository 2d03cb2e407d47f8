import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RemoteImage } from "../../scripts/lib/registry-client.ts";
import {
  changedLayers,
  condaLog,
  environmentFile,
  inImage,
  inProcess,
  makeLastingApp,
  serveTestChannels,
  type TestChannels,
} from "../support/conda-builds.ts";
import type { MadeCondaPackage } from "../../scripts/lib/conda/channel.ts";
import { PREFIX } from "../support/conda-comparison.ts";
import { buildAndPublish } from "../support/platform.ts";
import { serveWheels } from "../support/wheel-index.ts";
import { ballast } from "../support/wheels.ts";

let channels: TestChannels;
let env: Readonly<Record<string, string>>;

const MAIN = `
import greeter, heavypkg, humanize, sys
print(greeter.WORDS, humanize.origin, heavypkg.sum(), sys.prefix, sys.base_prefix)
`;

/** The whole of what is seen, in its order. */
const SEEN = `
import os, site, weighty
print(*(path for path in sys.path if "-packages" in path), sep="\\n")
print(*("listed: " + path for path in dict.fromkeys(site.getsitepackages()) if os.path.isdir(path)), sep="\\n")
`;

/** As servers do, it imports the app that it is given the name of. */
const runner: MadeCondaPackage = {
  ...{ name: "runner", noarch: "python", depends: ["python >=3.9"] },
  entryPoints: ["runner = runner:main"],
  files: {
    "site-packages/runner.py": `import importlib, os, sys


def main():
    sys.path.insert(0, os.getcwd())
    importlib.import_module(sys.argv[1])
`,
  },
};

beforeAll(async () => {
  channels = await serveTestChannels([runner]);
  const wheel = { version: "1.0", index: "simple" };
  const address = await serveWheels([
    {
      ...{ ...wheel, name: "greeter", requires: ["humanize>=4"] },
      files: { "greeter/__init__.py": 'WORDS = "hello"\n' },
    },
    // The channel's humanize is older.
    {
      ...{ ...wheel, name: "humanize", version: "99.0" },
      files: { "humanize/__init__.py": 'origin = "pip"\n' },
    },
    { ...wheel, name: "extra", files: { "extra.py": "" } },
    {
      ...{ ...wheel, name: "weighty", requires: ["greeter"] },
      files: { "weighty/__init__.py": "", "weighty/data": ballast("weighty") },
    },
  ]);
  env = { PIP_INDEX_URL: `${address}/simple` };
});

function environment(...lines: readonly string[]): string {
  const dependencies = ["python=3.13", "heavypkg", "humanize", "pip"];
  const section = lines.map((line) => `    - ${line}\n`).join("");
  return environmentFile([channels.real], dependencies, `  - pip:\n${section}`);
}

describe("what the pip section asks for", () => {
  let app: string;
  let first: Awaited<ReturnType<typeof buildAndPublish>>;

  beforeAll(async () => {
    app = await makeLastingApp({ "environment.yml": environment("greeter"), "main.py": MAIN });
    first = await buildAndPublish("conda-pip/app", { path: app, env });
  });

  it("is installed in a virtual environment on the prefix, without what conda has", async () => {
    const script = `python main.py
      cd /layers/ml-buildpacks_site-packages; ls environment/venv/lib/python3.13/site-packages light-*/site-packages`;

    expect(await inProcess(first.reference, script)).toMatchInlineSnapshot(`
      "hello conda 130319 /layers/ml-buildpacks_site-packages/environment/venv /layers/ml-buildpacks_conda/environment/prefix
      environment/venv/lib/python3.13/site-packages:
      00_ml_buildpacks_layers.pth

      light-2/site-packages:
      greeter
      greeter-1.0.dist-info"
    `);
    expect(
      await inImage(first.reference, ["main.py"], ["--entrypoint=python", "--workdir=/workspace"]),
    ).toMatch(/^hello conda \d+ /);
  });

  it("is kept when nothing has changed, without a question to the channel", async () => {
    const before = channels.requests.length;
    const again = await buildAndPublish("conda-pip/app", { path: app, env });

    expect(channels.requests.slice(before)).toEqual([]);
    expect(again.image.digest).toBe(first.image.digest);
  });

  it("changes without the environment of conda", async () => {
    await writeFile(join(app, "environment.yml"), environment("greeter", "extra"));
    const before = channels.requests.length;
    const added = await buildAndPublish("conda-pip/app", { path: app, env });

    expect(changedLayers(first.image, added.image)).toEqual([]);
    expect(newLayers(first.image, added.image)).toBe(4);
    expect(condaLog(added.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Using cached lock of 8 packages
      Reusing the environment, heavypkg, libheavy (3 layers)"
    `);
    const paths = channels.requests.slice(before).map(({ path }) => path);
    expect(paths.filter((path) => path.includes("heavy"))).toEqual([]);

    // Nor does conda's environment tell whether pip is asked for anything.
    const alone = environmentFile([channels.real], ["python=3.13", "heavypkg", "humanize", "pip"]);
    await writeFile(join(app, "environment.yml"), alone);
    const without = await buildAndPublish("conda-pip/app", { path: app, env });
    expect(changedLayers(first.image, without.image)).toEqual([]);
  });
});

describe("a package that conda and pip install", () => {
  let both: Awaited<ReturnType<typeof buildAndPublish>>;

  beforeAll(async () => {
    const path = await makeLastingApp({
      "environment.yml": environmentFile(
        [channels.real, channels.own],
        ["python=3.13", "heavypkg", "humanize", "pip", "runner"],
        "  - pip:\n    - weighty\n    - humanize>=50\n",
      ),
      "main.py": `${MAIN}${SEEN}`,
    });
    both = await buildAndPublish("conda-pip/both-own", { path, env });
  });

  it("lies beside the other, which is told", () => {
    const [warning] = /\[Warning: humanize [\s\S]*?(?=\nResolved)/.exec(both.output) ?? [];
    expect(warning).toMatchInlineSnapshot(`
      "[Warning: humanize is installed twice, by conda and by pip]
      Found in environment.yml, line 12: humanize>=50
      conda has humanize 4.9.0; the app sees pip's 99.0 in its place, and so do packages of conda that were made for the other one.
      To have one of them, write what is needed under 'dependencies:' of environment.yml, and remove it from what pip is asked for."
    `);
  });

  it("is pip's for the app", async () => {
    expect(await inProcess(both.reference, "python main.py")).toMatchInlineSnapshot(`
      "hello pip 130319 /layers/ml-buildpacks_site-packages/environment/venv /layers/ml-buildpacks_conda/environment/prefix
      /layers/ml-buildpacks_site-packages/environment/venv/lib/python3.13/site-packages
      /layers/ml-buildpacks_site-packages/light-2/site-packages
      /layers/ml-buildpacks_site-packages/light-5/site-packages
      /layers/ml-buildpacks_site-packages/weighty/site-packages
      /layers/ml-buildpacks_conda/environment/prefix/lib/python3.13/site-packages
      listed: /layers/ml-buildpacks_site-packages/environment/venv/lib/python3.13/site-packages
      listed: /layers/ml-buildpacks_conda/environment/prefix/lib/python3.13/site-packages"
    `);
  });

  it.each([
    ["", ["--entrypoint=launcher"], ["--", "runner", "main"]],
    [" without the launcher", ["--entrypoint=runner", "--workdir=/workspace"], ["main"]],
  ])("is pip's for conda's own programs, too%s", async (_, args, command) => {
    const inApp = await inProcess(both.reference, "python main.py");
    const [first = "", ...seen] = (await inImage(both.reference, command, args)).split("\n");

    expect(first).toMatch(new RegExp(`^hello pip \\d+ ${PREFIX} ${PREFIX}$`));
    expect(seen).toEqual(inApp.split("\n").slice(1));
  });
});

describe("requirements.txt beside environment.yml", () => {
  const files = {
    "requirements.txt": "greeter\n",
    Procfile: `web: ls ${PREFIX}/bin\n`,
  };

  it("is left out, which is told with the setting that installs it, too", async () => {
    const text = environmentFile([channels.real], ["chain-a"]);
    const path = await makeLastingApp({ ...files, "environment.yml": text });
    const { output } = await buildAndPublish("conda-pip/alone", { path, env });

    expect(condaLog(output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Skipping requirements.txt because environment.yml says what is installed; BP_CONDA_REQUIREMENTS=true installs requirements.txt, too
      Solving for linux-64
      Solved: 3 packages (… s)
      Installing 3 packages
      Done (… s)"
    `);
  });

  it("is installed after conda's packages with the setting", async () => {
    const text = environmentFile([channels.real], ["python=3.13", "heavypkg", "humanize"]);
    const path = await makeLastingApp({ "environment.yml": text, ...files, "main.py": MAIN });
    const { reference } = await buildAndPublish("conda-pip/both", {
      path,
      env: { ...env, BP_CONDA_REQUIREMENTS: "true" },
    });

    expect(await inProcess(reference, "python main.py")).toMatch(/^hello conda \d+ /);
  });
});

/** How many layers the second image has that the first doesn't have. */
function newLayers(before: RemoteImage, after: RemoteImage): number {
  const known = new Set(before.layers.map(({ diffId }) => diffId));
  return after.layers.filter(({ diffId }) => !known.has(diffId)).length;
}
