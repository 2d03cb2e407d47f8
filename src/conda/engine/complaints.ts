import { listed } from "../../kit/text.ts";
import type { EngineError, VirtualPackage } from "./protocol.ts";
import { readTree, renderTree } from "./solver-tree.ts";

export interface Unsolvable {
  /** The solver's own, as a tree. */
  readonly explanation: string;
  /** What may help, each a sentence or two. */
  readonly advice: readonly string[];
  /** Of packages that it is about, and some words that are no names. */
  readonly names: ReadonlySet<string>;
}

/** The solver's explanation without what only repeats itself, and what its names mean here. */
export function explainUnsolvable(
  error: EngineError,
  system: readonly VirtualPackage[],
): Unsolvable {
  const told = error.message.replace(/^Cannot solve the request because of: /, "").trim();
  const explanation = renderTree(readTree(told));
  const { similar = {}, versions = {} } = error;
  return {
    explanation,
    advice: [
      ...adviceOnSystem(told, system),
      ...adviceOnNames(error),
      ...adviceOnBuilds(error),
      ...adviceOnVersions(error),
    ],
    names: new Set([
      ...[...explanation.matchAll(/[\w.-]+/g)].map(([name]) => name),
      ...Object.keys(similar),
      ...Object.keys(versions),
    ]),
  };
}

function adviceOnSystem(told: string, system: readonly VirtualPackage[]): readonly string[] {
  const wanted = new Map<string, string[]>();
  for (const pattern of SYSTEM_WANTED) {
    for (const [, name = "", spec = ""] of told.matchAll(pattern)) {
      wanted.set(name, [...(wanted.get(name) ?? []), spec.trim()]);
    }
  }
  return SYSTEM.flatMap(({ name, means }) => {
    const specs = wanted.get(name);
    return specs === undefined
      ? []
      : [
          means(
            specs,
            system.find((one) => one.name === name),
          ),
        ];
  });
}

const SYSTEM_WANTED: readonly RegExp[] = [
  /(__\w+)([^\n,]*)[^\n]*no candidates/g,
  /No candidates were found for (__\w+)([^\n]*?)\.?$/gm,
];

/** Virtual packages: https://github.com/conda/ceps/blob/main/cep-0030.md */
const SYSTEM: readonly {
  readonly name: string;
  readonly means: (wanted: readonly string[], there: VirtualPackage | undefined) => string;
}[] = [
  {
    name: "__cuda",
    means: (wanted, there) =>
      there === undefined
        ? "The package is for NVIDIA's GPUs, and the image is not. Add a file hardware.txt with the line 'cuda', or take the package's build for CPUs."
        : otherCuda(wanted, there),
  },
  {
    name: "__cuda_arch",
    means: () =>
      "__cuda_arch is the oldest GPU that the image is for, by its compute capability. Name the GPUs in hardware.txt, as in 'gpu l4'.",
  },
  {
    name: "__glibc",
    means: () =>
      "__glibc is the version of glibc in the run image, which decides what runs there. Ask for an older version of the package, or use a builder with a newer run image.",
  },
  {
    name: "__archspec",
    means: (wanted) =>
      `__archspec is the oldest processor that the image is for. Where all of yours are newer, set BP_CONDA_ARCHSPEC${processorIn(wanted)}.`,
  },
  {
    name: "__linux",
    means: () =>
      "__linux is the oldest kernel that the image is for. Ask for an older version of the package.",
  },
  {
    name: "__win",
    means: () =>
      "__win stands for Windows: the package is for it alone, and the image runs on Linux.",
  },
  {
    name: "__osx",
    means: () =>
      "__osx stands for macOS: the package is for it alone, and the image runs on Linux.",
  },
];

function otherCuda(wanted: readonly string[], { version }: VirtualPackage): string {
  const range = wanted.find((spec) => /^[<>]=?\d[\d.]*$/.test(spec));
  return range === undefined
    ? `The package is for another CUDA version than the image, which is for ${version}. Take another version or build of the package.`
    : `The package needs CUDA ${range}, and the image is for ${version}. Write cuda${range} into hardware.txt, or take another version of the package.`;
}

/** "=x86_64_v3" for "==1 x86_64_v3": the build of the spec. */
function processorIn(wanted: readonly string[]): string {
  const builds = wanted.flatMap((spec) => /^\S+ (\w+)$/.exec(spec)?.[1] ?? []);
  const build = builds.find((one) => one.startsWith("x86_64_v")) ?? builds[0];
  return build === undefined ? "" : `=${build}`;
}

function adviceOnNames({ similar = {}, platforms = {} }: EngineError): readonly string[] {
  return Object.entries(similar).map(([name, others]) => {
    const elsewhere = platforms[name] ?? [];
    if (elsewhere.length > 0) {
      return `The channels have ${name} for ${listed(elsewhere)} alone. If it is for those only, say so on its line: ${name}  # [${selectorFor(elsewhere)}]`;
    }
    return others.length > 0
      ? `The channels have no package called ${name}. Was ${listed(others, "or")} meant?`
      : `The channels have no package called ${name}. Another channel may have it, or PyPI, whose packages are listed under 'pip:'.`;
  });
}

/** As conda-lock reads it: https://conda.github.io/conda-lock/src_environment_yml/ */
function selectorFor(platforms: readonly string[]): string {
  const systems = new Set(platforms.map((one) => one.replace(/-.*/, "")));
  return [...systems].join(" or ");
}

/** Channels remove builds, and those of another platform were never there. */
function adviceOnBuilds({ builds = {} }: EngineError): readonly string[] {
  const found = Object.entries(builds).flatMap(([name, [first, ...others]]) =>
    first === undefined ? [] : [{ name, first, others }],
  );
  if (found.length === 0) return [];
  const lines = found.map(({ name, first, others }) => {
    const all = [first, ...others].filter(({ version }) => version === first.version);
    const there = listed(
      all.map(({ build }) => build),
      "or",
    );
    return `${name} ${first.version} is there with the build ${there}; leave the build out: - ${name}==${first.version}`;
  });
  return found.length === 1
    ? lines.map((line) => `${line}. ${WITHOUT_BUILDS}`)
    : [...lines, WITHOUT_BUILDS];
}

/** https://docs.conda.io/projects/conda/en/stable/commands/env/export.html */
const WITHOUT_BUILDS = "For the whole file: conda env export --no-builds";

function adviceOnVersions({ versions = {}, builds = {} }: EngineError): readonly string[] {
  return Object.entries(versions)
    .filter(([name, known]) => known.length > 0 && (builds[name] ?? []).length === 0)
    .map(([name, known]) => `The newest of ${name} in the channels: ${listed(known)}.`);
}
