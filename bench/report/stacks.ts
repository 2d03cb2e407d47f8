import { type Drawn, MARGIN, PALETTE, rect, text, TOP, WIDTH, widthOf } from "./svg.ts";
import { formatSeconds } from "./words.ts";

/** Bars of one app. */
export interface StackGroup {
  readonly title: string;
  readonly stacks: readonly Stack[];
}

export interface Stack {
  readonly name: string;
  /** Seconds by phase, in the order in which they ran. */
  readonly phases: ReadonlyMap<string, number>;
}

const ROW = 26;
const THICKNESS = 19;
const NAMES = 90;
const LABELS = 66;
const OTHER = "other";

/** Each bar is as long as the others, however long its build took: what is seen are shares. */
export function drawStacks(groups: readonly StackGroup[]): Drawn {
  const phases = longestPhases(groups.flatMap(({ stacks }) => stacks));
  const legend = drawLegend(phases);
  const elements = [...legend.elements];
  let top = legend.bottom + 14;
  for (const { title, stacks } of groups) {
    elements.push(text({ x: MARGIN, y: top + 12, class: "heading" }, title));
    top += 18;
    for (const stack of stacks) {
      elements.push(...drawStack(stack, phases, top));
      top += ROW;
    }
    top += 12;
  }
  return { elements, bottom: top - 12 };
}

/** As many as there are colours, by their share of all bars, in the order in which they ran. */
function longestPhases(stacks: readonly Stack[]): readonly string[] {
  const shares = new Map<string, number>();
  for (const { phases } of stacks) {
    const whole = sum(phases);
    for (const [name, seconds] of phases) {
      const share = whole > 0 ? seconds / whole : 0;
      if (name !== OTHER) shares.set(name, (shares.get(name) ?? 0) + share);
    }
  }
  const kept = [...shares].sort(([, a], [, b]) => b - a).slice(0, PALETTE.length);
  const names = new Set(kept.map(([name]) => name));
  return [...shares.keys()].filter((name) => names.has(name));
}

function drawStack({ name, phases }: Stack, colours: readonly string[], top: number): string[] {
  const whole = sum(phases);
  const left = MARGIN + NAMES;
  const scale = whole > 0 ? (WIDTH - MARGIN - LABELS - left) / whole : 0;
  const middle = top + ROW / 2;
  let x = left;
  const parts = gather(phases, colours).flatMap(([phase, seconds]) => {
    const width = seconds * scale;
    const start = x;
    x += width;
    const label = formatSeconds(seconds);
    const kind = kindOf(phase, colours);
    const place = { x: start + width / 2, y: middle + 4, "text-anchor": "middle" as const };
    return [
      rect({
        ...{ x: start, y: middle - THICKNESS / 2, width, height: THICKNESS },
        class: `part ${kind}`,
      }),
      ...(width > widthOf(label) + 6 ? [text({ ...place, class: `on-${kind}` }, label)] : []),
    ];
  });
  return [
    text({ x: left - 8, y: middle + 4, "text-anchor": "end" }, name),
    ...parts,
    text({ x: x + 8, y: middle + 4, class: "strong" }, formatSeconds(whole)),
  ];
}

/** The phases without a colour become one, at the end. */
function gather(
  phases: ReadonlyMap<string, number>,
  colours: readonly string[],
): readonly (readonly [string, number])[] {
  const kept = colours.map((name) => [name, phases.get(name) ?? 0] as const);
  const rest = sum(phases) - kept.reduce((total, [, seconds]) => total + seconds, 0);
  return [...kept, [OTHER, rest] as const].filter(([, seconds]) => seconds > 1e-6);
}

function drawLegend(phases: readonly string[]): Drawn {
  const elements: string[] = [];
  let [x, y] = [MARGIN, TOP];
  for (const name of [...phases, OTHER]) {
    const width = 22 + widthOf(name) + 14;
    if (x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + 20];
    elements.push(
      rect({ x, y: y - 10, width: 14, height: 12, class: kindOf(name, phases) }),
      text({ x: x + 20, y }, name),
    );
    x += width;
  }
  return { elements, bottom: y };
}

function kindOf(phase: string, colours: readonly string[]): string {
  const index = colours.indexOf(phase);
  return index === -1 ? "other" : `part-${index}`;
}

function sum(phases: ReadonlyMap<string, number>): number {
  return [...phases.values()].reduce((total, seconds) => total + seconds, 0);
}
