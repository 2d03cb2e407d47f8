import { formatBytes, listed } from "../../src/kit/text.ts";
import { type ImageMap, total, weightOf } from "./map-image.ts";
import { OWNER_KINDS } from "./owner.ts";
import type { Box } from "./squarify.ts";
import { type Cell, type CellKind, type Group, layOut } from "./treemap.ts";

/** A treemap of the image as one SVG file, for light and dark surroundings. */
export function drawTreemap(map: ImageMap): string {
  const groups = layOut(map, { x: MARGIN, y: TOP, width: WIDTH - 2 * MARGIN, height: AREA });
  const whole = total(map.layers.map(weightOf));
  const shared = [...new Set(map.layers.flatMap(({ sharedWith }) => sharedWith))];
  const kinds = KINDS.filter((kind) =>
    groups.some(({ cells }) => cells.some((c) => c.kind === kind)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escape(`${map.name} by layer and package`)}</title>`,
    `<style>${STYLE}</style>`,
    HATCHING,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    text("name", MARGIN, 26, `${map.name}, ${formatBytes(whole)}`),
    text("note", MARGIN, 44, `${measureOf(map)} Point at a box to see more.`),
    ...groups.flatMap((group) => drawGroup(group, whole)),
    ...drawLegend(kinds, shared),
    "</svg>\n",
  ].join("\n");
}

const [WIDTH, MARGIN, TOP, AREA] = [1200, 16, 56, 680];
const HEIGHT = TOP + AREA + 58;
/** From the left of a legend's square to its word. */
const KEY = 20;
const KINDS: readonly CellKind[] = ["run image", ...OWNER_KINDS];

function measureOf({ layers }: ImageMap): string {
  return layers.every(({ compressed }) => compressed !== undefined)
    ? "Areas are compressed sizes: each layer's, spread over its files by their size unpacked."
    : "Areas are unpacked sizes.";
}

function drawGroup({ name, box, heading, cells }: Group, whole: number): readonly string[] {
  return [
    ...cells.flatMap((cell) => drawCell(cell, whole)),
    ...(heading === undefined
      ? []
      : [fitted("group", heading, name, 12, name.replace(/^.*:/, ""))]),
    `<rect class="frame" ${placeOf(box)}/>`,
  ];
}

function drawCell(cell: Cell, whole: number): readonly string[] {
  const { box, kind, name, version } = cell;
  const size = Math.min(20, Math.max(11, Math.sqrt(box.width * box.height) / 9));
  const lower = { ...box, y: box.y + size * 1.25 };
  return [
    "<g>",
    `<title>${escape(describe(cell, whole))}</title>`,
    `<rect class="cell ${classOf(kind)}" ${placeOf(box)}/>`,
    ...(cell.sharedWith.length === 0 ? [] : [`<rect fill="url(#shared)" ${placeOf(box)}/>`]),
    fitted("label", box, version === "" ? name : `${name} ${version}`, size, name),
    box.height < size * 2.8 ? "" : fitted("label", lower, bytes(weightOf(cell)), size * 0.85, ""),
    "</g>",
  ].filter(Boolean);
}

function describe(cell: Cell, whole: number): string {
  const { name, version, layer, unpacked, compressed, pushes, sharedWith } = cell;
  const share = `${((100 * weightOf(cell)) / whole).toFixed(1)} % of the image`;
  return [
    `${name} ${version}`.trim(),
    compressed === undefined
      ? `${bytes(unpacked)}, ${share}`
      : `${bytes(unpacked)}, ${bytes(compressed)} compressed, ${share}`,
    ...(pushes === undefined ? [] : [`a change pushes ${bytes(pushes)}`]),
    `in ${layer}`,
    ...(sharedWith.length === 0 ? [] : [`shared with ${listed(sharedWith)}`]),
  ].join("\n");
}

function drawLegend(kinds: readonly CellKind[], shared: readonly string[]): readonly string[] {
  const y = TOP + AREA + 12;
  let x = MARGIN;
  const drawn = kinds.flatMap((kind) => {
    const entry = drawEntry(x, y, classOf(kind), kind);
    x += KEY + kind.length * 12 * CHARACTER + 16;
    return entry;
  });
  const names = `shared with ${listed(shared)}`;
  return shared.length === 0 ? drawn : [...drawn, ...drawEntry(MARGIN, y + 22, "hatched", names)];
}

function drawEntry(x: number, y: number, kind: string, label: string): readonly string[] {
  const room = { x: x + KEY, y, width: WIDTH - MARGIN - x - KEY, height: 16 };
  return [
    `<rect class="cell ${kind}" ${placeOf({ x, y, width: 16, height: 16 })}/>`,
    fitted("label", room, label, 12),
  ];
}

function bytes(number: number): string {
  return formatBytes(Math.round(number));
}

/** The text in the box's upper left corner: cut, in its short form, or not at all where it does not fit. */
function fitted(kind: string, box: Box, long: string, size: number, short = long): string {
  if (box.height < size * 1.3) return "";
  const most = Math.floor((box.width - 8) / (size * CHARACTER));
  const chosen = long.length <= most ? long : short;
  const cut = chosen.length <= most ? chosen : most < 4 ? "" : `${chosen.slice(0, most - 1)}…`;
  return cut === "" ? "" : text(kind, box.x + 4, box.y + size * 1.1, cut, size);
}

/** The mean width of a character, of its height: that of wide fonts in bold, so that all fit. */
const CHARACTER = 0.64;

function text(kind: string, x: number, y: number, shown: string, size?: number): string {
  const height = size === undefined ? "" : ` font-size="${round(size)}"`;
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}"${height}>${escape(shown)}</text>`;
}

function placeOf({ x, y, width, height }: Box): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
}

function round(number: number): string {
  return Number(number.toFixed(2)).toString();
}

function classOf(kind: CellKind): string {
  return kind.toLowerCase().replace(" ", "-");
}

function escape(shown: string): string {
  return shown.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** For light surroundings, and for dark ones. */
const COLOURS: Readonly<Record<CellKind, readonly [light: string, dark: string]>> = {
  "run image": ["#d3d7dc", "#434a54"],
  Debian: ["#f5b7c3", "#8a2f4a"],
  Python: ["#a8c9f5", "#2a5a9c"],
  conda: ["#a3e2c4", "#136a55"],
  NVIDIA: ["#d0e583", "#55700f"],
  interpreter: ["#f8dc86", "#7a5a08"],
  app: ["#fabb8a", "#9a4a10"],
  lifecycle: ["#d3c1f3", "#5d4299"],
  other: ["#e6dfd3", "#5e564a"],
};

const HATCHING = `<defs><pattern id="shared" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="1.6" height="7"/></pattern></defs>`;

const STYLE = `
text { font-family: system-ui, sans-serif; fill: #16181b; pointer-events: none; }
.name { font-size: 18px; font-weight: 600; }
.note { font-size: 12px; }
.group { font-weight: 600; }
.ground { fill: #ffffff; }
.cell { stroke: #ffffff; stroke-width: 0.7; }
.frame { fill: none; stroke: #4a4f57; stroke-width: 1.4; pointer-events: none; }
.cell.hatched { fill: url(#shared); stroke: #4a4f57; }
.hatch { fill: #16181b; opacity: 0.16; }
${rules(0)}
@media (prefers-color-scheme: dark) {
text { fill: #f3f4f6; }
.ground { fill: #15181c; }
.cell { stroke: #15181c; }
.frame { stroke: #aab1bb; }
.cell.hatched { stroke: #aab1bb; }
.hatch { fill: #f3f4f6; }
${rules(1)}
}
`;

function rules(scheme: 0 | 1): string {
  return KINDS.map((kind) => `.${classOf(kind)} { fill: ${COLOURS[kind][scheme]}; }`).join("\n");
}
