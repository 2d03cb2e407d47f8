import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** What lies in the app directory and one level below, as far as it can explain anything. */
export interface Survey {
  /** At the top: directories end with "/". Sorted. */
  readonly names: readonly string[];
  /** Paths of files one level down. Sorted. */
  readonly below: readonly string[];
}

/** Never the app's own: environments, caches, and what tools keep. */
const PASSED_OVER = /^(?:\..*|__pycache__|node_modules|venv|env|site-packages)$/;

/** Enough for a message, and quick in a directory with a data set. */
const MOST_BELOW = 5000;

export async function surveyApp(appDir: string): Promise<Survey> {
  const entries = await entriesOf(appDir);
  const below: string[] = [];
  for (const { name, isDirectory } of entries) {
    if (!isDirectory || PASSED_OVER.test(name)) continue;
    const inside = await entriesOf(join(appDir, name));
    const files = inside.filter((entry) => !entry.isDirectory);
    below.push(...files.slice(0, MOST_BELOW).map((file) => `${name}/${file.name}`));
  }
  return {
    names: entries.map(({ name, isDirectory }) => (isDirectory ? `${name}/` : name)),
    below,
  };
}

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
