import { counted, formatBytes } from "../../src/kit/text.ts";
import { OWN_FILES } from "./owners.ts";
import { type ImageMap, type LayerPart, type MappedLayer, total, weightOf } from "./map-image.ts";

/** The lines of a table: each layer, and below it the `top` largest of what is in it. */
export function formatTable(map: ImageMap, top: number): readonly string[] {
  const whole = total(map.layers.map(weightOf));
  const packed = map.layers.some(({ compressed }) => compressed !== undefined);
  const share = (bytes: number) => `${((100 * bytes) / whole || 0).toFixed(1)} %`;
  const rows = map.layers.toReversed().flatMap((layer) => {
    const pushes = isOneThing(layer) ? layer.parts[0]?.pushes : undefined;
    const lines = pushes === undefined ? shown(layer.parts, top) : [];
    const sharedWith = layer.sharedWith.join(", ");
    return [
      row({ ...layer, version: "", pushes }, share, sharedWith),
      ...lines.map((line) => row({ ...line, name: `  ${line.name}` }, share)),
    ];
  });
  return align([HEADINGS, ...rows].map((cells) => (packed ? cells : withoutCompressed(cells))));
}

type Line = Pick<LayerPart, "unpacked" | "compressed" | "files"> & {
  readonly name: string;
  readonly version: string;
  readonly pushes: number | undefined;
};

const HEADINGS = [
  ...["layer, and what is in it", "version", "size", "compressed", "of image", "files"],
  ...["a change pushes", "shared with"],
];
const TO_THE_LEFT: ReadonlySet<string> = new Set([
  HEADINGS[0],
  "version",
  "shared with",
] as string[]);
const WIDEST = 64;

/** Such as the launcher: its name says all. */
function isOneThing({ parts: [first, ...others], part, name }: MappedLayer): boolean {
  if (first === undefined || others.length > 0) return false;
  return part === "app" || first.owner.name === name || first.owner.name === OWN_FILES;
}

function row(
  { name, version, unpacked, compressed, files, pushes }: Line,
  share: (bytes: number) => string,
  sharedWith = "",
): readonly string[] {
  return [
    ...[name, version, formatBytes(unpacked)],
    compressed === undefined ? "" : formatBytes(Math.round(compressed)),
    ...[share(compressed ?? unpacked), files.toString()],
    pushes === undefined ? "" : formatBytes(Math.round(pushes)),
    sharedWith,
  ];
}

/** The largest, and the sum of the others. */
function shown(parts: readonly LayerPart[], top: number): readonly Line[] {
  const lines = parts.map(({ owner, ...rest }) => ({ ...owner, ...rest }));
  // One line for one other would say less in the same space.
  if (lines.length <= top + 1) return lines;
  const rest = lines.slice(top);
  return [
    ...lines.slice(0, top),
    {
      name: counted(rest.length, "other"),
      version: "",
      files: total(rest.map(({ files }) => files)),
      unpacked: total(rest.map(({ unpacked }) => unpacked)),
      compressed: sumIfKnown(rest.map(({ compressed }) => compressed)),
      pushes: undefined,
    },
  ];
}

function sumIfKnown(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.includes(undefined) ? undefined : total(numbers.map((one) => one ?? 0));
}

function withoutCompressed(cells: readonly string[]): readonly string[] {
  return cells.filter((_, index) => HEADINGS[index] !== "compressed");
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const cut = rows.map((cells) => cells.map((cell) => shorten(cell, WIDEST)));
  const [headings = []] = cut;
  const widths = headings.map((_, column) =>
    Math.max(...cut.map((cells) => cells[column]?.length ?? 0)),
  );
  return cut.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return TO_THE_LEFT.has(headings[column] ?? "") ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
