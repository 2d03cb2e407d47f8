import { listed, nearest } from "../kit/text.ts";
import type { Problem } from "../kit/wrong-lines.ts";

/**
 * The build of `__archspec`, a CPU's name. Without the setting it is the first of the architecture:
 * packages for newer ones end with an illegal instruction on older hosts, and which hosts there are
 * is not known.
 */
export function readArchspec(
  setting: string | undefined,
  arch: string,
): { readonly name: string; readonly problems: readonly Problem[] } {
  const known = MICROARCHITECTURES[arch === "arm64" ? "arm64" : "amd64"];
  const [baseline = ""] = known;
  const name = setting?.trim().toLowerCase().replaceAll("-", "_") ?? baseline;
  if (known.includes(name)) return { name, problems: [] };
  const problem = {
    origin: { file: ARCHSPEC_SETTING },
    line: setting ?? "",
    needed: neededFor(name, arch, known),
  };
  return { name: baseline, problems: [problem] };
}

const ARCHSPEC_SETTING = "BP_CONDA_ARCHSPEC";

function neededFor(name: string, arch: string, known: readonly string[]): string {
  const other = Object.entries(MICROARCHITECTURES).find(([, names]) => names.includes(name));
  if (other !== undefined) {
    return `${name} is of ${other[0]}, and the image is for ${arch}; write one of ${arch}, such as ${listed(known.slice(0, 4), "or")}`;
  }
  const level = known.find((one) => one.endsWith(`_${name}`));
  const near = level === undefined ? nearest(name, known) : [level];
  if (near.length > 0) return `Did you mean ${listed(near, "or")}?`;
  return `Write a microarchitecture of ${arch}, such as ${listed(known.slice(0, 4), "or")}; all names are at\nhttps://github.com/archspec/archspec-json/blob/master/cpu/microarchitectures.json`;
}

/**
 * The names of CPUs that run the first of them.
 * https://github.com/archspec/archspec-json/blob/90b453f4053b6b139d1d2cb78c463b02e71ef363/cpu/microarchitectures.json
 */
const MICROARCHITECTURES: { readonly [arch in "amd64" | "arm64"]: readonly string[] } = {
  amd64: words(`
    x86_64 x86_64_v2 x86_64_v3 x86_64_v4 alderlake arrowlake arrowlake_s broadwell bulldozer
    cannonlake cascadelake core2 excavator haswell icelake ivybridge k10 mic_knl nehalem nocona
    piledriver sandybridge sapphirerapids skylake skylake_avx512 steamroller westmere zen zen2 zen3
    zen4 zen5
  `),
  arm64: words(`
    aarch64 neoverse_n1 neoverse_n2 neoverse_v2 a64fx ampere1 ampere1a armv8.1a armv8.2a armv8.3a
    armv8.4a armv8.5a armv8.6a armv9.0a armv9.2a cortex_a72 m1 m2 m3 m4 neoverse_v1 neoverse_v3ae
    thunderx2
  `),
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
