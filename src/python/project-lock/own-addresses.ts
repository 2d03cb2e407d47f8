import { atMirror, type TorchIndexes } from "../access/torch-index.ts";
import type { PylockFile, PylockPackage } from "../uv/pylock.ts";

type Mirror = Pick<TorchIndexes, "base" | "isMirror">;

/**
 * The package without the name of the default index, since layers of the same files are the same
 * whether a lock names it or not; and torch's addresses at their mirror, where there is one.
 */
export function withOwnAddresses(item: PylockPackage, mirror: Mirror): PylockPackage {
  const { index, archive, sdist, wheels, ...rest } = item;
  const placed = <Place extends { url?: string | undefined }>(place: Place): Place =>
    place.url === undefined ? place : { ...place, url: atMirror(place.url, mirror) };
  const isDefault = index === undefined || /^https:\/\/pypi\.org\/simple\/?$/.test(index);
  return {
    ...rest,
    ...(isDefault ? {} : { index: atMirror(index.replace(/\/+$/, ""), mirror) }),
    ...(archive === undefined ? {} : { archive: placed(archive) }),
    ...(sdist === undefined ? {} : { sdist: placed(sdist) }),
    ...(wheels === undefined ? {} : { wheels: wheels.map(placed) }),
  };
}

/** Whether a file of a package without an index is at its address alone. */
export function isOffIndex({ url, path }: PylockFile): boolean {
  return path !== undefined || (url !== undefined && !url.startsWith(PYPI_FILES));
}

/** What files on PyPI are downloaded from; locks name it without naming the index. */
const PYPI_FILES = "https://files.pythonhosted.org/";
