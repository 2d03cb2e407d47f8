import { packageIndexes } from "../../accelerator/package-indexes.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { bulleted, counted, hostOf, listed } from "../../kit/text.ts";
import type { Lock } from "../../python/lock.ts";
import { PYPI } from "../../python/uv/index-config.ts";
import { findSharedNames, type SharedName, type Taken } from "../../python/uv/shared-names.ts";
import type { Asked } from "./asked.ts";
import type { LockTask } from "./obtain-lock.ts";

/**
 * Tells of packages whose names several indexes have: whoever publishes under the name of somebody
 * else's private package gets into the image, where the newest version of all indexes is taken.
 * https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes
 */
export async function tellSharedNames(
  { asked, context, netrc }: SharingTask,
  lock: Lock,
): Promise<void> {
  // Nothing but the first index counts then, and none has to be told private names.
  if (asked.strategy === "first-index") return;
  const { env, log } = context;
  const { indexUrl, extraIndexUrls, noIndex } = asked.options;
  const main = indexUrl?.value ?? PYPI;
  const known = packageIndexes(asked.hardware.accelerator.name);
  const { base } = asked.torchIndexes;
  const isPublic = (url: string) =>
    known.includes(url) ||
    PUBLIC.has(hostOf(url)) ||
    (base !== undefined && url.startsWith(`${base}/`));
  // In uv's order.
  const indexes = [
    ...new Set([...extraIndexUrls.map(({ value }) => value), ...(noIndex ? [] : [main])]),
  ].filter((url) => /^https?:/i.test(url) && !isPublic(url));
  if (indexes.length < 2) return;
  const taken = lock.flatMap((one): readonly Taken[] => {
    if (one.from !== "wheel" && one.from !== "sdist") return [];
    const { name, version, index = main } = one;
    return indexes.includes(index) ? [{ name, version, index }] : [];
  });
  const { shared, skipped } = await findSharedNames(taken, indexes, { env, netrc });
  if (skipped > 0) {
    log.step(
      `Skipping ${counted(skipped, "package")} because only the first ${taken.length - skipped} are looked for on other indexes`,
    );
  }
  if (shared.length === 0) return;
  const lines = shared.length > MOST_TOLD ? summaryOf(shared, taken.length) : shared.map(describe);
  log.warn(
    shared.length === 1
      ? `More than one index has ${shared[0]?.name}`
      : `More than one index has ${counted(shared.length, "package")} by the same name`,
    `${bulleted(lines)}\nThe newest version of all indexes is taken, so that whoever publishes under such a name on one of them decides what is installed. With BP_INDEX_STRATEGY=first-index a package comes from the first index that has its name: ${indexes.join(", then ")}. Where one index has all packages, name it alone, with PIP_INDEX_URL.`,
  );
}

/** What of a {@link LockTask} is needed. */
interface SharingTask extends Pick<LockTask, "netrc"> {
  readonly asked: Pick<Asked, "options" | "strategy" | "hardware" | "torchIndexes">;
  readonly context: Pick<BuildContext, "env" | "log">;
}

/** Of hardware's makers, for wheels of their own. */
const PUBLIC = new Set(["download.pytorch.org", "pypi.nvidia.com"]);

/** More are hardly names that somebody has taken: one index is a mirror of the other. */
const MOST_TOLD = 10;

function describe({ name, version, index, others }: SharedName): string {
  return `${name} ${version}: taken from ${index}; ${listed(others)} has the name, too`;
}

function summaryOf(shared: readonly SharedName[], count: number): readonly string[] {
  const places = new Set(shared.flatMap(({ index, others }) => [index, ...others]));
  const names = shared.slice(0, MOST_TOLD).map(({ name }) => name);
  return [
    `${shared.length} of ${counted(count, "package")}: ${listed([...places])} have their names. One seems to be a mirror of another.`,
    `Among them: ${names.join(", ")}, …`,
  ];
}
