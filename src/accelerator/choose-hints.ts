import { describeOrigin, originAsSubject } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import type { ChoiceOptions } from "./choose.ts";
import { mendIn } from "./choose-mends.ts";
import type { Accelerator, Hardware } from "./hardware.ts";
import { type Hint, hintsOf } from "./torch.ts";

interface Settled {
  readonly accelerator: Accelerator;
  readonly hints: readonly Hint[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Where nobody has written what the image runs on, versions and indexes of torch say it; otherwise
 * they have to agree with what is written.
 */
export function settleAccelerator({ hardware, demands, indexes }: ChoiceOptions): Settled {
  const hints = hintsOf(demands, indexes);
  const asked = hardware.accelerator;
  const [first] = hints;
  if (first === undefined) return { accelerator: asked.name, hints, notes: [], problems: [] };
  const other = hints.find(({ accelerator }) => accelerator !== first.accelerator);
  if (other !== undefined) {
    return { accelerator: asked.name, hints, notes: [], problems: [twoHints(first, other)] };
  }
  if (fits(asked.name, first)) {
    return { accelerator: asked.name, hints, notes: [], problems: [] };
  }
  if (asked.assumed) {
    const note = `Using ${first.accelerator}, since ${originAsSubject(first.origin)} asks for it: ${first.line}`;
    return { accelerator: first.accelerator, hints, notes: [note], problems: [] };
  }
  return {
    accelerator: asked.name,
    hints,
    notes: [],
    problems: hints.map((hint) => contradiction(hint, asked)),
  };
}

/** "CUDA 11.8", "ROCm 6.4", "the CPU" */
export function describeBackend({ accelerator, version }: Hint): string {
  if (accelerator === "cpu") return "the CPU";
  return `${accelerator === "cuda" ? "CUDA" : "ROCm"} ${version ?? ""}`.trim();
}

/** The line of hardware.txt for it. */
function lineFor({ accelerator, version }: Hint): string {
  return version === undefined ? accelerator : `${accelerator}==${version}`;
}

/** Without GPU, torch is that for the CPU: AWS Neuron, TPUs and the Edge TPU add to it. */
function fits(name: Accelerator, hint: Hint): boolean {
  return name === "cuda" || name === "rocm"
    ? hint.accelerator === name
    : hint.accelerator === "cpu";
}

function contradiction(hint: Hint, asked: Hardware["accelerator"]): Problem {
  const what = hint.isIndex
    ? `This index is of builds for ${describeBackend(hint)}`
    : `This is a build for ${describeBackend(hint)}`;
  const where = originAsSubject(asked.origin);
  return {
    origin: hint.origin,
    line: hint.line,
    needed: `${what}, and ${where} says ${asked.text}; ${mendIn(hint.origin, withoutIt(hint), "")}, or write ${lineFor(hint)} there`,
  };
}

function twoHints(first: Hint, other: Hint): Problem {
  const place = `${describeOrigin(first.origin)} (${first.line})`;
  return {
    origin: other.origin,
    line: other.line,
    needed: `This asks for ${describeBackend(other)}, and ${place} for ${describeBackend(first)}; keep one of them`,
  };
}

/** What to do with the line itself. */
export function withoutIt({ isIndex, line }: Hint): string {
  const [local] = /\+[a-z0-9.]+/i.exec(line) ?? [];
  return isIndex || local === undefined ? "remove the line" : `remove '${local}'`;
}
