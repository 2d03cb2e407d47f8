import { describeOrigin, originAsSubject } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import type { Choice, ChoiceOptions } from "./choose.ts";
import { asksForCuda, knownPackage } from "./compatibility-packages.ts";
import type { KnownPackage } from "./compatibility-schema.ts";
import type { Demand } from "./demand.ts";
import type { Accelerator, Hardware } from "./hardware.ts";
import { localVersion } from "./versions.ts";

/** For CPUs, AWS Neuron, TPUs and the Edge TPU: torch is that for the CPU, and CUDA is left out. */
export function chooseWithoutGpu(
  { hardware, demands }: ChoiceOptions,
  accelerator: Accelerator,
): Choice {
  return {
    accelerator,
    torchBackend: "cpu",
    notes: notesFor(demands, accelerator),
    problems: gpuOnly(demands, ({ "on-cpu": onCpu }) => onCpu === "fails").map((found) =>
      problem(found, hardware.accelerator),
    ),
  };
}

export interface GpuOnly {
  readonly demand: Demand;
  readonly known: KnownPackage;
}

/** Each package once, and by the app's own line where it has one. */
export function gpuOnly(
  demands: readonly Demand[],
  fails: (known: KnownPackage) => boolean,
): readonly GpuOnly[] {
  const found = new Map<string, GpuOnly>();
  for (const demand of demands) {
    const known = knownPackage(demand.name);
    if (known === undefined || !fails(known)) continue;
    // Some projects have builds for the CPU under the same name: vllm==0.20.0+cpu.
    if (/^(?:cpu|rocm)/.test(localVersion(demand.specifier) ?? "")) continue;
    const earlier = found.get(demand.name)?.demand;
    const isBetter = earlier?.origin === undefined && demand.origin !== undefined;
    if (earlier === undefined || isBetter) found.set(demand.name, { demand, known });
  }
  return [...found.values()];
}

function problem({ demand, known }: GpuOnly, asked: Hardware["accelerator"]): Problem {
  const { name, origin, text } = demand;
  const other =
    known.instead === undefined ? "" : `; without a GPU, ${known.instead} takes its place`;
  const says = `${originAsSubject(asked.origin)} says ${asked.text}`;
  if (origin === undefined) {
    return {
      origin: asked.origin,
      line: asked.text,
      needed: `${name}, which another package needs, runs on NVIDIA's GPUs only${other}. For GPUs, write this ${into(asked)}\ncuda`,
    };
  }
  const because = asked.assumed ? "nothing says that the image is for GPUs" : says;
  return {
    origin,
    line: text,
    needed: `${name} runs on NVIDIA's GPUs only, and ${because}${other}. For GPUs, write this ${into(asked)}\ncuda`,
  };
}

function into({ assumed, origin }: Hardware["accelerator"]): string {
  return assumed ? "into hardware.txt" : `in place of it (${describeOrigin(origin)})`;
}

function notesFor(demands: readonly Demand[], accelerator: Accelerator): readonly string[] {
  return demands.flatMap((demand) => {
    const known = knownPackage(demand.name);
    if (known === undefined || demand.origin === undefined) return [];
    const place = `${demand.text} (${describeOrigin(demand.origin)})`;
    if (asksForCuda(known, demand)) {
      return [`Leaving out what ${place} brings for CUDA, since the image is for ${accelerator}`];
    }
    const { replaces } = known;
    return replaces === undefined || known["on-cpu"] === "fails"
      ? []
      : [`${place} runs without a GPU, too; ${replaces} is the same without the code for CUDA`];
  });
}
