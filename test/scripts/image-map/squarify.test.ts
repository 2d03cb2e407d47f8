import { expect, it } from "vitest";
import { type Box, squarify } from "../../../scripts/image-map/squarify.ts";

const BOX = { x: 10, y: 20, width: 600, height: 400 };

it.each([
  ["one", [5]],
  ["alike", [1, 1, 1, 1, 1, 1, 1]],
  ["of the paper", [6, 6, 4, 3, 2, 2, 1]],
  ["far apart", [1e9, 1e6, 1e6, 3e3, 12, 12, 1]],
])("divides the whole box among weights that are %s, without overlaps", (_, weights) => {
  const placed = squarify(weights, (weight) => weight, BOX);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (const [weight, box] of placed) {
    expect(box.width * box.height).toBeCloseTo((weight / sum) * 240_000, 4);
    expect(overlap(box, BOX)).toBeCloseTo(box.width * box.height, 4);
  }
  const boxes = placed.map(([, box]) => box);
  expect(boxes).toHaveLength(weights.length);
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBeCloseTo(0, 4);
  }
});

it("keeps boxes near to squares", () => {
  const placed = squarify([6, 6, 4, 3, 2, 2, 1], (weight) => weight, BOX);
  const ratios = placed.map(([, { width, height }]) => Math.max(width / height, height / width));
  expect(Math.max(...ratios)).toBeLessThan(3);
});

it("leaves out what weighs nothing", () => {
  expect(squarify([0, 2], (weight) => weight, BOX)).toEqual([[2, BOX]]);
  expect(squarify([0], (weight) => weight, BOX)).toEqual([]);
});

function overlap(a: Box, b: Box): number {
  const side = (start: "x" | "y", length: "width" | "height") =>
    Math.min(a[start] + a[length], b[start] + b[length]) - Math.max(a[start], b[start]);
  return Math.max(0, side("x", "width")) * Math.max(0, side("y", "height"));
}
