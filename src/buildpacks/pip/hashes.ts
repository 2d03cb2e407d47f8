import { cudaLibrariesIn } from "../../accelerator/cuda-libraries.ts";
import type { Lock } from "../../python/lock.ts";
import { describeOrigin } from "../../kit/origin.ts";
import type { Asked } from "./asked.ts";
import { failure } from "./failures.ts";
import type { Fit } from "./fit.ts";

/** The hashes that the files give for a package, of which its file must have one. */
export function demandedHashes({ set }: Asked, name: string): readonly string[] {
  return [...set.requirements, ...set.constraints]
    .filter((requirement) => requirement.name === name)
    .flatMap(({ hashes }) => hashes);
}

/**
 * One hash makes all of them necessary, as with pip: a package without would be a way around it.
 * https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
 */
export function checkHashes(asked: Asked, lock: Lock, fit: Pick<Fit, "additions">): void {
  const { set, options } = asked;
  const first = set.requirements.find(
    ({ source, hashes }) => source.kind === "index" && hashes.length > 0,
  );
  if (!options.requireHashes && first === undefined) return;
  // What hardware.txt asks for is in no file that could give a hash.
  const isAdded = fit.additions.length > 0 ? addedNames(lock) : new Set<string>();
  const names = lock
    .filter(({ name }) => !isAdded.has(name) && demandedHashes(asked, name).length === 0)
    .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`));
  if (names.length === 0) return;
  const because = options.requireHashes
    ? "Hashes are required (--require-hashes)"
    : `${first === undefined ? "" : describeOrigin(first.origin)} gives a hash`;
  throw failure("hashes-missing", { names, because });
}

function addedNames(lock: Lock): ReadonlySet<string> {
  return new Set([...cudaLibrariesIn(lock.map(({ name }) => name)), "cuda-toolkit"]);
}
