import { expect, it } from "vitest";
import { mapImage } from "../../../scripts/image-map/map-image.ts";
import { drawTreemap } from "../../../scripts/image-map/svg.ts";
import { layOut } from "../../../scripts/image-map/treemap.ts";
import { makeImage } from "./images.ts";

const MB = 1e6;
const RECORDS = {
  "lib/site-packages/torch-2.15.0.dist-info/RECORD": "torch.so,,\n",
  "lib/site-packages/six-1.17.0.dist-info/RECORD": "six.py,,\n",
};
const IMAGE = makeImage({
  "sha256:base": { files: { "usr/bin/sh": 100 * MB } },
  "sha256:pip": {
    files: {
      "lib/site-packages/torch.so": 700 * MB,
      "lib/site-packages/six.py": 200 * MB,
      "lib/a/tiny": 1000,
      "lib/b/tiny": 1000,
    },
    records: RECORDS,
    createdBy: "RUN pip install 'torch<3' && true",
  },
  "sha256:first": { files: { "etc/first": 500 } },
  "sha256:second": { files: { "etc/second": 500 } },
});
const MAP = mapImage(IMAGE, [{ ...makeImage({ "sha256:base": { files: {} } }), name: "other" }]);
const BOX = { x: 0, y: 0, width: 1000, height: 500 };

it("gives layers areas as their sizes, and packages what they have of their layer's", () => {
  const [pip, base, ...others] = layOut(MAP, BOX);
  expect(others.map(({ name }) => name)).toEqual(["2 small layers"]);
  expect(areaOf(pip?.box ?? BOX) / areaOf(base?.box ?? BOX)).toBeCloseTo(9, 3);
  const [torch, six] = pip?.cells ?? [];
  expect(areaOf(torch?.box ?? BOX) / areaOf(six?.box ?? BOX)).toBeCloseTo(3.5, 3);
  const cells = (pip?.cells ?? []).reduce((sum, { box }) => sum + areaOf(box), 0);
  expect(cells + areaOf(pip?.heading ?? BOX)).toBeCloseTo(areaOf(pip?.box ?? BOX), 3);
});

it("draws what is too small to be seen as one", () => {
  const pip = layOut(MAP, BOX)[0];
  expect(pip?.cells.map(({ name }) => name)).toEqual(["torch", "six", "2 small ones"]);
});

it("names, tells and hatches", () => {
  const svg = drawTreemap(MAP);
  expect(svg).toContain(">RUN pip install 'torch&lt;3' &amp;&amp; true</text>");
  expect(svg).toContain(
    "<title>torch 2.15.0\n700 MB, 70.0 % of the image\na change pushes 900 MB\nin RUN pip install 'torch&lt;3' &amp;&amp; true</title>",
  );
  expect(svg.match(/fill="url\(#shared\)"/g)).toHaveLength(1);
  expect(svg).toContain(">shared with other</text>");
});

it("is complete without anything else, and follows the reader's colour scheme", () => {
  const svg = drawTreemap(MAP);
  expect(svg).toContain("@media (prefers-color-scheme: dark)");
  expect(svg).not.toMatch(/(?:href|src)=|@import|url\((?!#)/);
});

function areaOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return width * height;
}
