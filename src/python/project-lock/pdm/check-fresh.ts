import { gte, valid } from "@renovatebot/pep440";
import { normalizeName } from "../../lock.ts";
import { failure } from "../failures.ts";
import { contentHashes } from "./content-hash.ts";
import { linesOf } from "./groups.ts";
import type { PdmLock } from "./lock-file.ts";
import { LOCK_FILE, MAIN_GROUP, PROJECT_FILE, RELOCK } from "./names.ts";
import type { PdmProject } from "./project.ts";
import { parseWanted } from "./requirement.ts";
import { isAllowed } from "./select-packages.ts";

/** Throws a failure for the lock of another project; gives what could not be found out. */
export function checkFresh(lock: PdmLock, project: PdmProject): readonly string[] {
  const { lockVersion, metadata } = lock;
  const locked = metadata.lock_inputs?.project?.groups;
  if (locked !== undefined) {
    const change = changeOf(lock, project, locked);
    if (change !== undefined) throw stale(change);
    return [];
  }
  const without = `Using ${LOCK_FILE} without knowing whether it is the lock of this ${PROJECT_FILE}`;
  // Of a workspace, all members' files are in the hash.
  if (project.pdm.workspace !== undefined) return [`${without}: it is a workspace's`];
  const hashes = contentHashes(project.table);
  const { content_hash: found } = metadata;
  if (found !== undefined && hashes.includes(found)) return [];
  if (valid(lockVersion) !== null && gte(lockVersion, FIRST_UNKNOWN)) {
    return [`${without}: lock_version ${lockVersion} is newer than this builder`];
  }
  throw stale(
    found === undefined
      ? `no content_hash in ${LOCK_FILE}`
      : `content_hash = "${found}" in ${LOCK_FILE}; that of ${PROJECT_FILE} is "${hashes[0]}".`,
  );
}

/** What PDM 2.0 to 2.29 compute is known here; its locks are of version 4.0 to 4.5. */
const FIRST_UNKNOWN = "4.6";

function stale(found: string): Error {
  return failure("lock-stale", {
    lockFile: LOCK_FILE,
    project: PROJECT_FILE,
    found,
    relock: RELOCK,
  });
}

/**
 * With `lock_inputs` PDM compares which packages each group asks for, and whether the locked versions
 * are allowed. https://github.com/pdm-project/pdm/blob/2.28.2/src/pdm/project/lockfile/freshness.py
 */
function changeOf(
  lock: PdmLock,
  project: PdmProject,
  locked: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const { groups } = project;
  const extras = Object.keys(project.project["optional-dependencies"] ?? {});
  const now = [MAIN_GROUP, ...Object.keys(groups), ...extras].map(normalizeName);
  for (const group of new Set([...Object.keys(locked), ...now])) {
    if (!now.includes(group)) return `group ${group} in ${LOCK_FILE}, and none in ${PROJECT_FILE}.`;
    if (locked[group] === undefined)
      return `group ${group} in ${PROJECT_FILE}, and none in ${LOCK_FILE}.`;
    const lines = linesOf([group], project);
    const [before, after] = [namesOf(locked[group]), namesOf(lines)];
    if (before.join() !== after.join()) {
      return `group ${group} is ${before.join(", ")} in ${LOCK_FILE}, and ${after.join(", ")} in ${PROJECT_FILE}.`;
    }
    const other = lines.find((line) => !isLocked(line, lock));
    if (other !== undefined)
      return `${other} in ${PROJECT_FILE}, and no such version in ${LOCK_FILE}.`;
  }
  return undefined;
}

/** Of an address the lock has a digest in place of the name. */
function namesOf(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => !/^url-sha256:|^-e\s|@\s*\S+:/.test(line))
    .map((line) => parseWanted(line)?.name ?? line)
    .sort();
}

function isLocked(line: string, { packages }: PdmLock): boolean {
  const wanted = parseWanted(line);
  const named = packages.filter(({ name }) => normalizeName(name) === wanted?.name);
  // A package that no target of the lock needs is not in it.
  if (wanted === undefined || named.length === 0) return true;
  return named.some(({ version = "" }) => isAllowed(version, wanted.specifier));
}
