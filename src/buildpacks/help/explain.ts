import type { Failure } from "../../kit/failure.ts";
import { editDistance } from "../../kit/text.ts";
import type { PackageManager } from "../../python/lock-sources.ts";
import { failure } from "./failures.ts";
import { explainConda } from "./explain-conda.ts";
import type { Survey } from "./survey.ts";

interface Asked {
  /** Of conda: "linux-64". */
  readonly platform: string;
  /** BP_PACKAGE_MANAGER */
  readonly manager: PackageManager | undefined;
}

/** The likeliest reason why no other buildpack has recognised the app. */
export function explain(
  { names, below, explicit }: Survey,
  { platform, manager: asked }: Asked,
): Failure {
  // A project.toml is what it is called, however near that is to pyproject.toml.
  const files = names.filter((name) => !name.endsWith("/") && name !== "project.toml");
  // Files about the directory, such as .gitignore and project.toml, make no app.
  const own = names.filter((name) => !name.startsWith(".") && name !== "project.toml");
  if (own.length === 0) return failure("app-empty", { names });

  if (asked !== undefined) {
    return failure("manager-without-files", { manager: asked, needed: FILES[asked], names });
  }

  const misnamed = findMisnamed(files);
  if (misnamed !== undefined) return failure("file-misnamed", { ...misnamed, names });

  const elsewhere = [...files, ...below].filter((path) => REQUIREMENTS_FILE.test(path));
  if (elsewhere.length > 0) return failure("requirements-elsewhere", { files: elsewhere, names });

  const ofConda = explainConda({ paths: [...files, ...below], explicit, names }, platform);
  if (ofConda !== undefined) return ofConda;

  const manager = MANAGERS.find(({ pattern }) => files.some((name) => pattern.test(name)));
  if (manager !== undefined) {
    const file = files.find((name) => manager.pattern.test(name)) ?? "";
    return failure("package-manager-unread", { ...manager, file, names });
  }

  const apps = below.filter((path) => RECOGNISED.some((name) => path.endsWith(`/${name}`)));
  if (apps.length > 0) return failure("app-in-subdirectory", { files: apps, names });

  const python = [...files, ...below].filter((path) => path.endsWith(".py"));
  if (python.length > 0) return failure("requirements-missing", { python, names });

  const notebooks = [...files, ...below].filter((path) => path.endsWith(".ipynb"));
  if (notebooks.length > 0) return failure("notebooks-only", { notebooks, names });

  return failure("nothing-recognised", { names });
}

const FILES: Readonly<Record<PackageManager, string>> = {
  conda: "environment.yml, conda-lock.yml, pixi.lock or conda-linux-64.lock",
  uv: "uv.lock",
  poetry: "poetry.lock",
  pdm: "pdm.lock",
  pipenv: "Pipfile.lock",
  pip: "requirements.txt, pylock.toml, pyproject.toml or setup.py",
};

/** What the other groups of the builder look for. */
const RECOGNISED = [
  "uv.lock",
  "poetry.lock",
  "pdm.lock",
  "Pipfile.lock",
  "requirements.txt",
  "pylock.toml",
  "pyproject.toml",
  "setup.py",
  "environment.yml",
  "conda-lock.yml",
  "pixi.lock",
];

interface Misnamed {
  readonly found: string;
  readonly meant: string;
}

function findMisnamed(files: readonly string[]): Misnamed | undefined {
  for (const meant of RECOGNISED) {
    // "setup.sh" is near to "setup.py", and something else.
    const furthest = meant.length > 10 ? 2 : 1;
    const found = files.find(
      (name) =>
        editDistance(name.toLowerCase().trim(), meant) <= furthest ||
        USUAL_MISTAKES[meant]?.test(name) === true,
    );
    if (found !== undefined) return { found, meant };
  }
  return undefined;
}

const USUAL_MISTAKES: { readonly [meant: string]: RegExp | undefined } = {
  "requirements.txt": /^requirements?(?:\.txt)*$/i,
  "environment.yml": /^(?:conda[-_.]?)?env(?:ironment)?s?\.ya?ml$/i,
  "conda-lock.yml": /^conda[-_.]?lock\.ya?ml$/i,
};

/** requirements-dev.txt, requirements/production.txt, deps/requirements_gpu.txt */
const REQUIREMENTS_FILE = /^(?:requirements\/[^/]+|(?:[^/]+\/)?requirements[-_.][^/]+)\.txt$/i;

interface Manager {
  readonly pattern: RegExp;
  /** "Pipenv" */
  readonly manager: string;
  /** A file that is read, and what makes it; undefined where nothing does. */
  readonly remedy: { readonly makes: string; readonly command: string } | undefined;
}

const MANAGERS: readonly Manager[] = [
  {
    pattern: /^requirements\.in$/i,
    manager: "pip-tools",
    remedy: {
      makes: "requirements.txt",
      command: "uv pip compile requirements.in --output-file requirements.txt",
    },
  },
  {
    pattern: /^Pipfile$/i,
    manager: "Pipenv",
    remedy: { makes: "Pipfile.lock", command: "pipenv lock" },
  },
  { pattern: /^setup\.cfg$/i, manager: "setuptools", remedy: undefined },
  { pattern: /^package\.json$/i, manager: "npm", remedy: undefined },
  { pattern: /^go\.mod$/i, manager: "Go", remedy: undefined },
  { pattern: /^Cargo\.toml$/i, manager: "Cargo", remedy: undefined },
  { pattern: /^(?:pom\.xml|build\.gradle(?:\.kts)?)$/i, manager: "Java", remedy: undefined },
  { pattern: /^Gemfile$/i, manager: "Bundler", remedy: undefined },
  { pattern: /^(?:DESCRIPTION|renv\.lock)$/, manager: "R", remedy: undefined },
];
