import type { Spread } from "./statistics.ts";
import { type Drawn, line, MARGIN, rect, text, TOP, WIDTH } from "./svg.ts";

/** Bars of one scenario, on a scale of its own. */
export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly name: string;
  /** In a colour of its own. */
  readonly ours: boolean;
  readonly spread: Spread;
  /** The median, written at the bar. */
  readonly label: string;
}

const ROW = 20;
const THICKNESS = 13;
const NAMES = 76;
const LABELS = 62;
const GAP = 28;

/** Panels in rows, as many beside each other as there are columns. */
export function drawPanels(panels: readonly Panel[], columns: number): Drawn {
  const width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const elements: string[] = [];
  let top = TOP;
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns);
    for (const [index, panel] of row.entries()) {
      elements.push(...drawPanel(panel, MARGIN + index * (width + GAP), top, width));
    }
    top += 22 + Math.max(...row.map(({ bars }) => bars.length)) * ROW + 18;
  }
  return { elements, bottom: top - 18 };
}

function drawPanel({ title, bars }: Panel, x: number, y: number, width: number): string[] {
  const left = x + NAMES;
  const most = Math.max(...bars.map(({ spread }) => spread.most));
  const scale = most > 0 ? (width - NAMES - LABELS) / most : 0;
  const first = y + 8;
  return [
    text({ x, y, class: "heading" }, title),
    ...bars.flatMap(({ name, ours, spread, label }, index) => {
      const top = first + index * ROW;
      const middle = top + ROW / 2;
      const [least, end] = [left + spread.least * scale, left + spread.most * scale];
      const whisker =
        end - least < 1
          ? []
          : [
              line({ x1: least, x2: end, y1: middle, y2: middle, class: "whisker" }),
              line({ x1: least, x2: least, y1: middle - 3, y2: middle + 3, class: "whisker" }),
              line({ x1: end, x2: end, y1: middle - 3, y2: middle + 3, class: "whisker" }),
            ];
      const kind = ours ? "ours" : "rival";
      const words = ours ? { class: "strong" } : {};
      return [
        text({ x: left - 8, y: middle + 4, "text-anchor": "end", ...words }, name),
        rect({
          ...{ x: left, y: middle - THICKNESS / 2, height: THICKNESS, class: kind },
          // Little is still seen.
          width: Math.max(spread.median * scale, 1),
        }),
        ...whisker,
        text({ x: Math.max(end, left + 1) + 6, y: middle + 4, ...words }, label),
      ];
    }),
    line({
      ...{ x1: left, x2: left, y1: first, y2: first + bars.length * ROW, class: "axis" },
    }),
  ];
}
