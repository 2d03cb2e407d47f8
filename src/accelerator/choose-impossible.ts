import { listed } from "../kit/text.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import type { CudaContext } from "./choose-constraints.ts";
import { isNewerCuda, knownCuda } from "./cuda-versions.ts";
import { compareVersions, majorOf, newestOf } from "./versions.ts";

/** Versions of CUDA that there are none of. */
export function findImpossibleVersions({ hardware, range }: CudaContext): readonly Problem[] {
  const { origin, text } = hardware.accelerator;
  const known = knownCuda();
  const exact = range
    .split(",")
    .flatMap((part) => /^==(\d+(?:\.\d+)?)(?:\.\*)?$/.exec(part)?.[1] ?? []);
  return exact.flatMap((version) => {
    const isMajor = !version.includes(".");
    const isKnown = isMajor
      ? known.some((one) => majorOf(one) === version)
      : known.includes(version) || isNewerCuda(version);
    if (isKnown) return [];
    const older = newestOf(known.filter((one) => compareVersions(one, version) < 0));
    const newer = known.find((one) => compareVersions(one, version) > 0);
    const near = [older, newer].flatMap((one) => one ?? []);
    const what =
      older === undefined
        ? `CUDA ${version} is older than what packages are built for; ${newer} is the oldest`
        : newer === undefined
          ? `No CUDA ${version} is known here; ${older} is the newest`
          : `There is no CUDA ${version}; ${listed(near)} are the nearest`;
    return [{ origin, line: text, needed: `${what}\ncuda==${near.at(-1)}` }];
  });
}
