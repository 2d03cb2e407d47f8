import type { Failure } from "../../kit/failure.ts";
import { editDistance } from "../../kit/text.ts";
import { failure } from "./failures.ts";
import type { Survey } from "./survey.ts";

/** The likeliest reason why no other buildpack has recognised the app. */
export function explain({ names, below }: Survey): Failure {
  const files = names.filter((name) => !name.endsWith("/"));
  // Files about the directory, such as .gitignore and project.toml, make no app.
  const own = names.filter((name) => !name.startsWith(".") && name !== "project.toml");
  if (own.length === 0) return failure("app-empty", { names });

  const misnamed = findMisnamed(files);
  if (misnamed !== undefined) return failure("file-misnamed", { ...misnamed, names });

  const elsewhere = [...files, ...below].filter((path) => REQUIREMENTS_FILE.test(path));
  if (elsewhere.length > 0) return failure("requirements-elsewhere", { files: elsewhere, names });

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

/** What the other groups of the builder look for. */
const RECOGNISED = ["requirements.txt", "pylock.toml", "pyproject.toml", "setup.py"];

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
        (meant === "requirements.txt" && /^requirements?(?:\.txt)*$/i.test(name)),
    );
    if (found !== undefined) return { found, meant };
  }
  return undefined;
}

/** requirements-dev.txt, requirements/production.txt, deps/requirements_gpu.txt */
const REQUIREMENTS_FILE = /^(?:requirements\/[^/]+|(?:[^/]+\/)?requirements[-_.][^/]+)\.txt$/i;

interface Manager {
  readonly pattern: RegExp;
  /** "Pipenv" */
  readonly manager: string;
  /** What gives a requirements.txt; undefined where nothing does. */
  readonly remedy: string | undefined;
}

const MANAGERS: readonly Manager[] = [
  {
    pattern: /^requirements\.in$/i,
    manager: "pip-tools",
    remedy: "uv pip compile requirements.in --output-file requirements.txt",
  },
  {
    pattern: /^Pipfile(?:\.lock)?$/i,
    manager: "Pipenv",
    remedy: "pipenv requirements > requirements.txt",
  },
  {
    pattern: /^(?:environment|conda|env)\.ya?ml$|^conda-lock\.ya?ml$/i,
    manager: "conda",
    remedy: undefined,
  },
  { pattern: /^pixi\.(?:toml|lock)$/i, manager: "pixi", remedy: undefined },
  { pattern: /^setup\.cfg$/i, manager: "setuptools", remedy: undefined },
  { pattern: /^package\.json$/i, manager: "npm", remedy: undefined },
  { pattern: /^go\.mod$/i, manager: "Go", remedy: undefined },
  { pattern: /^Cargo\.toml$/i, manager: "Cargo", remedy: undefined },
  { pattern: /^(?:pom\.xml|build\.gradle(?:\.kts)?)$/i, manager: "Java", remedy: undefined },
  { pattern: /^Gemfile$/i, manager: "Bundler", remedy: undefined },
  { pattern: /^(?:DESCRIPTION|renv\.lock)$/, manager: "R", remedy: undefined },
];
