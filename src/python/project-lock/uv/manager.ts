import { parseToml } from "../../../cnb/toml.ts";
import { pylockSchema } from "../../uv/pylock.ts";
import type { LockManager } from "../manager.ts";
import { selectFromPylock } from "../pylock/select.ts";
import { findArchives, findBuilt, findFiles } from "./deciding-files.ts";
import { exportLock } from "./export-lock.ts";
import { credentialsOfIndexes } from "./index-credentials.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/** uv's projects and workspaces. `member` is the workspace member to install, in place of the root. */
export function uvManager(member: string | undefined): LockManager {
  return {
    name: "uv",
    lockFile: LOCK_FILE,
    relock: RELOCK,
    upgrade: "uv lock --upgrade",
    upgradeOne: "uv lock --upgrade-package NAME",
    variant: async () => (member === undefined ? undefined : `the member ${member}`),
    files: findFiles,
    archives: findArchives,
    trees: findBuilt,
    credentials: credentialsOfIndexes,
    async select(request) {
      const text = await exportLock(request, member);
      const exported = pylockSchema.parse(parseToml(text));
      // What the lock is for, and groups and extras, uv has checked and applied.
      const facts = { lockFile: LOCK_FILE, relock: RELOCK, sets: { extras: [], groups: [] } };
      return { packages: selectFromPylock(exported, request, facts), notes: [] };
    },
  };
}
