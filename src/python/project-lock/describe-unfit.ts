import { listed } from "../../kit/text.ts";
import { normalizeName } from "../lock.ts";
import type { Unfit } from "../uv/narrow-lock.ts";
import { fileNameOf, type PylockPackage } from "../uv/pylock.ts";
import { pythonsInLock } from "./source-builds.ts";

/** Why a package of a lock can't be installed; `packages` with all files of each, `python` "3.13". */
export function describeUnfit(
  { name, version, reason }: Unfit,
  packages: readonly PylockPackage[],
  python: string,
): string {
  const what = version === undefined ? name : `${name} ${version}`;
  switch (reason.kind) {
    case "no-file": {
      const item = packages.find((one) => normalizeName(one.name) === name);
      const pythons = pythonsInLock(item);
      const files = [...(item?.wheels ?? [])].map(fileNameOf);
      const found =
        pythons.length > 0
          ? `It has wheels for Python ${listed(pythons)}. Name one of these in a file .python-version, or lock a version that has a wheel for ${python}.`
          : files.length > 0
            ? `The lock has: ${listed(files.slice(0, 5))}. It needs a marker that leaves it out on Linux, or another package.`
            : "The lock lists no file of it; make it again.";
      return `${what} has no file in the lock for Python ${python} on this platform.\n${found}`;
    }
    case "hashes":
      return `${what} has none of the hashes that are demanded.`;
    case "no-sha256":
      return `${reason.file} of ${what} has no SHA-256 in the lock.\nIts index gives other digests or none; what is downloaded could not be checked.`;
    case "outside":
      return `${what} lies at ${reason.path}, outside of the app, which is all that the build sees.`;
    case "vcs":
      return `${what} is of a ${reason.type} repository. Of version control systems only git is supported.`;
  }
}
