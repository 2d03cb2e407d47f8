import { normalizeName } from "../../python/lock.ts";
import { evaluateMarker, linuxEnvironment, MarkerError } from "../../python/markers.ts";
import { narrowLock } from "../../python/uv/narrow-lock.ts";
import type { Pylock, PylockPackage } from "../../python/uv/pylock.ts";
import { allowsPython } from "../../python/uv/releases.ts";
import { failure } from "./failures.ts";
import { readLibc } from "./libc.ts";
import type { Locked, LockTask } from "./obtain-lock.ts";
import { readPylock } from "./read-pylock.ts";

/**
 * The app's own pylock.toml, narrowed to this Python and platform: nothing is resolved.
 * https://packaging.python.org/en/latest/specifications/pylock-toml/#installation
 */
export async function readUserLock(
  { context, interpreter }: LockTask,
  file: string,
): Promise<Pick<Locked, "lock" | "packages">> {
  const { appDir, target } = context;
  const { pylock } = await readPylock(appDir, file);
  const environment = linuxEnvironment(interpreter.version, target.arch, {
    extras: [],
    dependency_groups: pylock["default-groups"] ?? [],
  });
  checkEnvironment(pylock);
  const packages = pylock.packages.filter(applies);
  checkOncePerName(packages);

  const { unfit, ...locked } = narrowLock(packages, {
    target: { pythonMinor: interpreter.minor, arch: target.arch, ...(await readLibc(context.env)) },
    appDir,
    lockDir: appDir,
    allows: () => ({ wheel: true, sdist: true }),
    hashesFor: () => [],
    indexOf: () => undefined,
    isOffIndex: ({ url }) => url === undefined || !url.startsWith(PYPI_FILES),
  });
  if (unfit.length > 0) {
    const where = (name: string) => `Found in ${file}: ${name}`;
    throw failure("unfit", { unfit, python: interpreter.minor, where });
  }
  return { ...locked, lock: locked.lock.map(withoutDefaultIndex) };

  function checkEnvironment(whole: Pylock): void {
    const required = whole["requires-python"];
    const [environments, { version }] = [whole.environments, interpreter];
    if (required !== undefined && !allowsPython(required, version)) {
      const issue = `It needs Python ${required}; the app has ${version}.`;
      throw failure("lock-not-for-here", { file, issue });
    }
    if (environments !== undefined && !environments.some(holds)) {
      const issue = `It is for: ${environments.join(" or ")}. This is Python ${version} on linux/${target.arch}.`;
      throw failure("lock-not-for-here", { file, issue });
    }
  }

  function applies({ name, marker, "requires-python": required }: PylockPackage): boolean {
    if (marker !== undefined && !holds(marker)) return false;
    if (required === undefined || allowsPython(required, interpreter.version)) return true;
    const issue = `${name} needs Python ${required}; the app has ${interpreter.version}.`;
    throw failure("lock-not-for-here", { file, issue });
  }

  function holds(marker: string): boolean {
    try {
      return evaluateMarker(marker, environment);
    } catch (error) {
      if (!(error instanceof MarkerError)) throw error;
      throw failure("lock-invalid", { file, issue: error.message }, error);
    }
  }

  function checkOncePerName(applying: readonly PylockPackage[]): void {
    const names = applying.map(({ name }) => normalizeName(name));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) return;
    throw failure("lock-invalid", {
      file,
      issue: `${twice} is there more than once for this Python and platform`,
    });
  }
}

/** What files on PyPI are downloaded from; locks name it without naming the index. */
const PYPI_FILES = "https://files.pythonhosted.org/";

/** Layers of the same files are the same, whether a lock names the default index or not. */
function withoutDefaultIndex(distribution: Locked["lock"][number]): Locked["lock"][number] {
  if (
    !("index" in distribution) ||
    !/^https:\/\/pypi\.org\/simple\/?$/.test(distribution.index ?? "")
  ) {
    return distribution;
  }
  const { index: _default, ...rest } = distribution;
  return rest;
}
