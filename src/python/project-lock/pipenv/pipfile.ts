import { normalizeName } from "../../lock.ts";
import { pipfileSchema, pythonOfPipfile } from "../../pipfile.ts";
import { failure } from "../failures.ts";
import { readDocument } from "../read-document.ts";
import { LOCK_FILE, PROJECT_FILE } from "./names.ts";

export interface Pipfile {
  /** All that the file says. */
  readonly table: Readonly<Record<string, unknown>>;
  /** As the file writes them: "dev-packages", "docs"; not that of the main packages. */
  readonly categories: readonly string[];
  /** "3.12", "3.12.4" or "*"; undefined where it says none. */
  readonly python: string | undefined;
}

/** Throws a failure where it is missing or can't be read. */
export async function readPipfile(appDir: string): Promise<Pipfile> {
  const read = await readDocument(appDir, PROJECT_FILE, pipfileSchema);
  if (read === undefined)
    throw failure("project-missing", { lockFile: LOCK_FILE, project: PROJECT_FILE });
  if ("issue" in read) throw failure("project-invalid", { file: PROJECT_FILE, ...read });
  return {
    table: read.table,
    categories: Object.keys(read.table).filter(
      (name) => name !== "packages" && !OTHER_TABLES.has(name),
    ),
    python: pythonOfPipfile(read.data)?.value,
  };
}

const OTHER_TABLES: ReadonlySet<string> = new Set([
  "source",
  "requires",
  "scripts",
  "pipfile",
  "pipenv",
]);

/** Where the lock has a category of the Pipfile: https://pipenv.pypa.io/en/latest/pipfile.html */
export function sectionOf(category: string): string {
  if (["dev", "develop", "dev-packages"].includes(normalizeName(category))) return "develop";
  return ["default", "packages"].includes(category) ? "default" : category;
}
