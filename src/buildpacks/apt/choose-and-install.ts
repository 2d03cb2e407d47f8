import { rm } from "node:fs/promises";
import { listed } from "../../kit/text.ts";
import { type Complaint, DebianError } from "../../debian/complaint.ts";
import type { DebianLock } from "../../debian/lock.ts";
import type { Development } from "./development.ts";
import { install, type Installation } from "./install.ts";
import { obtainLock } from "./obtain-lock.ts";

export interface Installed {
  readonly lock: DebianLock;
  readonly development: Development | undefined;
}

type Options = Omit<Installation, "lock">;

/**
 * Installs the packages of the earlier lock, or of a new one. An archive may have replaced some of
 * them since, even while it is asked: then they are chosen anew, once.
 */
export async function chooseAndInstall(options: Options): Promise<Installed> {
  const { context, asked, root, workDir } = options;
  const installLocked = async (lock: DebianLock): Promise<Installed> => ({
    lock,
    development: await install({ ...options, lock }),
  });
  const lock = root.kept?.packages ?? (await obtainLock(context, asked, root, workDir));
  try {
    return await installLocked(lock);
  } catch (error) {
    const gone = complaintOfGone(error);
    if (gone === undefined) throw error;
    const names = gone.packages.map(({ name, version }) => `${name} ${version}`);
    context.log.step(`Choosing anew because the archive no longer has ${listed(names)}`);
  }
  // It has packages of the versions that are to be replaced.
  await rm(workDir, { recursive: true, force: true });
  const later = { ...root, previous: lock, preferences: lock };
  const again = await obtainLock(context, asked, later, workDir);
  try {
    return await installLocked(again);
  } catch (error) {
    const gone = complaintOfGone(error);
    throw gone === undefined ? error : new DebianError({ ...gone, isListed: true }, error);
  }
}

function complaintOfGone(error: unknown): Extract<Complaint, { kind: "gone" }> | undefined {
  return error instanceof DebianError && error.complaint.kind === "gone"
    ? error.complaint
    : undefined;
}
