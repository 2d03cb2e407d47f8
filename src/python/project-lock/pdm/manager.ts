import { normalizeName } from "../../lock.ts";
import { linuxEnvironment } from "../../markers.ts";
import { isArchive } from "../../requirements/requirement-line.ts";
import type { PylockPackage } from "../../uv/pylock.ts";
import { checkArchives } from "../check-archives.ts";
import { filesInApp } from "../files-in-app.ts";
import type { LockManager, LockRequest, Selection } from "../manager.ts";
import { asPylock } from "./as-pylock.ts";
import { checkFresh } from "./check-fresh.ts";
import { checkTarget } from "./check-target.ts";
import { readSourceCredentials } from "./credentials.ts";
import { chooseGroups } from "./groups.ts";
import { readLock } from "./lock-file.ts";
import { LOCK_FILE, PROJECT_FILE, RELOCK } from "./names.ts";
import { type PdmProject, readProject } from "./project.ts";
import { selectPackages } from "./select-packages.ts";
import { withIndexes } from "./with-indexes.ts";

/** pdm.lock is read without running PDM. */
export const pdm: LockManager = {
  name: "pdm",
  lockFile: LOCK_FILE,
  relock: RELOCK,
  upgrade: "pdm update",
  upgradeOne: "pdm update NAME",
  files: (appDir) => filesInApp(appDir, [LOCK_FILE, PROJECT_FILE]),
  archives: listArchives,
  credentials: readSourceCredentials,
  select,
};

async function listArchives(appDir: string): Promise<readonly string[]> {
  const { packages } = await readLock(appDir);
  const paths = packages.flatMap(({ path }) =>
    path !== undefined && isArchive(path) ? [path] : [],
  );
  return await filesInApp(appDir, paths);
}

async function select(request: LockRequest): Promise<Selection> {
  const { appDir, interpreter, arch } = request;
  const project = await readProject(appDir);
  const lock = await readLock(appDir);
  checkTarget(lock, request);
  const groups = chooseGroups(request, project, lock);
  const notes = [...checkFresh(lock, project)];
  const environment = linuxEnvironment(interpreter.version, arch);
  const chosen = selectPackages({ lock, project, groups, environment });
  const packages = await withIndexes(chosen.map(asPylock), project.pdm.source ?? [], request);
  const facts = { appDir, lockFile: LOCK_FILE, project: PROJECT_FILE, relock: RELOCK };
  await checkArchives(packages, facts);

  const app = findAppPackage(project);
  if ("because" in app) notes.push(`Skipping the app itself because ${app.because}`);
  return { packages: "because" in app ? packages : [...packages, app], notes };
}

/** https://pdm-project.org/en/stable/reference/pep621/#declare-the-package-as-a-distribution */
function findAppPackage({
  project: { name },
  hasBuildSystem,
  pdm: settings,
}: PdmProject): PylockPackage | { readonly because: string } {
  const type = settings["package-type"];
  const isDistribution = type === undefined ? (settings.distribution ?? true) : type === "library";
  if (!isDistribution) return { because: `${PROJECT_FILE} says that it is no distribution` };
  if (name === undefined || name === "") return { because: `${PROJECT_FILE} gives it no name` };
  if (!hasBuildSystem) return { because: `${PROJECT_FILE} has no [build-system]` };
  return { name: normalizeName(name), directory: { path: "." } };
}
