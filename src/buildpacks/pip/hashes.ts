import type { Lock } from "../../python/lock.ts";
import { describeOrigin } from "../../kit/origin.ts";
import type { Asked } from "./asked.ts";
import { failure } from "./failures.ts";

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
export function checkHashes(asked: Asked, lock: Lock): void {
  const { set, options } = asked;
  const first = set.requirements.find(
    ({ source, hashes }) => source.kind === "index" && hashes.length > 0,
  );
  if (!options.requireHashes && first === undefined) return;
  const names = lock
    .filter(({ name }) => demandedHashes(asked, name).length === 0)
    .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`));
  if (names.length === 0) return;
  const because = options.requireHashes
    ? "Hashes are required (--require-hashes)"
    : `${first === undefined ? "" : describeOrigin(first.origin)} gives a hash`;
  throw failure("hashes-missing", { names, because });
}
