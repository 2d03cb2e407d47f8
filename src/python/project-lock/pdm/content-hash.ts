import { sha256 } from "../../../kit/hash.ts";
import { normalizeName } from "../../lock.ts";
import { pythonJson } from "../python-json.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * What the versions of PDM write for a project as `content_hash`, the newest first. Those before
 * 2.17 hash the overrides alone; those before 2.20 know no [dependency-groups], and take the names
 * of development groups as they are written.
 * https://github.com/pdm-project/pdm/blob/2.28.2/src/pdm/project/project_file.py
 */
export function contentHashes(project: Table): readonly string[] {
  const { project: metadata, tool, "dependency-groups": standard } = project;
  const settings = table(table(tool)["pdm"]);
  const resolution = table(settings["resolution"]);
  const own = table(settings["dev-dependencies"]);
  const common = {
    sources: settings["source"] ?? [],
    dependencies: table(metadata)["dependencies"] ?? [],
    "optional-dependencies": table(metadata)["optional-dependencies"] ?? {},
    "requires-python": table(metadata)["requires-python"] ?? "",
  };
  const contents = [
    { ...common, "dev-dependencies": joined(table(standard), own), resolution },
    { ...common, "dev-dependencies": own, resolution },
    { ...common, "dev-dependencies": own, overrides: resolution["overrides"] ?? {} },
  ];
  return contents.map((content) => `sha256:${sha256(pythonJson(content))}`);
}

function joined(standard: Table, own: Table): Table {
  const groups: Record<string, readonly unknown[]> = {};
  for (const [name, items] of [...Object.entries(standard), ...Object.entries(own)]) {
    const key = normalizeName(name);
    groups[key] = [...(groups[key] ?? []), ...(Array.isArray(items) ? items : [])];
  }
  return groups;
}

function table(value: unknown): Table {
  return typeof value === "object" && value !== null ? (value as Table) : {};
}
