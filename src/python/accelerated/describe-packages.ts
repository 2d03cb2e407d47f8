import { formatBytes } from "../../kit/text.ts";
import { normalizeName } from "../lock.ts";
import type { PylockPackage } from "../uv/pylock.ts";

/** "torch 2.9.1" for each of the normalised names. */
export function describePackages(
  names: readonly string[],
  packages: readonly PylockPackage[],
): readonly string[] {
  return names.map((name) => {
    const version = find(name, packages)?.version;
    return version === undefined ? name : `${name} ${version}`;
  });
}

/** " (1.9 GB to download)" of the first file of each; empty where an index does not say a size. */
export function describeWeight(
  names: readonly string[],
  packages: readonly PylockPackage[],
): string {
  const sizes = names.map((name) => {
    const { wheels, sdist } = find(name, packages) ?? {};
    return (wheels?.[0] ?? sdist)?.size;
  });
  if (sizes.includes(undefined)) return "";
  const bytes = sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  return ` (${formatBytes(bytes)} to download)`;
}

function find(name: string, packages: readonly PylockPackage[]): PylockPackage | undefined {
  return packages.find((one) => normalizeName(one.name) === name);
}
