import { atMirror, type TorchIndexes } from "../access/torch-index.ts";
import type { PylockPackage } from "../uv/pylock.ts";

/**
 * The package without the name of the default index, since layers of the same files are the same
 * whether a lock names it or not; and that of torch's packages by its mirror, where it has one.
 */
export function withPlainIndex(
  item: PylockPackage,
  torchIndexes: Pick<TorchIndexes, "base" | "isMirror">,
): PylockPackage {
  const { index, ...rest } = item;
  if (index === undefined || /^https:\/\/pypi\.org\/simple\/?$/.test(index)) return rest;
  return { ...rest, index: atMirror(index.replace(/\/+$/, ""), torchIndexes) };
}
