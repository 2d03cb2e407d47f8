import { existsSync } from "node:fs";
import { read } from "./command.ts";
import { ScriptFailure } from "./failure.ts";
import { log } from "./log.ts";
import { isOnPath } from "./programs.ts";

/** Installs Debian packages where that is possible without asking: as root, with apt. */
export async function installDebianPackages(
  packages: readonly string[],
  reason: string,
): Promise<void> {
  const names = packages.join(" ");
  if (!isDebian()) {
    throw new ScriptFailure(
      `${names} is needed ${reason}`,
      `This machine has no apt-get to install it with. Install ${names} by the means of your system.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new ScriptFailure(
      `${names} is needed ${reason}`,
      `Only root may install it. Run:\n\n    sudo apt-get update && sudo apt-get install --yes ${names}`,
    );
  }
  log.step(`Installing ${names} (needed ${reason})`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await updateDebianLists();
  await read("apt-get", ["install", "--yes", "--no-install-recommends", "-qq", ...packages], {
    env,
  });
}

let updated: Promise<void> | undefined;

/** Once a run: a package list may be missing or out of date. */
export function updateDebianLists(): Promise<void> {
  updated ??= read("apt-get", ["update", "-qq"]).then(() => undefined);
  return updated;
}

export function isDebian(): boolean {
  return existsSync("/etc/debian_version") && isOnPath("apt-get");
}
