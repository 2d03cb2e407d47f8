import { posix } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { compileBytecode } from "../../python/environment/bytecode.ts";
import { namesIn } from "../names-in.ts";
import type { PrefixPython } from "./python.ts";
import { pathsOf, type PrefixRecord, withPaths } from "./record.ts";

/**
 * Compiles the standard library and all packages: what conda packages bring is checked against
 * times, and the engine compiles nothing. Gives the records with the bytecode among what the
 * packages own, as installers have to: https://github.com/conda/ceps/blob/main/cep-0020.md
 */
export async function compilePrefix(
  prefix: string,
  records: readonly PrefixRecord[],
  { interpreter, library }: PrefixPython,
  env: Env,
): Promise<readonly PrefixRecord[]> {
  await compileBytecode([`${prefix}/${library}`], interpreter, env);
  const compiled = new Map<string, readonly string[]>();
  return records.map((record) => {
    const paths = pathsOf(record).filter(({ path_type }) => path_type !== "pyc_file");
    const bytecode = paths
      .filter(({ _path }) => _path.endsWith(".py") && _path.startsWith(`${library}/`))
      .flatMap(({ _path }) => bytecodeOf(_path));
    return withPaths(record, [...paths, ...bytecode]);
  });

  function bytecodeOf(path: string) {
    const cache = posix.join(posix.dirname(path), "__pycache__");
    const names = compiled.get(cache) ?? namesIn(`${prefix}/${cache}`);
    compiled.set(cache, names);
    const stem = posix.basename(path, ".py");
    const name = names.find((one) => stemOf(one) === stem);
    return name === undefined ? [] : [{ _path: `${cache}/${name}`, path_type: "pyc_file" }];
  }
}

/** "module" of "module.cpython-313.pyc": a module's own name may have dots. */
function stemOf(name: string): string {
  return name.split(".").slice(0, -2).join(".");
}
