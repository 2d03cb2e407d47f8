import type { Accelerator } from "../hardware.ts";

/** Words that begin an item of hardware.txt. Each other word is a value of the one before it. */
export const KEYWORDS = {
  cpu: { kind: "accelerator", accelerator: "cpu", versions: false },
  cuda: { kind: "accelerator", accelerator: "cuda", versions: true },
  rocm: { kind: "accelerator", accelerator: "rocm", versions: true },
  aws: { kind: "accelerator", accelerator: "cuda", versions: false },
  neuron: { kind: "accelerator", accelerator: "neuron", versions: false },
  tpu: { kind: "accelerator", accelerator: "tpu", versions: false },
  coral: { kind: "accelerator", accelerator: "coral", versions: false },
  gpu: { kind: "values" },
  libraries: { kind: "values" },
  driver: { kind: "driver" },
  toolkit: { kind: "flag" },
  compiler: { kind: "flag" },
} as const satisfies Record<string, KeywordShape>;

type KeywordShape =
  | {
      readonly kind: "accelerator";
      readonly accelerator: Accelerator;
      readonly versions: boolean;
    }
  | { readonly kind: "values" | "driver" | "flag" };

export type Keyword = keyof typeof KEYWORDS;

export const KEYWORD_NAMES = Object.keys(KEYWORDS) as readonly Keyword[];

export function keywordOf(word: string): Keyword | undefined {
  const lower = word.toLowerCase();
  const name = SAME[lower] ?? lower;
  return name in KEYWORDS ? (name as Keyword) : undefined;
}

/** Forms that mean nothing else. */
const SAME: Readonly<Record<string, Keyword>> = {
  gpus: "gpu",
  lib: "libraries",
  libs: "libraries",
  library: "libraries",
};

/** Those that stand for Debian packages, see packages.ts. */
export const PACKAGE_KEYWORDS = ["aws", "neuron", "coral", "compiler"] as const;
