import { lt, valid } from "@renovatebot/pep440";
import { normalizeName } from "../../lock.ts";
import { MarkerError } from "../../markers.ts";
import { checkArchives } from "../check-archives.ts";
import { failure } from "../failures.ts";
import { filesInApp } from "../files-in-app.ts";
import type { LockManager, LockRequest, Selection } from "../manager.ts";
import { onceEach } from "../once-each.ts";
import { findAppPackage } from "./app-package.ts";
import { isForPython } from "./constraint.ts";
import { contentHashes, judgeLock } from "./content-hash.ts";
import { readPoetryCredentials } from "./credentials.ts";
import { readFilePolicy, SETTINGS_FILE } from "./file-policy.ts";
import { LOCK_FILE, type LockedPackage, type PoetryLock, readLock } from "./lock-file.ts";
import { asPylock } from "./package-source.ts";
import { type Project, PROJECT_FILE, readProject } from "./project.ts";
import { selectByGroups } from "./select-by-groups.ts";
import { selectByWalk, WalkError } from "./select-by-walk.ts";
import { readWanted, type Wanted } from "./wanted.ts";

/** poetry.lock is read without running Poetry: the lock alone says what is installed. */
export const poetry: LockManager = {
  name: "poetry",
  lockFile: LOCK_FILE,
  relock: "poetry lock",
  upgrade: "poetry update",
  upgradeOne: "poetry update NAME",
  files: (appDir) => filesInApp(appDir, [LOCK_FILE, PROJECT_FILE, SETTINGS_FILE]),
  variant: tellAppPackage,
  archives: listArchives,
  credentials: readPoetryCredentials,
  select,
};

/** A module that appears makes the app a package. */
async function tellAppPackage(appDir: string): Promise<string | undefined> {
  const { isInstalled } = await findAppPackage(appDir, await readProject(appDir));
  return isInstalled ? "the app itself, too" : undefined;
}

async function listArchives(appDir: string): Promise<readonly string[]> {
  const { packages } = await readLock(appDir);
  const paths = packages.flatMap(({ source }) => (source?.type === "file" ? [source.url] : []));
  return await filesInApp(appDir, paths);
}

async function select(request: LockRequest): Promise<Selection> {
  const { appDir, interpreter } = request;
  const project = await readProject(appDir);
  const lock = await readLock(appDir);
  const relock = relockCommand(lock);
  if (!isForPython(lock.pythonVersions, interpreter.version)) {
    const issue = `python-versions = "${lock.pythonVersions}"; the app's Python is ${interpreter.version}.`;
    throw failure("not-for-here", { lockFile: LOCK_FILE, issue, relock });
  }
  const notes = [...checkFresh(lock, project, relock)];
  checkGroupsLocked(lock, project, request);
  const chosen = choose(lock, project, { wanted: readWanted(project, request), relock });
  const policy = await readFilePolicy(appDir);
  const packages = once(chosen, relock).map((item) => asPylock(item, policy));
  const facts = { appDir, lockFile: LOCK_FILE, project: PROJECT_FILE, relock };
  await checkArchives(packages, facts);

  const app = await findAppPackage(appDir, project);
  if (app.isInstalled) {
    const directory = { name: normalizeName(project.name ?? ""), directory: { path: "." } };
    return { packages: [...packages, directory], notes };
  }
  if (app.because !== undefined) {
    notes.push(
      `Skipping the app itself because ${app.because}; to say that this is meant, write package-mode = false into [tool.poetry]`,
    );
  }
  return { packages, notes };
}

/** Before Poetry 2.0, which has no `--no-update`, `poetry lock` alone moves all versions. */
function relockCommand({ origin: { generator, lockVersion } }: PoetryLock): string {
  const isOld =
    generator === undefined || valid(generator) === null
      ? lt(lockVersion, "2.1")
      : lt(generator, "2.dev0");
  return isOld ? "poetry lock --no-update   (since Poetry 2.0: poetry lock)" : "poetry lock";
}

function checkFresh(lock: PoetryLock, project: Project, relock: string): readonly string[] {
  const { generator, contentHash } = lock.origin;
  switch (judgeLock(lock.origin, project.table)) {
    case "fresh":
      return [];
    case "unknown":
      return [
        `Using ${LOCK_FILE} without knowing whether it is the lock of this ${PROJECT_FILE}: Poetry ${generator} made it, which is newer than this builder`,
      ];
    case "stale": {
      const [needed] = contentHashes(lock.origin, project.table);
      const found =
        contentHash === undefined
          ? `no content-hash in ${LOCK_FILE}.`
          : `content-hash = "${contentHash}" in ${LOCK_FILE}; that of ${PROJECT_FILE} is "${needed}".`;
      throw failure("lock-stale", { lockFile: LOCK_FILE, project: PROJECT_FILE, found, relock });
    }
  }
}

/** https://python-poetry.org/blog/announcing-poetry-2.2.0/ */
function checkGroupsLocked(
  { origin: { generator, lockVersion } }: PoetryLock,
  { standardGroups }: Project,
  { groups }: Pick<LockRequest, "groups">,
): void {
  const isKnown = generator !== undefined && valid(generator) !== null;
  if (isKnown ? !lt(generator, "2.2.dev0") : !lt(lockVersion, "2.1")) return;
  const unread = new Set(standardGroups.map(normalizeName));
  const name = groups.find((group) => unread.has(normalizeName(group)));
  if (name === undefined) return;
  const made = isKnown
    ? `Poetry ${generator} made ${LOCK_FILE}`
    : `an old Poetry made ${LOCK_FILE}`;
  throw failure("lock-stale", {
    lockFile: LOCK_FILE,
    project: PROJECT_FILE,
    found: `BP_GROUPS names ${name} of [dependency-groups], and ${made}, which reads that table since 2.2.`,
    relock: "poetry lock   (with Poetry 2.2 or newer)",
  });
}

function choose(
  lock: PoetryLock,
  project: Project,
  { wanted, relock }: { readonly wanted: Wanted; readonly relock: string },
): readonly LockedPackage[] {
  try {
    return lock.hasGroups
      ? selectByGroups(lock.packages, wanted)
      : selectByWalk(lock.packages, project.poetry, wanted);
  } catch (error) {
    const issue = `${(error as Error).message}.`;
    if (error instanceof WalkError && error.isPython)
      throw failure("not-for-here", { lockFile: LOCK_FILE, issue, relock }, error);
    if (error instanceof WalkError || error instanceof MarkerError)
      throw failure("lock-invalid", { lockFile: LOCK_FILE, line: undefined, issue, relock }, error);
    throw error;
  }
}

function once(chosen: readonly LockedPackage[], relock: string): readonly LockedPackage[] {
  return onceEach(chosen, {
    nameOf: ({ name }) => name,
    describe: ({ version }) => version,
    invalid: (issue) =>
      failure("lock-invalid", {
        lockFile: LOCK_FILE,
        line: undefined,
        issue: `${issue}.`,
        relock,
      }),
  });
}
