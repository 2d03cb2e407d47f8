import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/buildpacks/help/explain.ts";
import { surveyApp } from "../../../src/buildpacks/help/survey.ts";
import { renderMessage } from "../../../src/kit/failure.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("the likeliest reason", () => {
  it.each<[string, string[]]>([
    ["app-empty", []],
    ["app-empty", [".gitignore", "project.toml", ".git/HEAD"]],
    ["file-misnamed", ["requirement.txt"]],
    ["file-misnamed", ["requirements.text"]],
    ["file-misnamed", ["requirments.txt", "app.py"]],
    ["file-misnamed", ["Requirements.txt"]],
    ["file-misnamed", ["requirements.txt.txt"]],
    ["file-misnamed", ["requirements"]],
    ["file-misnamed", ["PyProject.toml"]],
    ["file-misnamed", ["Setup.py"]],
    ["requirements-elsewhere", ["requirements-dev.txt", "app.py"]],
    ["requirements-elsewhere", ["requirements/production.txt", "app.py"]],
    ["requirements-elsewhere", ["deps/requirements_gpu.txt"]],
    ["package-manager-unread", ["requirements.in"]],
    ["package-manager-unread", ["Pipfile", "app.py"]],
    ["package-manager-unread", ["Pipfile", "project.toml"]],
    ["requirements-missing", ["app.py", "project.toml"]],
    ["file-misnamed", ["poetry.lck", "app.py"]],
    ["file-misnamed", ["pipfile.lock", "app.py"]],
    ["package-manager-unread", ["Cargo.toml"]],
    ["file-misnamed", ["enviroment.yml", "train.py"]],
    ["file-misnamed", ["env.yaml", "train.py"]],
    ["file-misnamed", ["conda_lock.yaml"]],
    ["app-in-subdirectory", ["service/environment.yml", "service/main.py"]],
    ["environment-elsewhere", ["deploy/environment.yml", "main.py"]],
    ["environment-elsewhere", ["env/environment.yml", "main.py"]],
    ["environment-elsewhere", ["environment-dev.yml", "main.py"]],
    ["environment-elsewhere", ["env.gpu.yaml"]],
    ["requirements-missing", ["env/environment.yml", "env/pyvenv.cfg", "main.py"]],
    ["requirements-missing", ["envelope.yml", "main.py"]],
    ["package-manager-unread", ["package.json"]],
    ["app-in-subdirectory", ["README.md", "service/requirements.txt"]],
    ["app-in-subdirectory", ["packages/pyproject.toml"]],
    ["requirements-missing", ["main.py"]],
    ["requirements-missing", ["src/main.py", "notes.ipynb"]],
    ["notebooks-only", ["notes.ipynb"]],
    ["notebooks-only", ["notebooks/a.ipynb"]],
    ["nothing-recognised", ["index.html", "setup.sh"]],
    ["nothing-recognised", [".venv/requirements.txt", "node_modules/setup.py", "a.txt"]],
  ])("is %s for %j", async (code, files) => {
    expect((await explanationFor(files)).code).toBe(code);
  });

  it("is none of a directory that has the name of a file", async () => {
    const app = await temporaryDirectory();
    await mkdir(join(app, "requirement.txt"));

    expect(explain(await surveyApp(app), { platform: "linux-64", manager: undefined }).code).toBe(
      "nothing-recognised",
    );
  });
});

describe("the message", () => {
  it("for an empty directory", async () => {
    expect(await messageFor([])).toMatchInlineSnapshot(`
      "[Error: The app directory is empty]

      Found: no file
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      If your files are missing here, check:
      1. that the right directory is built (pack: --path)
      2. that they are committed, and not left out by .gitignore or by "exclude" in project.toml"
    `);
  });

  it("for a directory with files about it only", async () => {
    expect(await messageFor([".gitignore", "project.toml"])).toMatchInlineSnapshot(`
      "[Error: The app directory is empty]

      Found: only .gitignore, project.toml
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      If your files are missing here, check:
      1. that the right directory is built (pack: --path)
      2. that they are committed, and not left out by .gitignore or by "exclude" in project.toml"
    `);
  });

  it("for a name that is nearly right", async () => {
    expect(await messageFor(["requirments.txt", "app.py"])).toMatchInlineSnapshot(`
      "[Error: The file requirments.txt is probably meant to be requirements.txt]

      Found: requirments.txt
      Needed: the name requirements.txt, letter for letter (upper and lower case differ)

      The app directory holds: app.py, requirments.txt"
    `);
  });

  it("for several requirements files", async () => {
    const files = ["requirements/dev.txt", "requirements/production.txt", "app.py"];
    expect(await messageFor(files)).toMatchInlineSnapshot(`
      "[Error: The app has requirements files, and none is called requirements.txt]

      Found: requirements/dev.txt, requirements/production.txt
      Needed: a file requirements.txt, or the setting BP_PIP_REQUIREMENT

      To install one of them as it is, in project.toml:

        [[io.buildpacks.build.env]]
        name = "BP_PIP_REQUIREMENT"
        value = "requirements/production.txt"

      The app directory holds: app.py, requirements/"
    `);
  });

  it("for files of conda under other names", async () => {
    const files = { "environment-dev.yml": "", "spec-file.txt": "# a comment\n@EXPLICIT\n" };
    expect(await messageFor(files)).toMatchInlineSnapshot(`
      "[Error: The app has files of conda, and none has a name that is looked for]

      Found: spec-file.txt, environment-dev.yml
      Needed: a file environment.yml or conda-lock.yml, or the setting BP_CONDA_ENVIRONMENT

      To install one of them as it is, in project.toml:

        [[io.buildpacks.build.env]]
        name = "BP_CONDA_ENVIRONMENT"
        value = "spec-file.txt"

      The app directory holds: environment-dev.yml, spec-file.txt"
    `);
  });

  it("for a lock of another platform", async () => {
    const named = { "conda-osx-64.lock": "@EXPLICIT\n", "main.py": "" };
    const said = { "list.txt": "# platform: win-64\n@EXPLICIT\n" };
    expect(await messageFor(named)).toMatchInlineSnapshot(`
      "[Error: The conda packages in conda-osx-64.lock are those of another platform]

      Found: conda-osx-64.lock, for osx-64
      Needed: conda-linux-64.lock, for linux-64, on which the image runs

      1. From the environment file that it is made of, conda-lock makes it for any platform:

           conda-lock lock --kind explicit --platform linux-64 --file environment.yml

      2. Or add that environment.yml to the app: the build solves it.

      The app directory holds: conda-osx-64.lock, main.py"
    `);
    expect(await messageFor(said)).toContain("Found: list.txt, for win-64\n");
  });

  it("for a setting that names a manager without files", async () => {
    const app = await temporaryDirectory();
    await writeFiles(app, { "requirements.txt": "" });
    const asked = { platform: "linux-64", manager: "poetry" } as const;

    expect(renderMessage(explain(await surveyApp(app), asked).userMessage)).toMatchInlineSnapshot(`
        "[Error: BP_PACKAGE_MANAGER names poetry, and the app has none of its files]

        Found: BP_PACKAGE_MANAGER=poetry
        Needed, at the top of the app directory: poetry.lock; or another value, or none

        The app directory holds: requirements.txt"
      `);
  });

  it("for another package manager that can write requirements", async () => {
    expect(await messageFor(["Pipfile", "app.py"])).toMatchInlineSnapshot(`
      "[Error: This builder does not read Pipfile]

      Found: Pipfile (Pipenv)
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      To make a Pipfile.lock from it:

        pipenv lock

      The app directory holds: Pipfile, app.py"
    `);
  });

  it("for another package manager that can't", async () => {
    expect(await messageFor(["setup.cfg", "train.py"])).toMatchInlineSnapshot(`
      "[Error: This builder does not read setup.cfg]

      Found: setup.cfg (setuptools)
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      If the app is written in Python, list its packages in a file requirements.txt beside setup.cfg.

      The app directory holds: setup.cfg, train.py"
    `);
  });

  it("for an app in a subdirectory", async () => {
    expect(await messageFor(["README.md", "service/requirements.txt"])).toMatchInlineSnapshot(`
      "[Error: The app lies in a subdirectory]

      Found: service/requirements.txt
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      Build that directory in place of the one above it:

        pack    --path service
        kpack   spec.source.subPath: service
        Tekton  the parameter SOURCE_SUBPATH: service

      The app directory holds: README.md, service/"
    `);
  });

  it("for Python files alone", async () => {
    expect(await messageFor(["main.py", "src/model.py"])).toMatchInlineSnapshot(`
      "[Error: The app has Python files, and nothing that names its packages]

      Found: main.py, src/model.py
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      Add a file requirements.txt beside your code, one package a line. It may be empty.

      The app directory holds: main.py, src/"
    `);
  });

  it("for notebooks alone", async () => {
    expect(await messageFor(["explore.ipynb"])).toMatchInlineSnapshot(`
      "[Error: The app has notebooks, and nothing that names its packages]

      Found: explore.ipynb
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      1. Add a file requirements.txt with the packages that the notebooks import.
      2. Add a file Procfile that says what to start, for example, with jupyterlab among the packages:

           web: jupyter lab --ip=0.0.0.0 --port=$PORT --no-browser

      The app directory holds: explore.ipynb"
    `);
  });

  it("for hardware alone, and for a file that is nearly that", async () => {
    expect(await messageFor(["hardware.txt"])).toMatchInlineSnapshot(`
      "[Error: The app was not recognised]

      The app directory holds: hardware.txt
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py; for an app without Python, a Procfile beside hardware.txt

      If your files are missing here, check:
      1. that the right directory is built (pack: --path)
      2. that they are committed, and not left out by .gitignore or by "exclude" in project.toml"
    `);
    expect(await messageFor(["Hardware.txt", "Procfile"])).toMatchInlineSnapshot(`
      "[Error: The app was not recognised]

      The app directory holds: Hardware.txt, Procfile
      Hardware.txt is not read: what the image runs on stands in hardware.txt, letter for letter
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      If your files are missing here, check:
      1. that the right directory is built (pack: --path)
      2. that they are committed, and not left out by .gitignore or by "exclude" in project.toml"
    `);
    for (const name of ["hardware", "hardwares.txt", "hardware.txt.txt"]) {
      expect(await messageFor([name, "main.py"])).toContain(`${name} is not read`);
    }
    for (const name of ["hardware/a.md", "README.txt"]) {
      expect(await messageFor([name, "main.py"])).not.toContain("is not read");
    }
  });

  it("for anything else, with the first ten names", async () => {
    const files = Array.from({ length: 12 }, (_, index) => `page-${index + 10}.html`);
    expect(await messageFor(files)).toMatchInlineSnapshot(`
      "[Error: The app was not recognised]

      The app directory holds: page-10.html, page-11.html, page-12.html, page-13.html, page-14.html, page-15.html, page-16.html, page-17.html, page-18.html, page-19.html and 2 more
      Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py

      If your files are missing here, check:
      1. that the right directory is built (pack: --path)
      2. that they are committed, and not left out by .gitignore or by "exclude" in project.toml"
    `);
  });
});

type Files = readonly string[] | Readonly<Record<string, string>>;

async function messageFor(files: Files): Promise<string> {
  return renderMessage((await explanationFor(files)).userMessage);
}

async function explanationFor(files: Files) {
  const app = await temporaryDirectory();
  const contents = Array.isArray(files) ? files.map((file) => [file, ""]) : Object.entries(files);
  await writeFiles(app, Object.fromEntries(contents));
  return explain(await surveyApp(app), { platform: "linux-64", manager: undefined });
}
