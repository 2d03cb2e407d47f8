import * as z from "zod/mini";
import type { LayerContents } from "./scan-layer.ts";

/** An image as a registry or an engine tells of it, and has stored it. */
export interface StoredImage {
  /** As it was asked for. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** From the lowest to the highest. */
  readonly layers: readonly StoredLayer[];
}

export interface StoredLayer {
  /** Of the uncompressed tar: "sha256:…". */
  readonly diffId: string;
  /** The instruction that made it, as the image's history has it; empty where it has none. */
  readonly createdBy: string;
  /** In bytes; undefined where it is not stored so, as in most engines. */
  readonly compressed: number | undefined;
}

/** With what its layers hold, in their order. */
export interface ReadImage extends StoredImage {
  readonly contents: readonly LayerContents[];
}

/**
 * The instruction of each layer, by an image's configuration; nothing where its history does not
 * fit the layers. https://github.com/opencontainers/image-spec/blob/main/config.md#properties
 */
export function instructionsOf(configuration: unknown, layers: number): readonly string[] {
  const { history } = Configuration.parse(configuration);
  const made = (history ?? []).filter((entry) => entry.empty_layer !== true);
  if (made.length !== layers) return [];
  return made.map((entry) => entry.created_by ?? "");
}

const Configuration = z.object({
  history: z.nullish(
    z.array(z.object({ created_by: z.optional(z.string()), empty_layer: z.optional(z.boolean()) })),
  ),
});
