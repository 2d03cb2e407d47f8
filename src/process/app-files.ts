import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** The app's files, by paths with "/" relative to the app directory; "" is that directory. */
export interface AppFiles {
  /** Undefined where there is no such file, or one that nobody has written by hand. */
  read(path: string): Promise<string | undefined>;
  list(directory: string): Promise<Listing>;
}

/** Names, sorted. */
export interface Listing {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** Source files are smaller; generated ones and data are not read. */
const MOST_BYTES = 1_000_000;

export function appFilesIn(appDir: string): AppFiles {
  return {
    read: async (path) => {
      const absolute = join(appDir, path);
      try {
        const { size } = await stat(absolute);
        return size > MOST_BYTES ? undefined : await readFile(absolute, "utf8");
      } catch (error) {
        if (isAbsence(error)) return undefined;
        throw error;
      }
    },
    list: async (directory) => {
      try {
        const entries = await readdir(join(appDir, directory), { withFileTypes: true });
        return {
          files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name).sort(),
          directories: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort(),
        };
      } catch (error) {
        if (isAbsence(error)) return { files: [], directories: [] };
        throw error;
      }
    },
  };
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
