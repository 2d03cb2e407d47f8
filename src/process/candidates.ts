import { type AppFiles, joinPath } from "./app-files.ts";

/** Files that may start the app, the likeliest first, at most two directories down. */
export async function findCandidates(
  files: AppFiles,
  named: readonly string[],
): Promise<readonly string[]> {
  const directories = await candidateDirectories(files);
  const listings = await Promise.all(directories.map((directory) => files.list(directory)));
  const found = directories.flatMap((directory, index) =>
    candidateNames(directory, listings[index]?.files ?? []).map((name) =>
      joinPath(directory, name),
    ),
  );
  return [...new Set([...named, ...found])];
}

// The order in which they are tried. The first six are what the frameworks' own tutorials use.
const FILE_NAMES = [
  "main.py",
  "app.py",
  "server.py",
  "api.py",
  "streamlit_app.py",
  "application.py",
  "wsgi.py",
  "asgi.py",
  "run.py",
  "serve.py",
  "service.py",
  "webapp.py",
  "web.py",
  "demo.py",
  "gradio_app.py",
  "dashboard.py",
];

const LIKELY_DIRECTORIES = ["app", "src", "api", "server", "backend", "service"];

const NEVER_THE_APP = new Set([
  "build",
  "data",
  "dataset",
  "datasets",
  "dist",
  "doc",
  "docs",
  "env",
  "example",
  "examples",
  "frontend",
  "migrations",
  "node_modules",
  "notebooks",
  "scripts",
  "static",
  "templates",
  "test",
  "tests",
  "tools",
  "venv",
]);

async function candidateDirectories(files: AppFiles): Promise<readonly string[]> {
  const first = await within(files, "");
  const second = await Promise.all(first.map((directory) => within(files, directory)));
  return ["", ...first, ...second.flat()];
}

async function within(files: AppFiles, directory: string): Promise<readonly string[]> {
  const { directories } = await files.list(directory);
  return directories
    .filter(
      (name) =>
        !NEVER_THE_APP.has(name) && /^[A-Za-z_][\w-]*$/.test(name) && name !== "__pycache__",
    )
    .sort((a, b) => rank(LIKELY_DIRECTORIES, a) - rank(LIKELY_DIRECTORIES, b) || (a < b ? -1 : 1))
    .map((name) => joinPath(directory, name));
}

/** In a directory of its own name, `__init__.py` can hold the app: Flask's tutorial does so. */
function candidateNames(directory: string, names: readonly string[]): readonly string[] {
  const wanted = directory === "" ? FILE_NAMES : [...FILE_NAMES, "__init__.py"];
  const home = directory === "" ? names.filter((name) => /(^|_)(Home|Hello)\.py$/.test(name)) : [];
  return [...wanted.filter((name) => names.includes(name)), ...home];
}

function rank(list: readonly string[], item: string): number {
  const index = list.indexOf(item);
  return index === -1 ? list.length : index;
}
