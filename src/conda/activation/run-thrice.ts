import { hostname } from "node:os";
import { isShellsOwn, type Runs } from "./changes.ts";
import {
  type Sourced,
  sourceInOrder,
  type SourcedScript,
  type Variables,
} from "./source-scripts.ts";
import type { Tracing } from "./trace.ts";

/** The runs, and what the scripts did in the first. */
export interface ThreeRuns extends Omit<Runs, "base" | "declared"> {
  readonly scripts: readonly SourcedScript[];
  readonly tracing: Tracing;
}

export interface RunOptions {
  /** The environment that the scripts find. */
  readonly start: Variables;
  readonly seconds: number;
}

/**
 * Runs the scripts as they are; once more where time and process ids are others, which shows what
 * is not static; and with values in the variables that they change, which shows whether they
 * replace these, keep them, or add to them.
 */
export async function runThrice(
  scripts: readonly string[],
  { start, seconds }: RunOptions,
): Promise<ThreeRuns> {
  const began = Date.now();
  const once = await sourceInOrder(scripts, { env: start, seconds, isTraced: true });
  const isOfBuild = ofBuildBetween(began, Date.now());
  // Those that end the shell are out, and would only be waited for again.
  const paths = once.scripts.flatMap(({ path, outcome }) =>
    outcome.kind === "returned" ? path : [],
  );
  const run = (env: Variables) => sourceInOrder(paths, { env, seconds, isTraced: false });
  const second = await run({ ...start, TZ: zoneOfAnotherDay() });
  const probes = probesFor(once, start);
  const probed = await run({ ...probes, ...start });
  return {
    scripts: once.scripts,
    tracing: once.tracing,
    first: once.env,
    second: withZoneOf(second.env, once.env),
    probes,
    probed: probed.env,
    isOfBuild,
  };
}

function probesFor({ env }: Sourced, start: Variables): Variables {
  const changed = Object.keys(env).filter((name) => /^\w+$/.test(name) && !isShellsOwn(name));
  const names = [...changed, ...OFTEN_SET].filter((name) => !(name in start));
  return Object.fromEntries(names.map((name) => [name, `/probe-of/${name}/`]));
}

/** What scripts may unset is only seen where it is set. */
const OFTEN_SET = ["LD_LIBRARY_PATH", "PYTHONPATH"];

/** Twelve hours and more from UTC, to the side on which the date is another. */
function zoneOfAnotherDay(): string {
  return new Date().getUTCHours() < 12 ? "EARLIER12" : "LATER-14";
}

/** As the scripts of the first run have left it. */
function withZoneOf(env: Variables, { TZ }: Variables): Variables {
  const others = Object.entries(env).filter(([name]) => name !== "TZ");
  return { ...Object.fromEntries(others), ...(TZ === undefined ? {} : { TZ }) };
}

/** Times are in milliseconds. Holds for a value with the time in seconds, or in parts of it, and one with the name of the machine. */
export function ofBuildBetween(
  began: number,
  ended: number,
  machine = hostname(),
): (value: string) => boolean {
  const [from, to] = [Math.floor(began / 1000), Math.ceil(ended / 1000)];
  return (value) => {
    const times = [...value.matchAll(/\d{10,}/g)].map(([digits]) => Number(digits.slice(0, 10)));
    const holdsTime = times.some((time) => time >= from && time <= to);
    return holdsTime || (machine.length >= NAME_OF_ITS_OWN && value.includes(machine));
  };
}

/** Containers are named by twelve letters and digits; a shorter name could be any word. */
const NAME_OF_ITS_OWN = 8;
