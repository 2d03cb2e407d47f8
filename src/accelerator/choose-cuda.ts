import type { Problem } from "../kit/wrong-lines.ts";
import type { Choice, ChoiceOptions } from "./choose.ts";
import {
  type Candidate,
  type Constraint,
  findConflicts,
  leftBy,
  type Settle,
} from "./choose-conflict.ts";
import { type CudaContext, hardConstraints, softConstraints } from "./choose-constraints.ts";
import { findCudnnProblems } from "./choose-cudnn.ts";
import { findImpossibleVersions } from "./choose-impossible.ts";
import { describeChoice, notesFor } from "./choose-notes.ts";
import { ofFoundTorch } from "./choose-torch.ts";
import { runsOn } from "./capabilities.ts";
import { compatibility } from "./compatibility.ts";
import { buildsFor, isBuiltWithTorch, knownPackage } from "./compatibility-packages.ts";
import { isNewerCuda, knownCuda, plainRange } from "./cuda-versions.ts";
import type { Demand } from "./demand.ts";
import { findOldDriver, neededDriver } from "./drivers.ts";
import { cudaBackend, type Hint, rangeOfReleases, TORCH_FAMILY, torchReleases } from "./torch.ts";
import { compareVersions, majorOf, newestOf, versionsIn } from "./versions.ts";

/** Chooses the CUDA version that all sides agree on; see `choose`. */
export function chooseCuda(options: ChoiceOptions & { readonly hints: readonly Hint[] }): Choice {
  const { hardware, demands } = options;
  const context = { ...options, range: plainRange(hardware.accelerator.specifier) };
  const candidates = candidatesFor(context);
  const hard = hardConstraints(context);
  const all = leftBy(hard, candidates);
  const resolved = asResolved(all, hard, candidates);
  const problems = findProblems(context, { hard, candidates, all, resolved });
  if (problems.length > 0) return { accelerator: "cuda", torchBackend: "cpu", notes: [], problems };
  const { left, kept } = narrow(context, { all, resolved });
  const cuda = preferred(left, context);
  const needed = neededDriver(cuda, hardware.gpus);
  return {
    accelerator: "cuda",
    cuda,
    torchBackend: cudaBackend(backendVersion(cuda, demands)),
    ...(needed === undefined ? {} : { driver: needed.driver }),
    notes: [
      describeChoice(cuda, [...hard, ...kept], { candidates, context }),
      ...notesFor(context, cuda),
    ],
    problems: findCudnnProblems(demands),
  };
}

/**
 * Narrows what is left by what a resolution has found: the packages first, since of torch there are
 * builds for more CUDA versions than of others. The release that it has come to counts more than the
 * one that it would usually come to.
 */
function narrow(context: CudaContext, { all, resolved }: Pick<Findings, "all" | "resolved">) {
  const packages = withSoft(all, softConstraints(context));
  const torch = withSoft(packages.left, ofFoundTorch(context.demands));
  if (torch.kept.length > 0) return { left: torch.left, kept: [...packages.kept, ...torch.kept] };
  const usual = packages.left.filter((candidate) => resolved.includes(candidate));
  return { left: usual.length > 0 ? usual : resolved, kept: packages.kept };
}

interface Findings {
  readonly hard: readonly Constraint[];
  readonly candidates: readonly Candidate[];
  /** What the constraints leave, and what of it a resolution would come to. */
  readonly all: readonly Candidate[];
  readonly resolved: readonly Candidate[];
}

function findProblems(
  context: CudaContext,
  { hard, candidates, all, resolved }: Findings,
): readonly Problem[] {
  const impossible = findImpossibleVersions(context);
  if (impossible.length > 0) return impossible;
  const others = hard.filter(({ kind }) => kind !== "driver");
  const tooOld = findOldDriver(context.hardware, leftBy(others, candidates));
  if (tooOld.length > 0) return tooOld;
  if (all.length === 0) {
    const { origin, text: line } = context.hardware.accelerator;
    const settle: Settle = (left, rest) => asResolved(left, rest, candidates);
    return findConflicts({ constraints: hard, candidates, settle, asked: { origin, line } });
  }
  return resolved.length === 0 ? gpusWithoutCode(context, { hard, candidates, all }) : [];
}

/**
 * Of each index the newest release of torch is taken, whether it has code for the GPUs or not, so
 * that the others do not count.
 */
function asResolved(
  all: readonly Candidate[],
  hard: readonly Constraint[],
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const newest = newestReleases(hard, candidates);
  return all.filter(({ cuda, torch }) => torch === undefined || torch.release === newest.get(cuda));
}

function newestReleases(
  hard: readonly Constraint[],
  candidates: readonly Candidate[],
): ReadonlyMap<string, string> {
  const others = hard.filter(({ kind }) => kind !== "gpu");
  const newest = new Map<string, string>();
  for (const { cuda, torch } of leftBy(others, candidates)) {
    if (torch === undefined || !(cuda in torch.cuda)) continue;
    newest.set(cuda, newestOf([newest.get(cuda) ?? "0", torch.release]) ?? torch.release);
  }
  return newest;
}

function gpusWithoutCode(
  { hardware }: CudaContext,
  { hard, candidates, all }: Omit<Findings, "resolved">,
): readonly Problem[] {
  const [[cuda, release] = []] = newestReleases(hard, candidates);
  const known = compatibility().torch.find((one) => one.release === release);
  const code = known?.cuda[cuda ?? ""] ?? [];
  const older = all.flatMap(({ torch }) => torch ?? []);
  return hardware.gpus
    .filter(({ capability }) => !runsOn(code, capability))
    .map(({ name, capability, origin, text }) => ({
      origin,
      line: text,
      needed: `torch ${release}, the newest with builds for CUDA ${cuda}, has no code for the GPU ${name} (${capability}); write torch${rangeOfReleases(older)} where torch is asked for`,
    }));
}

/** Each CUDA version with each release of torch; without releases where the app has no torch. */
function candidatesFor({ demands, hints, range }: CudaContext): readonly Candidate[] {
  const named = [...versionsIn(range), ...hints.flatMap(({ version }) => version ?? [])];
  const versions = [...new Set([...knownCuda(), ...named.filter(isNewerCuda)])];
  if (!isTorchKnown(demands)) return versions.map((cuda) => ({ cuda, torch: undefined }));
  return versions.flatMap((cuda): readonly Candidate[] =>
    isNewerCuda(cuda) && !demands.some(isPinnedTorch)
      ? [{ cuda, torch: undefined }]
      : compatibility().torch.map((torch) => ({ cuda, torch })),
  );
}

/** Without torch, and with one that the data does not know, torch says nothing about CUDA. */
function isTorchKnown(demands: readonly Demand[]): boolean {
  const family = demands.filter(({ name }) => TORCH_FAMILY.has(name));
  const unknown = family.some(
    ({ name, specifier }) => name === "torch" && torchReleases(specifier) === undefined,
  );
  return family.length > 0 && !unknown;
}

function isPinnedTorch({ name, specifier, origin }: Demand): boolean {
  return name === "torch" && origin !== undefined && specifier !== "";
}

/** Each holds as long as it leaves something. */
function withSoft(
  candidates: readonly Candidate[],
  soft: readonly Constraint[],
): { readonly left: readonly Candidate[]; readonly kept: readonly Constraint[] } {
  let left = candidates;
  const kept: Constraint[] = [];
  for (const constraint of soft) {
    const next = leftBy([constraint], left);
    if (next.length === 0) continue;
    left = next;
    kept.push(constraint);
  }
  return { left, kept };
}

function preferred(left: readonly Candidate[], context: CudaContext): string {
  const { demands, range, previous } = context;
  const versions = new Set(left.map(({ cuda }) => cuda));
  const releases = [...new Set(left.flatMap(({ torch }) => torch ?? []))];
  const [release] = releases;
  const ofTorch = releases.length === 1 ? release?.pypi : undefined;
  const known = demands.flatMap((demand) => {
    const one = knownPackage(demand.name);
    return one === undefined ? [] : [{ demand, one }];
  });
  const isTied = known.some(({ demand }) => isBuiltWithTorch(demand.name));
  const pinned = known.flatMap(({ demand, one }) => {
    const builds = buildsFor(one, demand.specifier);
    return builds.length === 1 ? (builds[0]?.pinned ?? []) : [];
  });
  const first = [...(isTied ? [ofTorch] : []), previous];
  const wishes =
    range === "" ? [...first, compatibility().cuda.default, ...pinned, ofTorch] : first;
  const wish = wishes.find((one) => one !== undefined && versions.has(one));
  return wish ?? newestOf(versions) ?? compatibility().cuda.default;
}

/** Where torch has no builds for a version, those for the one before it run with it. */
function backendVersion(cuda: string, demands: readonly Demand[]): string {
  const versions = new Set(compatibility().torch.flatMap((torch) => Object.keys(torch.cuda)));
  if (versions.has(cuda) || demands.some(({ name }) => name === "torch")) return cuda;
  const older = [...versions].filter(
    (one) => majorOf(one) === majorOf(cuda) && compareVersions(one, cuda) < 0,
  );
  return newestOf(older) ?? cuda;
}
