import type { Origin } from "../../kit/origin.ts";
import type { Problem } from "../../kit/wrong-lines.ts";

/** An image label, and where its value is written. */
export interface Label {
  readonly key: string;
  readonly value: string;
  readonly origin: Origin;
}

/** What one place says of labels. */
export interface Found {
  readonly labels: readonly Label[];
  readonly problems: readonly Problem[];
}

export const NOTHING: Found = { labels: [], problems: [] };

/** The Open Container Initiative's. https://specs.opencontainers.org/image-spec/annotations/ */
export const OCI_PREFIX = "org.opencontainers.image.";

/** Bytes of UTF-8, as an image's configuration has them. */
export function bytesOf({ key, value }: Pick<Label, "key" | "value">): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value);
}
