import { rm } from "node:fs/promises";
import type { BuildContext } from "../../kit/buildpack.ts";
import { checkLockAge } from "../../kit/lock-age.ts";
import { listed } from "../../kit/text.ts";
import { type Complaint, DebianError } from "../../debian/complaint.ts";
import type { DebianLock } from "../../debian/lock.ts";
import type { Development } from "./development.ts";
import { install, type Installation } from "./install.ts";
import { type Chosen, obtainLock } from "./obtain-lock.ts";

export interface Installed {
  readonly lock: DebianLock;
  readonly development: Development | undefined;
}

type Options = Omit<Installation, "chosen">;

/**
 * Installs the packages of the earlier lock, or of a new one. An archive may have replaced some of
 * them since, even while it is asked: then they are chosen anew, once.
 */
export async function chooseAndInstall(options: Options): Promise<Installed> {
  const { context, asked, root, workDir } = options;
  const installChosen = async (chosen: Chosen): Promise<Installed> => ({
    lock: chosen.packages,
    development: await install({ ...options, chosen }),
  });
  const chosen = root.kept ?? (await obtainLock(context, asked, root, workDir));
  checkAge(context, chosen);
  try {
    return await installChosen(chosen);
  } catch (error) {
    const gone = complaintOfGone(error);
    if (gone === undefined) throw error;
    const names = gone.packages.map(({ name, version }) => `${name} ${version}`);
    context.log.step(`Choosing anew because the archive no longer has ${listed(names)}`);
  }
  // It has packages of the versions that are to be replaced.
  await rm(workDir, { recursive: true, force: true });
  const { packages, made } = chosen;
  const earlier = { previous: packages, preferences: packages, made };
  const again = await obtainLock(context, asked, earlier, workDir);
  try {
    return await installChosen(again);
  } catch (error) {
    const gone = complaintOfGone(error);
    throw gone === undefined ? error : new DebianError({ ...gone, isListed: true }, error);
  }
}

/** Only once it is known whether apt has kept any earlier version. */
export function checkAge(context: BuildContext, { made }: Pick<Chosen, "made">): void {
  checkLockAge(context, { name: "the lock of Debian packages", made });
}

function complaintOfGone(error: unknown): Extract<Complaint, { kind: "gone" }> | undefined {
  return error instanceof DebianError && error.complaint.kind === "gone"
    ? error.complaint
    : undefined;
}
