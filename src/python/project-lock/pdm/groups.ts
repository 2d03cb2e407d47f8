import { normalizeName } from "../../lock.ts";
import { checkNames } from "../check-names.ts";
import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import type { PdmLock } from "./lock-file.ts";
import { LOCK_FILE, MAIN_GROUP, PROJECT_FILE } from "./names.ts";
import type { GroupItem, PdmProject } from "./project.ts";
import { parseWanted } from "./requirement.ts";

/**
 * The groups of the lock that are installed, normalised: PDM has extras and dependency groups under
 * one name space. Throws a failure for those that the project or the lock has not.
 */
export function chooseGroups(
  request: Pick<LockRequest, "groups" | "extras">,
  { project, groups }: PdmProject,
  lock: PdmLock,
): readonly string[] {
  const extras = Object.keys(project["optional-dependencies"] ?? {});
  checkNames("BP_EXTRAS", request.extras, { known: extras, file: PROJECT_FILE });
  checkNames("BP_GROUPS", request.groups, { known: Object.keys(groups), file: PROJECT_FILE });
  const chosen = [...request.extras, ...request.groups].map(normalizeName);
  const locked = lock.metadata.groups?.map(normalizeName);
  const missing = chosen.find((name) => locked !== undefined && !locked.includes(name));
  if (missing !== undefined) {
    throw failure("lock-stale", {
      lockFile: LOCK_FILE,
      project: PROJECT_FILE,
      found: `groups = ${JSON.stringify(lock.metadata.groups)} in ${LOCK_FILE}, without ${missing}.`,
      relock: "pdm lock -G :all",
    });
  }
  return [...new Set([MAIN_GROUP, ...chosen])];
}

/** The lines of the groups and of those that they include, by `include-group` or the app's own name. */
export function linesOf(
  chosen: readonly string[],
  { project, groups }: PdmProject,
): readonly string[] {
  const items = new Map<string, readonly GroupItem[]>([
    ...byName(groups),
    ...byName(project["optional-dependencies"] ?? {}),
    [MAIN_GROUP, project.dependencies ?? []],
  ]);
  const own = project.name === undefined ? undefined : normalizeName(project.name);
  const lines: string[] = [];
  const queue = [...chosen];
  const seen = new Set<string>();
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const item of items.get(name) ?? []) {
      if (typeof item !== "string") {
        queue.push(normalizeName(item["include-group"]));
        continue;
      }
      const wanted = parseWanted(item);
      if (wanted !== undefined && wanted.name === own) queue.push(...wanted.extras);
      else lines.push(item);
    }
  }
  return lines;
}

function byName<Item>(
  table: Readonly<Record<string, readonly Item[]>>,
): readonly (readonly [string, readonly Item[]])[] {
  return Object.entries(table).map(([name, items]) => [normalizeName(name), items]);
}
