import { writeFile } from "node:fs/promises";
import { formatToml } from "../../cnb/toml.ts";

/** Where pip and uv look if nothing else is said. */
export const PYPI = "https://pypi.org/simple";

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
  const indexes = [...new Set(extra)].filter((url) => url !== main).map(table);
  await writeFile(path, formatToml({ index: [...indexes, { ...table(main), default: true }] }));
  return ["--config-file", path, ...kept];
}
