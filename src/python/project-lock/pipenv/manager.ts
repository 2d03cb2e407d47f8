import { linuxEnvironment } from "../../markers.ts";
import { isSatisfiedBy, parseVersionRequest } from "../../version/version-request.ts";
import { failure } from "../failures.ts";
import type { LockManager, LockRequest, Selection } from "../manager.ts";
import { asPackages } from "./as-packages.ts";
import { type PipenvLock, readLock } from "./lock-file.ts";
import { LOCK_FILE, PROJECT_FILE, RELOCK } from "./names.ts";
import { pipfileHashes } from "./pipfile-hash.ts";
import { type Pipfile, readPipfile, sectionOf } from "./pipfile.ts";
import { selectEntries } from "./select-entries.ts";

/** Pipfile.lock is read without running Pipenv. */
export const pipenv: LockManager = {
  name: "pipenv",
  lockFile: LOCK_FILE,
  relock: RELOCK,
  upgrade: "pipenv update",
  files: async () => [LOCK_FILE, PROJECT_FILE],
  select,
};

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
  const [extra] = extras;
  if (extra !== undefined) {
    throw failure("group-unknown", {
      setting: "BP_EXTRAS",
      name: extra,
      file: PROJECT_FILE,
      known: [],
    });
  }
  const known = new Set(["default", ...categories.map(sectionOf)]);
  const unknown = groups.find((name) => !known.has(sectionOf(name)));
  if (unknown !== undefined) {
    throw failure("group-unknown", {
      setting: "BP_GROUPS",
      name: unknown,
      file: PROJECT_FILE,
      known: categories,
    });
  }
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
