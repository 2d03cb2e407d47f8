import { posix } from "node:path";
import { pathsOf, recordSchema } from "../../src/conda/prefix/record.ts";
import { parseParagraphs } from "../../src/debian/deb822.ts";
import { parseRecord } from "../../src/python/environment/record-file.ts";
import { normalizeName } from "../../src/python/lock.ts";

/** A package that a package manager has installed, by its own account. */
export interface InstalledPackage {
  readonly manager: "conda" | "debian" | "python";
  readonly name: string;
  readonly version: string;
  /** Of its files, from the root, without "/" before them. */
  readonly paths: readonly string[];
}

/** Whether the file says which packages there are, or what is theirs. */
export function isPackageRecord(path: string): boolean {
  return Object.values(RECORDS).some((pattern) => pattern.test(path));
}

/**
 * The packages that such files tell of, by path. Where a file is claimed twice, by conda and by the
 * Python distribution in its package, or by a distribution and those that it brings in itself, the
 * package that comes first is the one to change.
 */
export function readInstalledPackages(
  records: ReadonlyMap<string, string>,
): readonly InstalledPackage[] {
  return [...condaPackages(records), ...debianPackages(records), ...distributions(records)];
}

const RECORDS = {
  // https://packaging.python.org/en/latest/specifications/recording-installed-packages/
  python: /(?:^|\/)([^/]+?)-([^/-]+)\.dist-info\/RECORD$/,
  // https://github.com/conda/ceps/blob/main/cep-0032.md
  conda: /(?:^|\/)conda-meta\/[^/]+\.json$/,
  // https://manpages.debian.org/trixie/dpkg/dpkg-query.1.en.html#FILES; images without dpkg have two
  // files for each package: https://github.com/GoogleContainerTools/distroless
  status: /^var\/lib\/dpkg\/status(?:\.d\/[^/]+(?<!\.md5sums))?$/,
  files: /^var\/lib\/dpkg\/(?:info\/([^/:]+)(?::[^/]+)?\.list|status\.d\/([^/]+)\.md5sums)$/,
} as const;

function* condaPackages(records: ReadonlyMap<string, string>): Generator<InstalledPackage> {
  for (const [path, text] of records) {
    if (!RECORDS.conda.test(path)) continue;
    const { success, data } = recordSchema.safeParse(parseJson(text));
    // conda keeps other files there, too.
    if (!success) continue;
    const prefix = posix.dirname(posix.dirname(path));
    const paths = pathsOf(data).map(({ _path }) => posix.join(prefix, _path));
    const { name, version } = data;
    yield { manager: "conda", name, version, paths: [...paths, path] };
  }
}

function* debianPackages(records: ReadonlyMap<string, string>): Generator<InstalledPackage> {
  const versions = new Map<string, string>();
  for (const [path, text] of records) {
    if (!RECORDS.status.test(path)) continue;
    for (const fields of parseParagraphs(text)) {
      versions.set(fields.get("package") ?? "", fields.get("version") ?? "");
    }
  }
  for (const [path, text] of records) {
    const name = RECORDS.files.exec(path)?.slice(1).find(Boolean);
    if (name === undefined) continue;
    const lines = text.split("\n").filter((line) => line !== "");
    // "/usr/lib/…", or "<digest>  usr/lib/…"
    const paths = lines.map((line) => line.replace(/^(?:[0-9a-f]{32} +)?\/?/, ""));
    yield { manager: "debian", name, version: versions.get(name) ?? "", paths: [...paths, path] };
  }
}

/** Those that lie within another one come after it. */
function distributions(records: ReadonlyMap<string, string>): readonly InstalledPackage[] {
  const found = [...records].flatMap(([path, text]) => {
    const [, name = "", version = ""] = RECORDS.python.exec(path) ?? [];
    if (name === "") return [];
    const root = posix.dirname(posix.dirname(path));
    const paths = parseRecord(text).map((entry) => posix.resolve("/", root, entry.path).slice(1));
    return [{ root, name: normalizeName(name), version, paths: [...paths, path] }];
  });
  return found
    .sort((a, b) => a.root.length - b.root.length)
    .map(({ name, version, paths }) => ({ manager: "python", name, version, paths }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
