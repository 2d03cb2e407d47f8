import { fileNameOf, type PylockFile, type PylockPackage } from "../uv/pylock.ts";

/** A release's files as PEP 751 sorts them; of several sources the usual archive. */
export function wheelsAndSdist(
  files: readonly PylockFile[],
): Pick<PylockPackage, "wheels" | "sdist"> {
  const ending = (pattern: RegExp) => files.filter((file) => pattern.test(fileNameOf(file)));
  const wheels = ending(/\.whl$/);
  const [sdist] = [...ending(/\.tar\.gz$/), ...ending(/\.(?:zip|tgz|tar\.(?:bz2|xz))$/)];
  return {
    ...(wheels.length === 0 ? {} : { wheels }),
    ...(sdist === undefined ? {} : { sdist }),
  };
}
