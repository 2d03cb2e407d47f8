import { linuxEnvironment } from "../../markers.ts";
import { isSatisfiedBy, parseVersionRequest } from "../../version/version-request.ts";
import { failure } from "../failures.ts";
import type { LockManager, LockRequest, Selection } from "../manager.ts";
import { checkNames } from "../check-names.ts";
import { filesInApp } from "../files-in-app.ts";
import { asPackages } from "./as-packages.ts";
import { type PipenvLock, readLock } from "./lock-file.ts";
import { LOCK_FILE, PROJECT_FILE, RELOCK } from "./names.ts";
import { placeOf } from "./place-of.ts";
import { pipfileHashes } from "./pipfile-hash.ts";
import { type Pipfile, readPipfile, sectionOf } from "./pipfile.ts";
import { selectEntries } from "./select-entries.ts";

/** Pipfile.lock is read without running Pipenv. */
export const pipenv: LockManager = {
  name: "pipenv",
  lockFile: LOCK_FILE,
  relock: RELOCK,
  upgrade: "pipenv update",
  upgradeOne: "pipenv update NAME",
  files: (appDir) => filesInApp(appDir, [LOCK_FILE, PROJECT_FILE]),
  archives: listArchives,
  select,
};

async function listArchives(appDir: string): Promise<readonly string[]> {
  const { sections } = await readLock(appDir);
  const places = Object.values(sections)
    .flatMap((section) => Object.entries(section))
    .map(([name, entry]) => placeOf(name, entry));
  const paths = places.flatMap((place) =>
    place?.kind === "file" && !place.isRemote ? [place.address] : [],
  );
  return await filesInApp(appDir, paths);
}

async function select(request: LockRequest): Promise<Selection> {
  const { appDir, interpreter, arch } = request;
  const pipfile = await readPipfile(appDir);
  const lock = await readLock(appDir);
  const sections = chooseSections(request, pipfile);
  checkFresh(lock, pipfile);
  const environment = linuxEnvironment(interpreter.version, arch);
  const entries = selectEntries(lock, sections, environment);
  return {
    packages: await asPackages(entries, lock, request),
    notes: notesOnPython(pipfile, interpreter.version),
  };
}

/** Of the lock, "default" first. Throws a failure for what the Pipfile does not have. */
function chooseSections(
  { groups, extras }: Pick<LockRequest, "groups" | "extras">,
  { categories }: Pipfile,
): readonly string[] {
  checkNames("BP_EXTRAS", extras, { known: [], file: PROJECT_FILE });
  const known = new Set(["default", ...categories.map(sectionOf)]);
  const unknown = groups.filter((name) => !known.has(sectionOf(name)));
  checkNames("BP_GROUPS", unknown, { known: categories, file: PROJECT_FILE });
  return [...new Set(["default", ...groups.map(sectionOf)])];
}

function checkFresh({ meta }: PipenvLock, pipfile: Pipfile): void {
  const found = meta.hash?.sha256;
  const hashes = pipfileHashes(pipfile);
  if (found !== undefined && hashes.includes(found)) return;
  throw failure("lock-stale", {
    lockFile: LOCK_FILE,
    project: PROJECT_FILE,
    found:
      found === undefined
        ? `no hash in ${LOCK_FILE}`
        : `the hash ${found} in ${LOCK_FILE}; that of ${PROJECT_FILE} is ${hashes[0]}.`,
    relock: RELOCK,
  });
}

/** Pipenv warns, too. */
function notesOnPython({ python }: Pipfile, version: string): readonly string[] {
  const { request } = parseVersionRequest(python ?? "*");
  if (request === undefined || isSatisfiedBy(request, version)) return [];
  return [`Using Python ${version}, while ${PROJECT_FILE} asks for ${python}`];
}
