import type { AppFiles } from "../../src/process/app-files.ts";

/** An app in memory: paths with their contents. */
export function memoryFiles(contents: { readonly [path: string]: string }): AppFiles {
  const paths = Object.keys(contents).sort();
  return {
    read: async (path) => contents[path],
    list: async (directory) => {
      const prefix = directory === "" ? "" : `${directory}/`;
      const below = paths
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length).split("/"));
      const names = (parts: readonly string[][]) => [...new Set(parts.map(([name]) => name ?? ""))];
      return {
        files: names(below.filter((parts) => parts.length === 1)),
        directories: names(below.filter((parts) => parts.length > 1)),
      };
    },
  };
}
