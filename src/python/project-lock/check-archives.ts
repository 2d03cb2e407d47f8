import type { PylockPackage } from "../uv/pylock.ts";
import { failure } from "./failures.ts";
import { digestsInApp } from "./files-in-app.ts";

/** Throws a failure where a file of the app is not the one that was locked. */
export async function checkArchives(
  packages: readonly PylockPackage[],
  facts: {
    readonly appDir: string;
    readonly lockFile: string;
    /** The file that names the archives: "pyproject.toml". */
    readonly project: string;
    readonly relock: string;
  },
): Promise<void> {
  const { appDir, ...told } = facts;
  for (const { archive } of packages) {
    const { path, hashes = {} } = archive ?? {};
    const locked = hashes["sha256"];
    if (path === undefined || locked === undefined) continue;
    for (const [file, there] of Object.entries(await digestsInApp(appDir, [path]))) {
      if (there === locked.toLowerCase()) continue;
      const found = `${file} with the SHA-256 ${there}; that in ${told.lockFile} is ${locked}.`;
      throw failure("lock-stale", { ...told, found });
    }
  }
}
