/** Of every plot, in the units of the SVG, which are pixels where it is shown in full. */
export const WIDTH = 880;
export const MARGIN = 20;

/** Where a plot has come to: its elements, and the y below them. */
export interface Drawn {
  readonly elements: readonly string[];
  readonly bottom: number;
}

/**
 * A whole SVG of its own, title first. It brings its background, since a picture follows the
 * reader's system while the page around it may be set to another scheme.
 */
export function svgDocument(title: string, subtitle: string, drawn: Drawn): string {
  const height = Math.ceil(drawn.bottom + MARGIN);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}</style>`,
    rect({ x: 0, y: 0, width: WIDTH, height, class: "paper" }),
    text({ x: MARGIN, y: 34, class: "title" }, title),
    text({ x: MARGIN, y: 54, class: "soft" }, subtitle),
    ...drawn.elements,
    "</svg>",
    "",
  ].join("\n");
}

/** Where the first element may stand, below title and subtitle. */
export const TOP = 80;

interface Attributes {
  readonly class?: string;
  readonly "text-anchor"?: "start" | "middle" | "end";
}

export function rect(
  attributes: Attributes & Readonly<Record<"x" | "y" | "width" | "height", number>>,
): string {
  return `<rect ${write(attributes)}/>`;
}

export function line(
  attributes: Attributes & Readonly<Record<"x1" | "y1" | "x2" | "y2", number>>,
): string {
  return `<line ${write(attributes)}/>`;
}

export function text(
  attributes: Attributes & Readonly<Record<"x" | "y", number>>,
  words: string,
): string {
  return `<text ${write(attributes)}>${escape(words)}</text>`;
}

/** About how wide a text of 12 px is, since nothing here can measure one; rather too wide. */
export function widthOf(words: string): number {
  return words.length * 6.9;
}

function write(attributes: object): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${typeof value === "number" ? round(value) : value}"`)
    .join(" ");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Okabe and Ito's colours, which all kinds of colour vision tell apart:
 * https://jfly.uni-koeln.de/color/. Each has the ink that is read on it.
 */
export const PALETTE = [
  { fill: "#0072b2", ink: "#ffffff" },
  { fill: "#e69f00", ink: "#000000" },
  { fill: "#56b4e9", ink: "#000000" },
  { fill: "#009e73", ink: "#000000" },
  { fill: "#f0e442", ink: "#000000" },
  { fill: "#cc79a7", ink: "#000000" },
  { fill: "#d55e00", ink: "#000000" },
] as const;

// Greys of 3:1 and texts of 4.5:1 at least on their paper, as WCAG asks of both.
const STYLE = [
  ":root{--paper:#ffffff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--ours:#0072b2;--rival:#8c959f;--other:#8c959f}",
  "@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#f0f6fc;--soft:#9198a1;--line:#3d444d;--ours:#56b4e9;--rival:#6e7681;--other:#8c959f}}",
  "text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:var(--ink)}",
  "text.title{font-size:18px;font-weight:600}text.heading{font-size:13px;font-weight:600}",
  "text.soft{fill:var(--soft)}text.strong{font-weight:700}",
  "rect.paper{fill:var(--paper)}rect.ours{fill:var(--ours)}rect.rival{fill:var(--rival)}",
  "line.axis{stroke:var(--line)}line.whisker{stroke:var(--ink);stroke-width:1.5}",
  "rect.part{stroke:var(--paper);stroke-width:1}rect.other{fill:var(--other)}text.on-other{fill:#000000}",
  ...PALETTE.map(
    ({ fill, ink }, index) => `rect.part-${index}{fill:${fill}}text.on-part-${index}{fill:${ink}}`,
  ),
].join("");
