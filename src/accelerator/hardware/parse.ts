import { satisfies } from "@renovatebot/pep440";
import { findGpu } from "../compatibility.ts";
import type { Hardware } from "../hardware.ts";
import { describeOrigin, type Origin } from "../../kit/origin.ts";
import { listed, nearest } from "../../kit/text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { readGpus as gpusIn } from "./gpus.ts";
import { readLibrary } from "./libraries.ts";
import { describeItem, type Item, readItems } from "./items.ts";
import { KEYWORD_NAMES, KEYWORDS } from "./keywords.ts";
import { explainWrongLine } from "./wrong-lines.ts";

/** What a text says; an accelerator may be left to the builder. */
export interface Said extends Omit<Hardware, "accelerator"> {
  readonly accelerator?: Hardware["accelerator"];
  /** The items that stand for more than themselves, such as "aws". */
  readonly items: readonly Item[];
  /** Worth a line in the log. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

export interface TextPlace {
  readonly file: string;
  /** False for a variable, which is one line to whoever wrote it. */
  readonly hasLines: boolean;
}

/** The text of hardware.txt or BP_HARDWARE. All that is wrong in it is in the result. */
export function parseHardware(text: string, place: TextPlace): Said {
  const { items, problems: unread } = readItems(text, place);
  const problems: Problem[] = [...unread];
  const wrong = ({ origin, text: line }: Item, needed: string) => {
    problems.push({ origin, line, needed });
  };
  const notes: string[] = [];
  const asked = readAccelerator(items, wrong);
  const isOther = asked !== undefined && asked.name !== "cuda";
  // What another accelerator can't have at all is not looked at any closer.
  const ofCuda = isOther ? [] : items;
  const gpus = readGpus(ofCuda, wrong);
  const libraries = readLibraries(ofCuda, wrong);
  const driver = readDriver(ofCuda, wrong);
  const toolkit = items.find(({ keyword }) => keyword === "toolkit");
  const accelerator = asked ?? (unread.length > 0 ? undefined : implied(items, notes));
  return {
    ...(accelerator === undefined ? {} : { accelerator }),
    gpus,
    ...(driver === undefined ? {} : { driver }),
    libraries,
    ...(toolkit === undefined ? {} : { toolkit: said(toolkit) }),
    items,
    notes,
    problems: problems.sort((a, b) => (a.origin.line ?? 0) - (b.origin.line ?? 0)),
  };
}

type Wrong = (item: Item, needed: string) => void;

function said({ origin, text }: Item): { readonly origin: Origin; readonly text: string } {
  return { origin, text };
}

function readAccelerator(
  items: readonly Item[],
  wrong: Wrong,
): Hardware["accelerator"] | undefined {
  const asked = items.filter(({ keyword }) => KEYWORDS[keyword].kind === "accelerator");
  const [first] = asked;
  if (first === undefined) return undefined;
  const name = acceleratorOf(first);
  for (const other of asked.slice(1)) {
    if (acceleratorOf(other) !== name) wrong(other, `${asksToo(first)}; keep one of the two`);
  }
  if (name !== "cuda") {
    for (const item of items.filter((one) => OF_CUDA.has(one.keyword))) {
      const isOfAmd = name === "rocm" && item.keyword === "gpu" && namesNoGpu(item);
      wrong(
        item,
        isOfAmd
          ? "AMD's GPUs are not told apart; remove the line"
          : `It belongs to cuda, and ${describeItem(first)}; keep one of the two`,
      );
    }
  }
  const same = asked.filter((item) => acceleratorOf(item) === name);
  const versioned = same.filter(({ specifier }) => specifier !== "");
  const [one = first, ...more] = versioned;
  for (const item of versioned) {
    if (item.specifier.includes(",") && !isSatisfiable(item.specifier)) {
      wrong(item, contradictsItself(item));
    }
  }
  for (const other of more) {
    if (!isSatisfiable(`${one.specifier},${other.specifier}`)) {
      wrong(other, `${describeItem(one)}, too, and no version is both; keep one of the two`);
    }
  }
  const specifier = [...new Set(versioned.map((item) => item.specifier))].join(",");
  return { name, specifier, assumed: false, ...said(one) };
}

function acceleratorOf({ keyword }: Item): Hardware["accelerator"]["name"] {
  const shape = KEYWORDS[keyword];
  return shape.kind === "accelerator" ? shape.accelerator : "cuda";
}

function namesNoGpu({ values }: Item): boolean {
  return gpusIn(values).gpus.length === 0;
}

function contradictsItself({ specifier }: Item): string {
  const parts = specifier.split(",");
  return `The line contradicts itself: no version is ${listed(parts)}; keep ${listed(parts, "or")}`;
}

function asksToo(item: Item): string {
  return `${describeItem(item)}, too${item.keyword === "aws" ? ", which stands for cuda" : ""}`;
}

/** What only NVIDIA's GPUs have. */
const OF_CUDA: ReadonlySet<string> = new Set(["gpu", "driver", "libraries", "toolkit"]);

/** Whether any version, known today or not, is in all of the ranges. */
function isSatisfiable(specifier: string): boolean {
  const named = specifier.split(",").map((part) => part.replace(/^[=<>!~]+|\.\*$/g, ""));
  const numbers = Array.from({ length: 30 * 10 }, (_, n) => `${Math.floor(n / 10)}.${n % 10}`);
  return [...named, ...numbers].some((version) => satisfies(version, specifier));
}

/** Lines that mean nothing without CUDA ask for it. */
function implied(items: readonly Item[], notes: string[]): Hardware["accelerator"] | undefined {
  const item = items.find(({ keyword }) => OF_CUDA.has(keyword));
  if (item === undefined) return undefined;
  notes.push(`Using cuda because of '${item.text}' (${describeOrigin(item.origin)})`);
  return { name: "cuda", specifier: "", assumed: false, ...said(item) };
}

function readGpus(items: readonly Item[], wrong: Wrong): Hardware["gpus"] {
  const found = new Map<string, Hardware["gpus"][number]>();
  for (const item of items.filter(({ keyword }) => keyword === "gpu")) {
    const { gpus, unknown } = gpusIn(item.values);
    for (const gpu of gpus.filter(({ name }) => !found.has(name))) {
      found.set(gpu.name, { ...gpu, ...said(item) });
    }
    const [word] = unknown;
    if (word !== undefined) wrong(item, explainWrongLine(item.text) ?? unknownGpu(word));
  }
  return [...found.values()];
}

function unknownGpu(word: string): string {
  const gpu = findGpu(word);
  const near = "nearest" in gpu ? gpu.nearest : [];
  const candidates = near.length > 0 ? near : nearest(word.toLowerCase(), KEYWORD_NAMES, 1);
  return candidates.length > 0
    ? `No GPU of the name ${word} is known; did you mean ${listed(candidates, "or")}?`
    : `No GPU of the name ${word} is known; its compute capability will do, as https://developer.nvidia.com/cuda-gpus lists it, for example\ngpu 8.9`;
}

function readLibraries(items: readonly Item[], wrong: Wrong): Hardware["libraries"] {
  const found = new Map<string, Hardware["libraries"][number]>();
  for (const item of items.filter(({ keyword }) => keyword === "libraries")) {
    for (const value of item.values) {
      const read = readLibrary(value);
      if ("needed" in read) wrong(item, read.needed);
      else if (!found.has(read.name)) found.set(read.name, { name: read.name, ...said(item) });
    }
  }
  return [...found.values()];
}

function readDriver(items: readonly Item[], wrong: Wrong): Hardware["driver"] {
  const [first, ...others] = items.filter(({ keyword }) => keyword === "driver");
  if (first?.version === undefined) return undefined;
  for (const other of others) {
    if (other.version !== first.version) {
      wrong(other, `${describeItem(first)}, too; keep one of the two`);
    }
  }
  return { version: first.version, ...said(first) };
}
