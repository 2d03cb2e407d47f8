import * as z from "zod/mini";
import type { PhaseTime } from "./result.ts";

const TimedFields = { started: z.optional(z.string()), completed: z.optional(z.string()) };

/** One line of `buildctl build --progress=rawjson`: https://github.com/moby/buildkit/blob/v0.33.1/client/graph.go */
const SolveStatus = z.object({
  vertexes: z.optional(z.array(z.object({ digest: z.string(), name: z.string(), ...TimedFields }))),
  statuses: z.optional(z.array(z.object({ id: z.string(), vertex: z.string(), ...TimedFields }))),
  logs: z.optional(z.array(z.object({ data: z.string() }))),
});
type SolveStatus = z.infer<typeof SolveStatus>;

/** Between two moments, in milliseconds since 1970. */
interface Span {
  readonly began: number;
  readonly ended: number;
}

interface Step extends Span {
  readonly name: string;
}

/**
 * Where the time of a build went, by the Dockerfile's steps in the order in which they began. The
 * time of steps that ran at once is divided among them, so that the sum is the whole span. Steps of
 * less than 50 ms, and when none ran, are "other".
 */
export function phasesOf(lines: readonly string[], { began, ended }: Span): readonly PhaseTime[] {
  const steps = untilLoaded(stepsIn(lines.flatMap(parse)), ended);
  const moments = [began, ended, ...steps.flatMap((step) => [step.began, step.ended])]
    .filter((moment) => moment >= began && moment <= ended)
    .sort((a, b) => a - b);
  const phases = new Map(steps.map(({ name }) => [name, 0]));
  let rest = 0;
  for (const [index, to] of moments.entries()) {
    const from = moments[index - 1] ?? began;
    const running = steps.filter((step) => step.began <= from && step.ended >= to);
    const names = new Set(running.map(({ name }) => name));
    if (names.size === 0) rest += to - from;
    for (const name of names) phases.set(name, (phases.get(name) ?? 0) + (to - from) / names.size);
  }
  const long = [...phases].filter(([, time]) => time >= SHORTEST);
  rest += [...phases.values()]
    .filter((time) => time < SHORTEST)
    .reduce((sum, time) => sum + time, 0);
  return [...long, ["other", rest] as const].map(([name, time]) => ({
    name,
    seconds: time / 1000,
  }));
}

/** Milliseconds. */
const SHORTEST = 50;

/** What the steps printed, and what buildctl itself has to say. */
export function textOf(lines: readonly string[]): string {
  const texts = lines.map((line) => {
    const [status] = parse(line);
    if (status === undefined) return `${line}\n`;
    const logs = status.logs ?? [];
    return logs.map(({ data }) => Buffer.from(data, "base64").toString()).join("");
  });
  return texts.join("").trim();
}

/** Nothing where it is a line of another kind. */
function parse(line: string): readonly SolveStatus[] {
  try {
    return [z.parse(SolveStatus, JSON.parse(line))];
  } catch {
    return [];
  }
}

/** Every step that ended, in the order in which they began. One may run several times. */
function stepsIn(statuses: readonly SolveStatus[]): readonly Step[] {
  const vertexes = statuses.flatMap((status) => status.vertexes ?? []);
  const exports = new Set(
    vertexes.filter(({ name }) => name.startsWith("exporting ")).map(({ digest }) => digest),
  );
  const found = new Map<string, Step>();
  const add = (id: string, name: string, started?: string, completed?: string) => {
    if (started === undefined || completed === undefined) return;
    found.set(`${id} ${started}`, {
      ...{ name, began: Date.parse(started), ended: Date.parse(completed) },
    });
  };
  for (const { digest, name, started, completed } of vertexes) {
    // Of exports the parts are told, which say more.
    if (!exports.has(digest)) add(digest, shorten(name), started, completed);
  }
  const parts = statuses.flatMap((status) => status.statuses ?? []);
  for (const { id, vertex, started, completed } of parts) {
    if (exports.has(vertex)) add(vertex + id, shorten(id), started, completed);
  }
  return [...found.values()].sort((a, b) => a.began - b.began);
}

/** `docker load` still reads when buildctl has written all. */
function untilLoaded(steps: readonly Step[], ended: number): readonly Step[] {
  return steps.map((step) => (step.name === LOAD ? { ...step, ended } : step));
}

const LOAD = "load";

/** "[builder 2/3] RUN --mount=type=cache,target=/root/.cache/pip pip install …" is "RUN pip install". */
function shorten(name: string): string {
  const known = NAMES.find(([pattern]) => pattern.test(name));
  if (known !== undefined) return known[1];
  const [instruction = "", ...words] = name
    .replace(/^\[[^\]]*\] (LINK )?/, "")
    .split(/\s+/)
    .filter((word) => !word.startsWith("--"));
  return [instruction, ...words.slice(0, instruction === "RUN" ? 2 : 1)].join(" ");
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^\[internal\] load metadata|^resolve image config/, "load metadata"],
  [/^\[internal\]/, "load context"],
  [/^\[[^\]]*\] FROM /, "FROM"],
  [/^importing cache manifest/, "import cache"],
  [/^(preparing build cache|writing |preparing layers for inline cache)/, "export cache"],
  [/^exporting /, "export layers"],
  [/^pushing /, "push"],
  [/^sending tarball/, LOAD],
];
