import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** The app's files, by paths with "/" relative to the app directory; "" is that directory. */
export interface AppFiles {
  /** Undefined where there is no such file, or one that nobody has written by hand. */
  read(path: string): Promise<string | undefined>;
  list(directory: string): Promise<Listing>;
}

/** Names, sorted. */
interface Listing {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** Source files are smaller; generated ones and data are not read. */
const MOST_BYTES = 1_000_000;

/** Each file and directory is read once: many questions are asked about the same ones. */
export function appFilesIn(appDir: string): AppFiles {
  const files = new Map<string, Promise<string | undefined>>();
  const listings = new Map<string, Promise<Listing>>();
  return {
    read: (path) => remember(files, path, () => readSource(join(appDir, path))),
    list: (directory) =>
      remember(listings, directory, () => listDirectory(join(appDir, directory))),
  };
}

async function readSource(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size > MOST_BYTES ? undefined : await readFile(path, "utf8");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function listDirectory(path: string): Promise<Listing> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = (areDirectories: boolean) =>
      entries
        .filter((entry) => entry.isDirectory() === areDirectories)
        .map(({ name }) => name)
        .sort();
    return { files: names(false), directories: names(true) };
  } catch (error) {
    if (isAbsence(error)) return { files: [], directories: [] };
    throw error;
  }
}

function remember<T>(known: Map<string, T>, key: string, find: () => T): T {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

export function joinPath(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

export function directoryOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}

function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ELOOP";
}
