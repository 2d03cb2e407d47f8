import { describeOrigin, type Origin } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import { mendIn } from "./choose-mends.ts";
import type { TorchRelease } from "./compatibility-schema.ts";

/** What could be chosen: a CUDA version, with a release of torch where the app needs torch. */
export interface Candidate {
  readonly cuda: string;
  readonly torch: TorchRelease | undefined;
}

/** One side of a contradiction: what it leaves, and how to say so. */
export interface Constraint {
  readonly kind: "package" | "torch" | "hint" | "pin" | "gpu" | "driver" | "hardware" | "python";
  /** Absent for what no line says. */
  readonly origin?: Origin;
  readonly line?: string;
  /** The package that it is about. */
  readonly subject?: string;
  allows(candidate: Candidate): boolean;
  /** A clause; `left` are the candidates that it allows together with torch's demands. */
  says(others: readonly Constraint[], left: readonly Candidate[]): string;
  /** How to give way ("write cuda==12.1"), where it can; `left` is what all others agree on. */
  mend(left: readonly Candidate[]): string | undefined;
}

/** Of candidates that constraints leave, those that a resolution would come to. */
export type Settle = (
  left: readonly Candidate[],
  constraints: readonly Constraint[],
) => readonly Candidate[];

/** The smallest sets of constraints that leave nothing, in words; none where something is left. */
export function findConflicts(conflicts: Conflicts): readonly Problem[] {
  const { constraints, candidates } = conflicts;
  const seen = new Set<string>();
  return smallestConflicts(constraints, candidates).flatMap((members) => {
    const problem = explain(members, conflicts);
    const key = `${problem.origin.file}:${problem.origin.line}:${problem.line}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [problem];
  });
}

export function leftBy(
  constraints: readonly Constraint[],
  candidates: readonly Candidate[],
): readonly Candidate[] {
  return candidates.filter((candidate) => constraints.every((one) => one.allows(candidate)));
}

/** More than three sides hardly ever contradict each other only together. */
const MOST_SIDES = 4;

function smallestConflicts(
  constraints: readonly Constraint[],
  candidates: readonly Candidate[],
): readonly (readonly Constraint[])[] {
  for (let size = 1; size <= Math.min(MOST_SIDES, constraints.length); size += 1) {
    const found = subsets(constraints, size).filter(
      (members) => leftBy(members, candidates).length === 0,
    );
    if (found.length > 0) return found;
  }
  return leftBy(constraints, candidates).length === 0 ? [constraints] : [];
}

function subsets(all: readonly Constraint[], size: number): readonly (readonly Constraint[])[] {
  if (size === 0) return [[]];
  return all.flatMap((first, index) =>
    subsets(all.slice(index + 1), size - 1).map((others) => [first, ...others]),
  );
}

interface Conflicts {
  readonly constraints: readonly Constraint[];
  readonly candidates: readonly Candidate[];
  readonly settle: Settle;
  /** The place of a contradiction that no line of the app has a part in. */
  readonly asked: Pick<Problem, "origin" | "line">;
}

function explain(
  members: readonly Constraint[],
  { constraints, candidates, settle, asked }: Conflicts,
): Problem {
  const sorted = [...members].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const head = sorted.find(({ origin }) => origin !== undefined) ?? sorted[0];
  if (head === undefined) throw new Error("a conflict has at least one side");
  const others = sorted.filter((one) => one !== head);
  const clauses = [
    // The line itself is quoted above.
    ...(head.kind === "hardware" && others.length > 0
      ? []
      : [head.says(others, leftOf(head, others, candidates))]),
    ...others.map((one) => {
      const rest = sorted.filter((side) => side !== one);
      return placedClause(one, head, one.says(rest, leftOf(one, rest, candidates)));
    }),
  ];
  const mends = sorted.flatMap((one) => {
    const rest = constraints.filter((side) => side !== one);
    const partners = members.filter((side) => side !== one);
    const all = leftBy(rest, candidates);
    // Which releases of torch there are to choose from is no matter of what is newest.
    const settled = one.kind === "hardware" ? settle(all, rest) : all;
    const left = [settled, all].find((some) => some.length > 0);
    const mend = one.mend(left ?? leftBy(partners, candidates));
    if (mend === undefined) return [];
    if (one.origin === undefined) return one.kind === "python" ? [mend] : [];
    const place = isSamePlace(one, head) ? "here" : `in ${describeOrigin(one.origin)}`;
    return [mendIn(one.origin, mend, place)];
  });
  const advice = mends.length === 0 ? "" : `; ${mends.join(", or ")}`;
  const { origin, line = asked.line } = head;
  return {
    ...(origin === undefined ? asked : { origin, line }),
    needed: `${capitalised(clauses.join(", and "))}${advice}`,
  };
}

/** What a GPU needs is told in terms of torch's wheels, where the app has torch. */
function leftOf(
  one: Constraint,
  others: readonly Constraint[],
  candidates: readonly Candidate[],
): readonly Candidate[] {
  return leftBy([one, ...others.filter(({ kind }) => kind === "torch")], candidates);
}

function placedClause(one: Constraint, head: Constraint, clause: string): string {
  const { origin, kind } = one;
  const isTold = kind === "hardware" || isSamePlace(one, head);
  return origin === undefined || isTold ? clause : `${clause} (${describeOrigin(origin)})`;
}

function isSamePlace(a: Constraint, b: Constraint): boolean {
  return a.origin?.file === b.origin?.file && a.origin?.line === b.origin?.line;
}

/** The line that is most likely to change stands first. */
const ORDER: readonly Constraint["kind"][] = [
  "hint",
  "pin",
  "package",
  "torch",
  "gpu",
  "driver",
  "hardware",
  "python",
];

/** Names of packages stay as they are. */
function capitalised(clause: string): string {
  return /^(?:the|an?|drivers|this)\b/.test(clause)
    ? clause.charAt(0).toUpperCase() + clause.slice(1)
    : clause;
}
