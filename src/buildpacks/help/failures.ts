import { HARDWARE_FILE } from "../../accelerator/hardware/sources.ts";
import { defineFailures } from "../../kit/failure.ts";
import { editDistance, text } from "../../kit/text.ts";

interface Remedy {
  readonly makes: string;
  readonly command: string;
}

interface Seen {
  /** What lies at the top of the app directory. */
  readonly names: readonly string[];
}

export const failure = defineFailures<{
  "app-empty": Seen;
  "file-misnamed": Seen & { found: string; meant: string };
  "requirements-elsewhere": Seen & { files: readonly string[] };
  "environment-elsewhere": Seen & { files: readonly string[] };
  "lock-of-other-platform": Seen & { file: string; of: string; platform: string };
  "manager-without-files": Seen & { manager: string; needed: string };
  "package-manager-unread": Seen & {
    file: string;
    manager: string;
    remedy: Remedy | undefined;
  };
  "app-in-subdirectory": Seen & { files: readonly string[] };
  "requirements-missing": Seen & { python: readonly string[] };
  "notebooks-only": Seen & { notebooks: readonly string[] };
  "nothing-recognised": Seen;
}>({
  "app-empty": ({ names }) => ({
    blame: "app",
    title: "The app directory is empty",
    body: text`
      Found: ${names.length === 0 ? "no file" : `only ${few(names)}`}
      ${needed(names)}

      ${NOT_THERE}
    `,
  }),

  "file-misnamed": ({ found, meant, names }) => ({
    blame: "app",
    title: `The file ${found} is probably meant to be ${meant}`,
    body: text`
      Found: ${found}
      Needed: the name ${meant}, letter for letter (upper and lower case differ)

      ${seen(names)}
    `,
  }),

  "requirements-elsewhere": ({ files, names }) => ({
    blame: "app",
    title: "The app has requirements files, and none is called requirements.txt",
    body: text`
      Found: ${few(files)}
      Needed: a file requirements.txt, or the setting BP_PIP_REQUIREMENT

      To install one of them as it is, in project.toml:

        [[io.buildpacks.build.env]]
        name = "BP_PIP_REQUIREMENT"
        value = "${files.find((file) => /prod|base|main/i.test(file)) ?? files[0]}"

      ${seen(names)}
    `,
  }),

  "environment-elsewhere": ({ files, names }) => ({
    blame: "app",
    title: "The app has files of conda, and none has a name that is looked for",
    body: text`
      Found: ${few(files)}
      Needed: a file environment.yml or conda-lock.yml, or the setting BP_CONDA_ENVIRONMENT

      To install one of them as it is, in project.toml:

        [[io.buildpacks.build.env]]
        name = "BP_CONDA_ENVIRONMENT"
        value = "${files.find((file) => /prod|base|main/i.test(file)) ?? files[0]}"

      ${seen(names)}
    `,
  }),

  "lock-of-other-platform": ({ file, of, platform, names }) => ({
    blame: "app",
    title: `The conda packages in ${file} are those of another platform`,
    body: text`
      Found: ${file}, for ${of}
      Needed: conda-${platform}.lock, for ${platform}, on which the image runs

      1. From the environment file that it is made of, conda-lock makes it for any platform:

           conda-lock lock --kind explicit --platform ${platform} --file environment.yml

      2. Or add that environment.yml to the app: the build solves it.

      ${seen(names)}
    `,
  }),

  "manager-without-files": ({ manager, needed: files, names }) => ({
    blame: "app",
    title: `BP_PACKAGE_MANAGER names ${manager}, and the app has none of its files`,
    body: text`
      Found: BP_PACKAGE_MANAGER=${manager}
      Needed, at the top of the app directory: ${files}; or another value, or none

      ${seen(names)}
    `,
  }),

  "package-manager-unread": ({ file, manager, remedy, names }) => ({
    blame: "app",
    title: `This builder does not read ${file}`,
    body: text`
      Found: ${file} (${manager})
      ${needed(names)}

      ${remedyFor(file, remedy)}

      ${seen(names)}
    `,
  }),

  "app-in-subdirectory": ({ files, names }) => ({
    blame: "app",
    title: "The app lies in a subdirectory",
    body: text`
      Found: ${few(files)}
      ${needed(names)}

      Build that directory in place of the one above it:

        pack    --path ${directoryOf(files)}
        kpack   spec.source.subPath: ${directoryOf(files)}
        Tekton  the parameter SOURCE_SUBPATH: ${directoryOf(files)}

      ${seen(names)}
    `,
  }),

  "requirements-missing": ({ python, names }) => ({
    blame: "app",
    title: "The app has Python files, and nothing that names its packages",
    body: text`
      Found: ${few(python)}
      ${needed(names)}

      Add a file requirements.txt beside your code, one package a line. It may be empty.

      ${seen(names)}
    `,
  }),

  "notebooks-only": ({ notebooks, names }) => ({
    blame: "app",
    title: "The app has notebooks, and nothing that names its packages",
    body: text`
      Found: ${few(notebooks)}
      ${needed(names)}

      1. Add a file requirements.txt with the packages that the notebooks import.
      2. Add a file Procfile that says what to start, for example, with jupyterlab among the packages:

           web: jupyter lab --ip=0.0.0.0 --port=$PORT --no-browser

      ${seen(names)}
    `,
  }),

  "nothing-recognised": ({ names }) => ({
    blame: "app",
    title: "The app was not recognised",
    body: text`
      ${seen(names)}
      ${needed(names)}

      ${NOT_THERE}
    `,
  }),
});

/** What is needed without Python is told to those who have begun that way. */
function needed(names: readonly string[]): string {
  const python =
    "Needed, at the top of the app directory: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock, environment.yml, conda-lock.yml, pixi.lock, pylock.toml, pyproject.toml or setup.py";
  const withoutPython = names.includes(HARDWARE_FILE)
    ? `; for an app without Python, a Procfile beside ${HARDWARE_FILE}`
    : "";
  return `${python}${withoutPython}`;
}

const NOT_THERE = text`
  If your files are missing here, check:
  1. that the right directory is built (pack: --path)
  2. that they are committed, and not left out by .gitignore or by "exclude" in project.toml
`;

const MOST_NAMES = 10;

function few(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

function seen(names: readonly string[]): string {
  const held = `The app directory holds: ${few(names)}`;
  const unread = names.includes(HARDWARE_FILE) ? undefined : names.find(isNearlyHardware);
  return unread === undefined
    ? held
    : `${held}\n${unread} is not read: what the image runs on stands in ${HARDWARE_FILE}, letter for letter`;
}

/** "Hardware.txt", "hardware", "hardwares.txt", "hardware.txt.txt" */
function isNearlyHardware(name: string): boolean {
  const plain = name.toLowerCase().trim();
  return /^hardware(?:\.txt)*$/.test(plain) || editDistance(plain, HARDWARE_FILE) <= 2;
}

function directoryOf(files: readonly string[]): string {
  return files[0]?.split("/")[0] ?? "";
}

function remedyFor(file: string, remedy: Remedy | undefined): string {
  return remedy === undefined
    ? `If the app is written in Python, list its packages in a file requirements.txt beside ${file}.`
    : `To make a ${remedy.makes} from it:\n\n  ${remedy.command}`;
}
