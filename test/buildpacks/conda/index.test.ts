import { describe, expect, it } from "vitest";
import definition from "../../../src/buildpacks/conda/index.ts";
import { run } from "../../../src/kit/buildpack.ts";
import { phaseDirectories, phaseEnv, writeFiles } from "../../support/phase.ts";

const FORGE = "https://conda.anaconda.org/conda-forge/linux-64";
const ANACONDA = "https://repo.anaconda.com/pkgs/main/linux-64";
const MD5 = "0".repeat(32);

/** What is told before anything is installed. */
async function buildLog(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const directories = await phaseDirectories();
  await writeFiles(directories.app, files);
  await writeFiles(directories.plan.replace(/plan\.toml$/, ""), { "plan.toml": "" });
  let log = "";
  const write = (text: string) => {
    log += text;
  };
  const invocation = {
    ...{ argv: [], cwd: directories.app },
    env: { ...phaseEnv(directories), ...env },
  };
  await run(definition, invocation, { out: write, err: write, debug: false });
  return log;
}

const explicit = (...urls: readonly string[]) =>
  ["@EXPLICIT", ...urls.map((url) => `${url}#${MD5}`), ""].join("\n");

describe("what pip installs needs a Python", () => {
  it("that an explicit file may not have", async () => {
    const files = {
      "conda-linux-64.lock": explicit(`${FORGE}/zlib-1.3-0.conda`),
      "requirements.txt": "six\n",
    };
    const env = { BP_CONDA_REQUIREMENTS: "true", BP_CPYTHON_VERSION: "3.12" };

    expect(await buildLog(files, env)).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]
      Found conda-linux-64.lock
      Skipping BP_CPYTHON_VERSION because conda-linux-64.lock says which Python is installed
      Found 1 package

      [Error: conda-linux-64.lock has no Python for what pip is to install]

      Found: packages for pip in requirements.txt, and no python among the packages of conda
      Needed: python in conda-linux-64.lock, on which they are installed

      "
    `);
  });

  it("that a lock file may not have", async () => {
    const text = `version: 1
metadata:
  platforms: [linux-64]
package:
- {name: zlib, version: '1.3', manager: conda, platform: linux-64, url: "${FORGE}/zlib-1.3-0.conda", hash: {md5: "${MD5}"}}
- {name: six, version: '1.17', manager: pip, platform: linux-64, url: "https://files.pythonhosted.org/six-1.17-py3-none-any.whl", hash: {}}
`;
    expect(await buildLog({ "conda-lock.yml": text })).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]
      Found conda-lock.yml
      Found 1 package for linux-64

      [Error: conda-lock.yml has no Python for what pip is to install]

      Found: packages for pip in conda-lock.yml, and no python among the packages of conda
      Needed: python in conda-lock.yml, on which they are installed

      "
    `);
  });

  it("with the GIL", async () => {
    const files = {
      "conda-linux-64.lock": explicit(`${FORGE}/python-3.13.1-h9a34b6e_5_cp313t.conda`),
      "requirements.txt": "six\n",
    };

    expect(await buildLog(files, { BP_CONDA_REQUIREMENTS: "true" })).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]
      Found conda-linux-64.lock
      Found 1 package

      [Error: pip can't install packages on a Python without the GIL yet]

      Found: the free-threaded build of Python, by conda-linux-64.lock, and packages for pip
      Needed: the usual build, or no packages for pip

      1. For the usual build write python-gil beside python; without python-freethreading, that is
         what a solve gives.
      2. Many of pip's packages are there as conda packages, too.

      "
    `);
  });
});

describe("a lock of the app's own", () => {
  it("is upgraded by whoever made it, and does not tell its age", async () => {
    const files = { "conda-linux-64.lock": explicit(`${FORGE}/zlib-1.3-0.conda`) };
    const env = { BP_UPGRADE_PACKAGES: "zlib", BP_LOCK_MAX_AGE: "30 fail", BP_GROUPS: "dev" };
    const [told] = (await buildLog(files, env)).split("\nInstalling ");

    expect(told).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]
      Found conda-linux-64.lock
      Skipping BP_UPGRADE_PACKAGES because conda-linux-64.lock says what is installed
      Skipping BP_GROUPS because conda-linux-64.lock has no groups and extras of Python packages

      [Warning: The build can't hold BP_LOCK_MAX_AGE because conda-linux-64.lock does not say when it was made]
      Found 1 package"
    `);
  });

  const hardware = {
    accelerator: {
      ...{ name: "cuda", specifier: "", assumed: false, text: "cuda" },
      origin: { file: "hardware.txt", line: 1 },
    },
    gpus: [],
    libraries: [{ name: "cudnn", text: "cudnn", origin: { file: "hardware.txt", line: 2 } }],
  };

  it("may have Anaconda's packages, and not what hardware.txt names", async () => {
    const files = {
      "conda-linux-64.lock": explicit(
        `${ANACONDA}/cuda-version-12.8-0.conda`,
        `${FORGE}/zlib-1.3-0.conda`,
      ),
    };
    const env = { ML_BUILDPACKS_HARDWARE: JSON.stringify(hardware) };
    const [told] = (await buildLog(files, env)).split("\nInstalling ");

    expect(told).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]
      Found conda-linux-64.lock
      Found 2 packages

      [Warning: Packages come from Anaconda's channels (conda-linux-64.lock)]
      Organisations of more than 200 people need a licence for them: https://www.anaconda.com/legal
      conda-forge needs none; for it alone write the channels conda-forge and nodefaults.
      Skipping cudnn of hardware.txt because conda-linux-64.lock says what is installed, and has no package of it"
    `);
  });
});

it("settings and bindings that can't be used are told as such", async () => {
  const files = { "environment.yml": "dependencies:\n  - numpy\n" };

  expect(await buildLog(files, { BP_CPYTHON_VERSION: "3.13t", BP_CONDA_MIRRORS: "conda-forge" }))
    .toMatchInlineSnapshot(`
    "
    [Installing the conda environment]
    Found environment.yml

    [Error: BP_CONDA_MIRRORS and BP_CPYTHON_VERSION can't be used as set]

    BP_CONDA_MIRRORS: conda-forge
      A channel, '=' and an address are needed: conda-forge=https://mirror.example/conda-forge.

    BP_CPYTHON_VERSION: 3.13t
      Python without the GIL is asked for in the environment file:

        - python-freethreading

    "
  `);
});

it("tells what of the environment file the hardware and the settings decide", async () => {
  const text = "dependencies:\n  - python=3.11\n  - cuda-version=12.8\n";
  const files = { "environment.yml": text };
  const cpu = {
    accelerator: {
      ...{ name: "cpu", specifier: "", assumed: false, text: "cpu" },
      origin: { file: "hardware.txt", line: 1 },
    },
    ...{ gpus: [], libraries: [] },
  };
  const log = async (env: Readonly<Record<string, string>>) =>
    (await buildLog(files, env)).split("\nSolving")[0];

  expect(await log({ BP_CPYTHON_VERSION: "3.13" })).toMatchInlineSnapshot(`
    "
    [Installing the conda environment]
    Found environment.yml
    Using cuda, since environment.yml, line 3, asks for it: cuda-version=12.8
    Using the channel conda-forge because no channel is named; conda would take Anaconda's defaults
    Using Python 3.13 (from BP_CPYTHON_VERSION), not python=3.11 of environment.yml, line 2"
  `);
  expect(await log({ ML_BUILDPACKS_HARDWARE: JSON.stringify(cpu) })).toMatchInlineSnapshot(`
    "
    [Installing the conda environment]
    Found environment.yml

    [Warning: The environment asks for CUDA, and the image is not for NVIDIA's GPUs]
    Found in environment.yml, line 3: cuda-version=12.8
    Found in hardware.txt, line 1: cpu
    Packages are taken that run without NVIDIA's GPUs, as far as there are any. Keep one of the two lines.
    Using the channel conda-forge because no channel is named; conda would take Anaconda's defaults"
  `);
});

describe("a project of pixi without its lock is told", () => {
  it("beside dependencies for pip", async () => {
    const project = "[project]\nname = 'app'\n[tool.pixi.dependencies]\nnumpy = '*'\n";

    expect(await buildLog({ "pyproject.toml": project })).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]

      [Error: pyproject.toml asks for conda packages, and pixi has not locked them]

      Found: pyproject.toml with dependencies of pixi, and no pixi.lock beside it
      Needed: pixi.lock, which says what is installed; commit it with the app

        pixi lock

      Where pip alone is to install the app, set BP_PACKAGE_MANAGER=pip.

      "
    `);
  });
});

describe("a lock that is older than what it is made of", () => {
  it("is told with what it lacks", async () => {
    const files = {
      "conda-linux-64.lock": explicit(`${FORGE}/zlib-1.3-0.conda`),
      "environment.yml":
        "dependencies:\n  - zlib\n  - numpy>=2\n  - pywin32  # [win]\n  - conda-forge::scipy\n  - __glibc>=2.17\n",
    };
    const [told] = (await buildLog(files)).split("\nInstalling ");

    expect(told).toMatchInlineSnapshot(`
      "
      [Installing the conda environment]
      Found conda-linux-64.lock
      Skipping environment.yml because conda-linux-64.lock comes before it
      Found 1 package

      [Warning: numpy (environment.yml, line 3) and scipy (environment.yml, line 5) are not in conda-linux-64.lock]
      What conda-linux-64.lock lists is installed, and no more. Make it anew:

        conda-lock lock --kind explicit --platform linux-64 --file environment.yml"
    `);
    const whole = { ...files, "environment.yml": "dependencies: [zlib]\n" };
    expect(await buildLog(whole)).not.toContain("Warning");
  });
});

describe("files that say nothing beside the environment's", () => {
  const files = {
    "environment.yml": "dependencies:\n  - python=3.12\n",
    ".python-version": "3.12\n",
    "requirements.txt": "",
    "constraints.txt": "",
    "pyproject.toml": "[project]\nname = 'app'\n",
    "setup.py": "",
  };
  /** A setting that ends the build before anything is solved. */
  const told = async (more: Readonly<Record<string, string>>) => {
    const log = await buildLog({ ...files, ...more }, { BP_CONDA_MIRRORS: "conda-forge" });
    return log.split("\n").filter((line) => line.startsWith("Skipping "));
  };

  it("are told in one line", async () => {
    expect(await told({})).toMatchInlineSnapshot(`
      [
        "Skipping requirements.txt, .python-version, pyproject.toml and setup.py because environment.yml says what is installed; BP_CONDA_REQUIREMENTS=true installs requirements.txt, too",
      ]
    `);
    expect(await told({ "pyproject.toml": "[tool.ruff]\n", "setup.cfg": "" })).toEqual([
      "Skipping requirements.txt, .python-version and setup.py because environment.yml says what is installed; BP_CONDA_REQUIREMENTS=true installs requirements.txt, too",
    ]);
  });

  it("are not those that pip's lines name", async () => {
    const lines = ["-r ./requirements.txt", "-e ."].map((line) => `    - ${line}\n`).join("");

    expect(await told({ "environment.yml": `dependencies:\n  - pip:\n${lines}` })).toEqual([
      "Skipping .python-version because environment.yml says what is installed",
    ]);
  });
});
