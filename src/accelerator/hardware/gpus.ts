import { findGpu } from "../compatibility.ts";

interface Gpu {
  readonly name: string;
  readonly capability: string;
}

/** A GPU as people and programs name it: "L4", "NVIDIA A100-SXM4-80GB". */
export function gpuNamed(text: string): Gpu | undefined {
  const gpu = findGpu(text);
  if ("name" in gpu) return gpu;
  const plain = findGpu(withoutForm(text.split(/\s+/)).join(" "));
  return "name" in plain ? plain : undefined;
}

/** The GPUs of a list, in which names may have blanks ("RTX 6000 Ada"), and the words that are none. */
export function readGpus(written: readonly string[]): {
  readonly gpus: readonly Gpu[];
  readonly unknown: readonly string[];
} {
  const words = withoutForm(written);
  const gpus: Gpu[] = [];
  const unknown: string[] = [];
  for (let start = 0; start < words.length;) {
    const { gpu, count } = longestName(words.slice(start, start + MOST_WORDS));
    if (gpu === undefined) unknown.push(words[start] ?? "");
    else gpus.push(gpu);
    start += count;
  }
  return { gpus, unknown };
}

/** "NVIDIA RTX PRO 6000 Blackwell" */
const MOST_WORDS = 5;

function longestName(words: readonly string[]): {
  readonly gpu: Gpu | undefined;
  readonly count: number;
} {
  for (let count = words.length; count > 0; count -= 1) {
    const gpu = findGpu(words.slice(0, count).join(" "));
    if ("name" in gpu) return { gpu, count };
  }
  return { gpu: undefined, count: 1 };
}

/** Board, memory and case say nothing of what a GPU can do. */
function withoutForm(words: readonly string[]): readonly string[] {
  const plain = words.map((word) => word.replace(FORM, ""));
  return plain.filter((word) => word !== "");
}

const FORM = /(?:^|[-_])(?:sxm\d?|pcie|nvl|hbm\d\w*|\d{1,3}gi?b?|laptop|mobile|max-q|mig)\b.*$/i;
