import type { ReadImage } from "../../../scripts/image-map/image.ts";

export interface LayerToMake {
  readonly files: Readonly<Record<string, number>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly records?: Readonly<Record<string, string>>;
  readonly createdBy?: string;
  readonly compressed?: number;
}

/** An image as it has been read: layers by their diff id, files by their path with their size. */
export function makeImage(
  layers: Readonly<Record<string, LayerToMake>>,
  lifecycle?: object,
): ReadImage {
  const label = { "io.buildpacks.lifecycle.metadata": JSON.stringify(lifecycle) };
  return {
    name: "app",
    labels: lifecycle === undefined ? {} : label,
    layers: Object.entries(layers).map(([diffId, { createdBy = "", compressed }]) => ({
      ...{ diffId, createdBy, compressed },
    })),
    contents: Object.values(layers).map(({ files, links = {}, records = {} }) => ({
      files: [
        ...Object.entries(files).map(([path, size]) => ({ path, size, target: undefined })),
        ...Object.entries(links).map(([path, target]) => ({ path, size: 0, target })),
      ],
      records: new Map(Object.entries(records)),
      compressed: false,
    })),
  };
}
