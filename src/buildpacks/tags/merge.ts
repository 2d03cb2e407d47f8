import type { Log } from "../../kit/log.ts";
import { compareTexts, counted, listed } from "../../kit/text.ts";
import { failure } from "./failures.ts";
import { bytesOf, type Found, type Label } from "./label.ts";

/** The labels of all sources, of which a later one overrides an earlier one; sorted by key. */
export function mergeLabels(sources: readonly Found[], log: Log): Readonly<Record<string, string>> {
  const merged = new Map<string, Label>();
  for (const { labels } of sources) {
    if (labels.length === 0) continue;
    log.step(`Found ${counted(labels.length, "label")} in ${listed(placesOf(labels))}`);
    for (const label of labels) {
      const earlier = merged.get(label.key);
      if (earlier !== undefined && earlier.value !== label.value) {
        const [by, over] = [label.origin.file, earlier.origin.file];
        log.step(`Using ${label.key} of ${by}, which overrides ${over}`);
      }
      merged.set(label.key, label);
    }
  }
  const labels = [...merged.values()].sort((a, b) => compareTexts(a.key, b.key));
  checkSize(labels);
  if (labels.length === 0) log.step("Found none");
  for (const { key, value, origin } of labels) log.debug(`${key}=${value} (from ${origin.file})`);
  return Object.fromEntries(labels.map(({ key, value }) => [key, value]));
}

/**
 * Of all labels. An image's configuration comes before its layers at each pull, and registries take
 * manifests and configurations of a few megabytes at most.
 */
const MOST_BYTES = 65_536;

function checkSize(labels: readonly Label[]): void {
  const bytes = sizeOf(labels);
  if (bytes <= MOST_BYTES) return;
  const sizes = placesOf(labels).map(
    (place) => [place, sizeOf(labels.filter(({ origin }) => origin.file === place))] as const,
  );
  throw failure("labels-too-large", { bytes, most: MOST_BYTES, places: new Map(sizes) });
}

function sizeOf(labels: readonly Label[]): number {
  return labels.reduce((sum, label) => sum + bytesOf(label), 0);
}

function placesOf(labels: readonly Label[]): readonly string[] {
  return [...new Set(labels.map(({ origin }) => origin.file))];
}
