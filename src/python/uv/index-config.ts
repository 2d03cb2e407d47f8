import { writeFile } from "node:fs/promises";
import { formatToml, type TomlTable } from "../../cnb/toml.ts";

/** Where pip and uv look if nothing else is said. */
export const PYPI = "https://pypi.org/simple";

/** What the configuration has besides the indexes that arguments name. */
export interface Further {
  /** Indexes that are asked for what no other has. */
  readonly last?: readonly string[];
  /** https://docs.astral.sh/uv/reference/settings/ */
  readonly tables?: TomlTable;
}

/**
 * Writes a configuration file for uv, at `path`, with the indexes that the arguments name, and gives arguments
 * that name this file in their place. uv reads no other configuration then.
 *
 * Only there an index can be told to be fresh for a while. Many give no time themselves, and an
 * installation would ask again for each page that the resolution has read a moment before.
 * https://docs.astral.sh/uv/concepts/indexes/#customizing-cache-control-headers
 */
export async function configureIndexes(
  uvArguments: readonly string[],
  path: string,
  { last = [], tables = {} }: Further = {},
): Promise<readonly string[]> {
  let main = PYPI;
  const extra: string[] = [];
  const kept: string[] = [];
  for (let index = 0; index < uvArguments.length; index += 1) {
    const [option = "", value = ""] = uvArguments.slice(index, index + 2);
    if (option === "--index-url") main = value;
    else if (option === "--extra-index-url") extra.push(value);
    else {
      kept.push(option);
      continue;
    }
    index += 1;
  }
  const table = (url: string) => ({ url, "cache-control": { api: "max-age=600" } });
  const urls = [...new Set([...extra.filter((url) => url !== main), main, ...last])];
  // The default one is uv's last, and without one that is PyPI.
  const index = urls.map((url, at) =>
    at === urls.length - 1 ? { ...table(url), default: true } : table(url),
  );
  await writeFile(path, formatToml({ index, ...tables }));
  return ["--config-file", path, ...kept];
}

/**
 * Where a digest or the local part of a version says which file is meant, no index has to be the
 * first that has the name.
 */
export function withoutIndexOrder(uvArguments: readonly string[]): readonly string[] {
  return uvArguments.map((argument, at) =>
    uvArguments[at - 1] === "--index-strategy" ? "unsafe-best-match" : argument,
  );
}
