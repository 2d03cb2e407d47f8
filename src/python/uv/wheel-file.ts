/** https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention */
export interface WheelFile {
  readonly build: readonly [number, string];
  readonly tags: readonly WheelTag[];
}

interface WheelTag {
  readonly python: string;
  readonly abi: string;
  readonly platform: string;
}

export function parseWheelFile(fileName: string): WheelFile | undefined {
  const parts = fileName.replace(/\.whl$/, "").split("-");
  if (!fileName.endsWith(".whl") || parts.length < 5 || parts.length > 6) return undefined;
  const [pythons = "", abis = "", platforms = ""] = parts.slice(-3);
  const [, number = "0", rest = ""] =
    /^(\d+)(.*)$/.exec(parts.length === 6 ? (parts[2] ?? "") : "") ?? [];
  const tags = pythons
    .split(".")
    .flatMap((python) =>
      abis
        .split(".")
        .flatMap((abi) => platforms.split(".").map((platform) => ({ python, abi, platform }))),
    );
  return { build: [Number(number), rest], tags };
}

/** What decides which wheels can be installed. */
export interface WheelTarget {
  /** "3.13" */
  readonly pythonMinor: string;
  /** As the specification of buildpacks names it: "amd64". */
  readonly arch: string;
  /** The C library's version where it is known; without it every manylinux tag fits. */
  readonly glibc?: readonly [number, number];
}

/**
 * How well a tag fits, lower is better; undefined where it does not. The order is that of pip
 * (packaging.tags.sys_tags): ABI first, then the newest C library, then older Pythons.
 */
function rankTag(tag: WheelTag, target: WheelTarget): number | undefined {
  const python = rankPython(tag, Number(target.pythonMinor.split(".")[1] ?? 0));
  const platform = rankPlatform(tag.platform, target);
  if (python === undefined || platform === undefined) return undefined;
  return python * PLATFORMS + platform;
}

/** The best tag of a wheel. */
export function rankWheel(wheel: WheelFile, target: WheelTarget): number | undefined {
  const ranks = wheel.tags.map((tag) => rankTag(tag, target)).filter((rank) => rank !== undefined);
  return ranks.length === 0 ? undefined : Math.min(...ranks);
}

const PLATFORMS = 10_000;
const ANY = PLATFORMS - 1;

function rankPython({ python, abi, platform }: WheelTag, minor: number): number | undefined {
  const [, kind = "", major = "", digits = ""] = /^(cp|py)(\d)(\d*)$/.exec(python) ?? [];
  if (major !== "3") return undefined;
  const tagMinor = digits === "" ? undefined : Number(digits);
  if (kind === "cp") {
    if (abi === `cp3${minor}` && tagMinor === minor) return 0;
    if (abi === "abi3" && tagMinor !== undefined && tagMinor <= minor)
      return 1 + (minor - tagMinor);
    if (abi === "none" && tagMinor === minor) return platform === "any" ? 300 : 100;
    return undefined;
  }
  if (abi !== "none" || (tagMinor !== undefined && tagMinor > minor)) return undefined;
  // py313, py3, py312, py311, …
  const age = tagMinor === undefined ? 1 : tagMinor === minor ? 0 : 1 + (minor - tagMinor);
  return (platform === "any" ? 400 : 200) + age;
}

function rankPlatform(platform: string, { arch, glibc }: WheelTarget): number | undefined {
  if (platform === "any") return ANY;
  const machine = MACHINES[arch] ?? arch;
  if (platform === `linux_${machine}`) return ANY - 1;
  const alias = LEGACY[platform.replace(`_${machine}`, "")];
  const [, major, minor] =
    alias === undefined
      ? (/^manylinux_(\d+)_(\d+)_(.+)$/.exec(platform) ?? [])
      : ["", ...alias.map(String)];
  if (major === undefined || minor === undefined) return undefined;
  if (!platform.endsWith(`_${machine}`)) return undefined;
  const [needsMajor, needsMinor] = [Number(major), Number(minor)];
  if (
    glibc !== undefined &&
    (needsMajor > glibc[0] || (needsMajor === glibc[0] && needsMinor > glibc[1]))
  ) {
    return undefined;
  }
  // PEP 600 writes one version also in two ways; pip puts the new spelling first.
  return (100 - needsMinor) * 2 + (alias === undefined ? 0 : 1);
}

const MACHINES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

const LEGACY: Readonly<Record<string, readonly [number, number]>> = {
  manylinux2014: [2, 17],
  manylinux2010: [2, 12],
  manylinux1: [2, 5],
};
