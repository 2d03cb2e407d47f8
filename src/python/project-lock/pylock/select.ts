import { linuxEnvironment } from "../../markers.ts";
import type { Pylock, PylockPackage } from "../../uv/pylock.ts";
import { allowsPython } from "../../uv/releases.ts";
import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import { markerHolds } from "../marker-holds.ts";
import { onceEach } from "../once-each.ts";

export interface PylockFacts {
  readonly lockFile: string;
  readonly relock: string;
  /** Markers may ask for groups and extras: https://peps.python.org/pep-0751/ */
  readonly sets: { readonly extras: readonly string[]; readonly groups: readonly string[] };
}

/**
 * The packages of a pylock.toml that are for this Python and platform.
 * https://packaging.python.org/en/latest/specifications/pylock-toml/#installation
 */
export function selectFromPylock(
  pylock: Pylock,
  { interpreter, arch }: Pick<LockRequest, "interpreter" | "arch">,
  { lockFile, relock, sets }: PylockFacts,
): readonly PylockPackage[] {
  const { version } = interpreter;
  const environment = linuxEnvironment(version, arch, {
    extras: sets.extras,
    dependency_groups: sets.groups,
  });
  const { "requires-python": required, environments } = pylock;
  if (required !== undefined && !allowsPython(required, version)) {
    throw notForHere(`It needs Python ${required}; the app has ${version}.`);
  }
  if (environments !== undefined && !environments.some(holds)) {
    throw notForHere(
      `It is for: ${environments.join(" or ")}. This is Python ${version} on linux/${arch}.`,
      FOR_PLATFORM,
    );
  }
  return onceEach(pylock.packages.filter(applies), {
    nameOf: ({ name }) => name,
    describe: ({ version: found = "" }) => found,
    invalid,
  });

  function applies({ name, marker, "requires-python": needed }: PylockPackage): boolean {
    if (!holds(marker)) return false;
    if (needed === undefined || allowsPython(needed, version)) return true;
    throw notForHere(`${name} needs Python ${needed}; the app has ${version}.`);
  }

  function holds(marker: string | undefined): boolean {
    return markerHolds(marker, environment, invalid);
  }

  function notForHere(issue: string, advice?: string) {
    const advised = advice === undefined ? {} : { advice };
    return failure("not-for-here", { lockFile, issue, relock, ...advised });
  }

  function invalid(issue: string, cause?: unknown) {
    return failure("lock-invalid", { lockFile, line: undefined, issue, relock }, cause);
  }
}

/** https://docs.astral.sh/uv/concepts/resolution/#limited-resolution-environments */
const FOR_PLATFORM = `a lock for this platform, too. Where uv made it, add "sys_platform == 'linux'" to
environments in [tool.uv] of pyproject.toml, and make the lock again`;
