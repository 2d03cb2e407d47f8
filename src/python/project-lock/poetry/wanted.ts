import { normalizeName } from "../../lock.ts";
import { linuxEnvironment, type MarkerEnvironment } from "../../markers.ts";
import { checkNames } from "../check-names.ts";
import type { LockRequest } from "../manager.ts";
import { type Project, PROJECT_FILE } from "./project.ts";

/** What of the lock is installed. */
export interface Wanted {
  /** Normalised; the group "main" is always one of them. */
  readonly groups: ReadonlySet<string>;
  readonly extras: ReadonlySet<string>;
  /** Its `extras` are those. */
  readonly environment: MarkerEnvironment;
}

export const MAIN_GROUP = "main";

/** Throws a failure for groups and extras that the project has not. */
export function readWanted(
  { groups, extras }: Project,
  request: Pick<LockRequest, "interpreter" | "arch" | "groups" | "extras">,
): Wanted {
  const others = request.groups.filter((group) => normalizeName(group) !== MAIN_GROUP);
  checkNames("BP_GROUPS", others, { known: groups, file: PROJECT_FILE });
  checkNames("BP_EXTRAS", request.extras, { known: extras, file: PROJECT_FILE });
  const wantedExtras = request.extras.map(normalizeName);
  return {
    groups: new Set([MAIN_GROUP, ...others.map(normalizeName)]),
    extras: new Set(wantedExtras),
    environment: linuxEnvironment(request.interpreter.version, request.arch, {
      extras: wantedExtras,
    }),
  };
}
