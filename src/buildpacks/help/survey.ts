import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { EXPLICIT_MARK } from "../../conda/inputs/explicit-file.ts";

/** What lies in the app directory and one level below, as far as it can explain anything. */
export interface Survey {
  /** At the top: directories end with "/". Sorted. */
  readonly names: readonly string[];
  /** Paths of files one level down. Sorted. */
  readonly below: readonly string[];
  /** Explicit lists of conda at the top, whatever their names are. */
  readonly explicit: readonly ExplicitList[];
}

export interface ExplicitList {
  readonly file: string;
  /** "osx-64"; undefined where the list does not say it. */
  readonly platform: string | undefined;
}

/** Never the app's own: environments, caches, and what tools keep. */
const PASSED_OVER = /^(?:\..*|__pycache__|node_modules|site-packages)$/;

/** Enough for a message, and quick in a directory with a data set. */
const MOST_BELOW = 5000;

export async function surveyApp(appDir: string): Promise<Survey> {
  const entries = await entriesOf(appDir);
  const below: string[] = [];
  for (const { name, isDirectory } of entries) {
    if (!isDirectory || PASSED_OVER.test(name)) continue;
    const inside = await entriesOf(join(appDir, name));
    if (inside.some((entry) => MADE_BY_TOOLS.has(entry.name))) continue;
    const files = inside.filter((entry) => !entry.isDirectory);
    below.push(...files.slice(0, MOST_BELOW).map((file) => `${name}/${file.name}`));
  }
  return {
    names: entries.map(({ name, isDirectory }) => (isDirectory ? `${name}/` : name)),
    below,
    explicit: await explicitLists(appDir, entries),
  };
}

/** In environments of venv and conda, which may have the name of a directory with their files. */
const MADE_BY_TOOLS: ReadonlySet<string> = new Set(["pyvenv.cfg", "conda-meta"]);

async function explicitLists(
  appDir: string,
  entries: readonly Entry[],
): Promise<readonly ExplicitList[]> {
  const found: ExplicitList[] = [];
  for (const { name, isDirectory } of entries) {
    if (isDirectory || !/\.(?:txt|lock)$/i.test(name)) continue;
    const path = join(appDir, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile() !== true || stats.size > MOST_BYTES) continue;
    const text = await readFile(path, "utf8").catch(() => "");
    if (!EXPLICIT_MARK.test(text)) continue;
    const platform = /^#\s*platform:\s*(\S+)/m.exec(text)?.[1];
    found.push({ file: name, platform });
  }
  return found;
}

/** Lists of a thousand packages are smaller. */
const MOST_BYTES = 1_000_000;

interface Entry {
  readonly name: string;
  readonly isDirectory: boolean;
}

async function entriesOf(directory: string): Promise<readonly Entry[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EACCES" || error.code === "EPERM") return [];
      throw error;
    },
  );
  return entries
    .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
