import type { LockRequest } from "../manager.ts";
import { findFiles } from "../find-files.ts";
import type { PylockPackage } from "../../uv/pylock.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";
import type { PdmSource } from "./project.ts";
import { indexesFor } from "./sources.ts";

/**
 * Packages with the index that each is of, which a lock does not say. Where several may have one,
 * they are asked, unless the lock tells an address.
 */
export async function withIndexes(
  packages: readonly PylockPackage[],
  sources: readonly PdmSource[],
  { place }: Pick<LockRequest, "place">,
): Promise<readonly PylockPackage[]> {
  const unknown = packages.filter((item) => !hasUrls(item) && indexesOf(item).length > 1);
  const wanted = unknown.map((item) => ({
    name: item.name,
    version: item.version,
    sha256: filesOf(item).flatMap(({ hashes }) => hashes["sha256"] ?? []),
    indexes: indexesOf(item),
  }));
  const located = await findFiles(wanted, { place, lockFile: LOCK_FILE, relock: RELOCK });
  return packages.map((item) => {
    const at = unknown.indexOf(item);
    // An address alone is enough: on PyPI it is one of the default index, elsewhere one of its own.
    const index = at >= 0 ? located[at]?.index : hasUrls(item) ? undefined : indexesOf(item)[0];
    return index === undefined ? item : { ...item, index };
  });

  function indexesOf(item: PylockPackage): readonly string[] {
    return filesOf(item).length === 0 ? [] : indexesFor(item.name, sources);
  }
}

function filesOf({ wheels = [], sdist }: PylockPackage) {
  return [...wheels, ...(sdist === undefined ? [] : [sdist])];
}

function hasUrls(item: PylockPackage): boolean {
  return filesOf(item).some(({ url }) => url !== undefined);
}
