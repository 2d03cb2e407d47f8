import { type Choice, choose } from "../../accelerator/choose.ts";
import { complete, type Completion } from "../../accelerator/complete.ts";
import type { Demand } from "../../accelerator/demand.ts";
import { torchFamily } from "../../accelerator/torch.ts";
import type { DedicatedIndex } from "../../python/uv/own-indexes.ts";
import { demandsOf, indexesOf } from "./demands.ts";
import { failure } from "../../python/accelerated/failures.ts";
import { demandedHashes } from "./hashes.ts";
import type { LockTask } from "./obtain-lock.ts";

/** What the hardware makes of the app's requirements. */
export interface Fit extends Completion {
  readonly choice: Choice;
  /** Where torch's packages come from; absent where there are none, or no index of their own. */
  readonly dedicated: DedicatedIndex | undefined;
}

/**
 * What other packages depend on may need something, too, so that one asks again with what a
 * resolution has found. Throws a failure with all that can't run there.
 */
export function fitToHardware(task: LockTask, found: readonly Demand[]): Fit {
  const { asked, interpreter } = task;
  const { hardware } = asked;
  const own = demandsOf(task);
  const demands = [...own, ...found];
  const indexes = indexesOf(asked);
  const { minor: python } = interpreter;
  const choice = choose({ hardware, demands, indexes, python, previous: task.previousCuda });
  if (choice.problems.length > 0) throw failure("hardware-unfit", { problems: choice.problems });
  const completion = complete(demands, choice, hardware);
  const dedicated = dedicatedIndex(task, demands, choice);
  const hasTorch = demands.some(({ name }) => name === "torch");
  // Of another index, torch's wheels may be those that need what is excluded.
  const isForeign = hasTorch && dedicated?.packages.includes("torch") !== true;
  const excludes = isForeign ? [] : completion.excludes;
  return { choice, dedicated, additions: completion.additions, excludes };
}

/** Whether resolving for both of them is the same. */
export function isSameFit(a: Fit, b: Fit): boolean {
  const facts = ({ dedicated, additions, excludes }: Fit) =>
    JSON.stringify([dedicated, additions.map(({ line }) => line).sort(), [...excludes].sort()]);
  return facts(a) === facts(b);
}

function dedicatedIndex(
  { asked }: LockTask,
  demands: readonly Demand[],
  { torchBackend }: Choice,
): DedicatedIndex | undefined {
  const { base } = asked.torchIndexes;
  if (base === undefined || asked.options.noIndex) return undefined;
  const elsewhere = new Set(
    asked.set.requirements.flatMap(({ name, source }) =>
      name !== undefined && source.kind !== "index" ? [name] : [],
    ),
  );
  const family = torchFamily(torchBackend);
  const packages = new Set(
    demands
      .map(({ name }) => name)
      .filter((name) => family.has(name) && !elsewhere.has(name))
      // A hash names one file of the index that it was taken from.
      .filter((name) => demandedHashes(asked, name).length === 0),
  );
  if (packages.size === 0) return undefined;
  const named = indexesOf(asked).find(({ url }) => directoryOf(url) === torchBackend);
  return { url: named?.url ?? `${base}/${torchBackend}`, packages: [...packages].sort() };
}

function directoryOf(url: string): string | undefined {
  return url.replace(/\/+$/, "").split("/").at(-1);
}
