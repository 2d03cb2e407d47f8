import { counted } from "../../src/kit/text.ts";
import { type ImageMap, type MappedLayer, total, weightOf } from "./map-image.ts";
import type { OwnerKind } from "./owner.ts";
import { type Box, squarify } from "./squarify.ts";

export type CellKind = OwnerKind | "run image";

/** What is drawn within one frame: a layer, or several that belong together. */
export interface Group {
  readonly name: string;
  readonly box: Box;
  /** Where its name stands; undefined where there is no room for one. */
  readonly heading: Box | undefined;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly kind: CellKind;
  readonly name: string;
  readonly version: string;
  /** The layers that it is of. */
  readonly layer: string;
  readonly sharedWith: readonly string[];
  readonly box: Box;
  readonly unpacked: number;
  readonly compressed: number | undefined;
  /** Undefined where it stands for several. */
  readonly pushes: number | undefined;
}

/** Places an image's layers, and what is in them, in a box. Areas are as the sizes in it. */
export function layOut({ layers }: ImageMap, box: Box): readonly Group[] {
  const whole = total(layers.map(weightOf));
  const groups = groupLayers(layers, whole * LEAST_GROUP);
  return squarify(groups, weighed, box).map(([{ name, cells }, place]) => {
    const roomy = place.width >= NAMED_WIDTH && place.height >= NAMED_HEIGHT;
    const heading = roomy ? { ...place, height: HEADING } : undefined;
    const inner = { ...place, y: place.y + HEADING, height: place.height - HEADING };
    const large = joinSmall(cells, whole * LEAST_CELL);
    return {
      ...{ name, heading },
      box: place,
      cells: squarify(large, weightOf, roomy ? inner : place).map(([cell, at]) => ({
        ...cell,
        box: at,
      })),
    };
  });
}

type Content = Omit<Cell, "box">;

interface Grouped {
  readonly name: string;
  readonly cells: readonly Content[];
}

/** Of the image; what is less could be neither read nor pointed at. */
const LEAST_GROUP = 1 / 400;
const LEAST_CELL = 1 / 1500;
const HEADING = 18;
const [NAMED_WIDTH, NAMED_HEIGHT] = [60, 50];

function groupLayers(layers: readonly MappedLayer[], least: number): readonly Grouped[] {
  const base = layers.filter(({ part }) => part === "run image");
  const others = layers.filter(({ part }) => part !== "run image");
  const small = others.filter((layer) => weightOf(layer) < least);
  const grouped = (name: string, some: readonly MappedLayer[]) =>
    some.length === 0 ? [] : [{ name, cells: some.flatMap(contentsOf) }];
  return [
    ...others
      .filter((layer) => !small.includes(layer))
      .flatMap((layer) => grouped(layer.name, [layer])),
    ...grouped("run image", base),
    ...grouped(small.length === 1 ? (small[0]?.name ?? "") : `${small.length} small layers`, small),
  ];
}

function contentsOf({ part, name: layer, sharedWith, parts }: MappedLayer): readonly Content[] {
  return parts.map(({ owner, unpacked, compressed, pushes }) => ({
    ...{ ...owner, unpacked, compressed, pushes, layer, sharedWith },
    kind: part === "run image" ? part : owner.kind,
  }));
}

function weighed({ cells }: Grouped): number {
  return total(cells.map(weightOf));
}

/** The small ones as one; those that other images share apart from those that they don't. */
function joinSmall(cells: readonly Content[], least: number): readonly Content[] {
  const small = cells.filter((cell) => weightOf(cell) < least);
  const sharers = new Set(small.map(sharersOf));
  return [
    ...cells.filter((cell) => weightOf(cell) >= least),
    ...[...sharers].flatMap((who) => joined(small.filter((cell) => sharersOf(cell) === who))),
  ];
}

function sharersOf({ sharedWith }: Content): string {
  return sharedWith.join(", ");
}

function joined(cells: readonly Content[]): readonly Content[] {
  const [first] = cells;
  if (first === undefined || cells.length === 1) return cells;
  const known = cells.every(({ compressed }) => compressed !== undefined);
  const largest = cells.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
  return [
    {
      ...first,
      kind: largest.kind,
      name: counted(cells.length, "small one"),
      version: "",
      layer: [...new Set(cells.map(({ layer }) => layer))].join(", "),
      unpacked: total(cells.map(({ unpacked }) => unpacked)),
      compressed: known ? total(cells.map(weightOf)) : undefined,
      pushes: undefined,
    },
  ];
}
