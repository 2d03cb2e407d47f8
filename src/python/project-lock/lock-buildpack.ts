import {
  type BuildContext,
  type BuildpackDefinition,
  defineBuildpack,
} from "../../kit/buildpack.ts";
import { type LockingManager, lockFileOf, lockFileWins } from "../lock-sources.ts";
import type { LockManager } from "./manager.ts";
import { provideLock } from "./provide-lock.ts";

/** The buildpack of a manager whose lock file is installed as it is. */
export function lockBuildpack(
  manager: LockingManager,
  of: (context: BuildContext) => LockManager,
): BuildpackDefinition {
  return defineBuildpack({
    detect: {
      cases: [
        {
          when: lockFileWins(manager),
          plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
        },
      ],
      otherwise: `no ${lockFileOf(manager)} found, or another package manager is named`,
    },

    build: (context) => provideLock(context, of(context)),
  });
}
