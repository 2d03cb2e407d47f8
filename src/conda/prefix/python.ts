import { posix } from "node:path";
import type { Interpreter } from "../../python/interpreter.ts";
import type { PrefixRecord } from "./record.ts";

/** The Python of a prefix. */
export interface PrefixPython {
  readonly interpreter: Interpreter;
  /** Relative to the prefix: "lib/python3.13". */
  readonly library: string;
  /** Relative to the prefix: "lib/python3.13/site-packages". */
  readonly sitePackages: string;
}

/** Undefined where no package is Python. */
export function findPython(
  prefix: string,
  records: readonly Pick<PrefixRecord, "name" | "version" | "python_site_packages_path">[],
): PrefixPython | undefined {
  const record = records.find(({ name }) => name === "python");
  if (record === undefined) return undefined;
  const { version } = record;
  const minor = version.split(".").slice(0, 2).join(".");
  // Only builds that differ from CPython's usual place say so, as the one without the GIL does.
  // https://github.com/conda/ceps/blob/main/cep-0017.md
  const sitePackages = record.python_site_packages_path ?? `lib/python${minor}/site-packages`;
  return {
    interpreter: { path: `${prefix}/bin/python${minor}`, version, minor, recreate: undefined },
    library: posix.dirname(sitePackages),
    sitePackages,
  };
}
