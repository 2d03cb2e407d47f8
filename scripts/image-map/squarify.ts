export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a box among items in proportion to their weights, as near to squares as it can. Items
 * without weight get no box. Bruls, Huizing and van Wijk, "Squarified Treemaps":
 * https://doi.org/10.1007/978-3-7091-6783-0_4
 */
export function squarify<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  box: Box,
): readonly (readonly [T, Box])[] {
  const sum = items.reduce((total, item) => total + weightOf(item), 0);
  const areaOf = (item: T) => (weightOf(item) / sum) * box.width * box.height;
  const left = items.filter((item) => weightOf(item) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  const placed: (readonly [T, Box])[] = [];
  let rest = box;
  while (left.length > 0) {
    const side = Math.min(rest.width, rest.height);
    const length = rowLength(left.map(areaOf), side);
    const row = left.splice(0, length).map((item) => [item, areaOf(item)] as const);
    const [boxes, remaining] = placeRow(row, rest);
    placed.push(...boxes);
    rest = remaining;
  }
  return placed;
}

/** How many of the areas, largest first, stand in a row along `side`: more would be less square. */
function rowLength(areas: readonly number[], side: number): number {
  let length = 1;
  while (length < areas.length) {
    const [now, next] = [areas.slice(0, length), areas.slice(0, length + 1)];
    if (worst(next, side) > worst(now, side)) break;
    length += 1;
  }
  return length;
}

/** The ratio of the sides of the least square one. */
function worst(row: readonly number[], side: number): number {
  const sum = row.reduce((total, area) => total + area, 0);
  const [most, least] = [row[0] ?? 0, row.at(-1) ?? 0];
  return Math.max((side ** 2 * most) / sum ** 2, sum ** 2 / (side ** 2 * least));
}

function placeRow<T>(
  row: readonly (readonly [T, number])[],
  box: Box,
): readonly [boxes: readonly (readonly [T, Box])[], rest: Box] {
  const sum = row.reduce((total, [, area]) => total + area, 0);
  const { x, y, width, height } = box;
  const upright = width >= height;
  const depth = sum / (upright ? height : width);
  let at = upright ? y : x;
  const boxes = row.map(([item, area]) => {
    const length = area / depth;
    const place = upright
      ? { x, y: at, width: depth, height: length }
      : { x: at, y, width: length, height: depth };
    at += length;
    return [item, place] as const;
  });
  const rest = upright
    ? { x: x + depth, y, width: width - depth, height }
    : { x, y: y + depth, width, height: height - depth };
  return [boxes, rest];
}
