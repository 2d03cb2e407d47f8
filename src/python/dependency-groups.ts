import * as z from "zod/mini";
import { normalizeName } from "./lock.ts";

/** Throws a {@link DependencyGroupError} where the table is not as PEP 735 describes it. */
export function readDependencyGroups(document: Record<string, unknown>): DependencyGroups {
  const table = document["dependency-groups"];
  const parsed = z.record(z.string(), z.array(itemSchema)).safeParse(table ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    throw new DependencyGroupError(
      `[dependency-groups] ${path}: a requirement as text, or {include-group = "…"}, is needed`,
    );
  }
  return new DependencyGroups(parsed.data);
}

/** https://packaging.python.org/en/latest/specifications/dependency-groups/ */
export class DependencyGroups {
  readonly names: readonly string[];
  readonly #groups: ReadonlyMap<string, readonly Item[]>;

  constructor(table: Readonly<Record<string, readonly Item[]>>) {
    this.names = Object.keys(table);
    this.#groups = new Map(
      Object.entries(table).map(([name, items]) => [normalizeName(name), items]),
    );
  }

  /** The requirements of a group, those of the groups that it includes among them; each once. */
  requirementsOf(name: string): readonly string[] {
    return [...new Set(this.#expand(name, []))];
  }

  #expand(name: string, above: readonly string[]): readonly string[] {
    const key = normalizeName(name);
    const items = this.#groups.get(key);
    if (items === undefined || above.includes(key)) {
      const way = [...above, key].join(" → ");
      const issue = items === undefined ? `there is no group ${name}` : "a group includes itself";
      throw new DependencyGroupError(`[dependency-groups] ${way}: ${issue}`);
    }
    return items.flatMap((item) =>
      typeof item === "string" ? [item] : this.#expand(item["include-group"], [...above, key]),
    );
  }
}

export class DependencyGroupError extends Error {
  override readonly name = "DependencyGroupError";
}

const itemSchema = z.union([z.string(), z.strictObject({ "include-group": z.string() })]);

type Item = z.infer<typeof itemSchema>;
