import { type Env, readVariable } from "../cnb/env.ts";
import { defineFailures } from "./failure.ts";
import type { Log } from "./log.ts";
import type { Age, Settings } from "./settings.ts";
import { counted, text } from "./text.ts";

export interface AgeContext {
  readonly log: Log;
  readonly settings: Settings;
  readonly env: Env;
}

export interface AgedLock {
  /** "poetry.lock", "the lock of pip". */
  readonly name: string;
  /** The UTC day of its versions, "2026-11-22"; undefined where the lock does not tell. */
  readonly made: string | undefined;
  /** What makes a new one: "run uv lock --upgrade". Those that a build resolves have BP_LOCK_EPOCH. */
  readonly renew?: string;
}

/** Warns of a lock that is older than BP_LOCK_MAX_AGE, or throws a failure, as the setting says. */
export function checkLockAge({ log, settings, env }: AgeContext, lock: AgedLock): void {
  const most = settings.get("BP_LOCK_MAX_AGE");
  if (most === undefined) return;
  const { name, made } = lock;
  if (made === undefined) {
    const line = `BP_LOCK_MAX_AGE because ${name} does not say when it was made`;
    // A gate that opens by itself is told louder than a reminder.
    if (most.outcome === "fail") log.warn(`The build can't hold ${line}`);
    else log.step(`Skipping ${line}`);
    return;
  }
  const days = (Date.parse(today(env)) - Date.parse(made)) / DAY;
  if (days <= most.days) return;
  const error = failure("lock-old", { ...lock, made, days, most });
  if (most.outcome === "fail") throw error;
  const { title, body } = error.userMessage;
  log.warn(title, body);
}

/** The UTC day, of SOURCE_DATE_EPOCH where there is one, so that a build can be repeated. */
// https://reproducible-builds.org/specs/source-date-epoch/
export function today(env: Env): string {
  const epoch = readVariable(env, "SOURCE_DATE_EPOCH");
  if (epoch === undefined) return new Date().toISOString().slice(0, 10);
  // A year of more than four digits is no date of a build.
  if (!/^\d{1,11}$/.test(epoch)) throw failure("source-date-invalid", { epoch });
  return new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
}

/** The day that a lock layer's metadata tell; those of earlier versions of ours tell none. */
export function dayIn(found: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const made = found?.["made"];
  return typeof made === "string" ? made : undefined;
}

const DAY = 24 * 60 * 60 * 1000;

const failure = defineFailures<{
  "lock-old": Omit<AgedLock, "made"> & {
    readonly made: string;
    readonly days: number;
    readonly most: Age;
  };
  "source-date-invalid": { readonly epoch: string };
}>({
  "lock-old": ({ name, made, renew = "set BP_LOCK_EPOCH to a new value", days, most }) => ({
    blame: "app",
    title: "A lock is older than BP_LOCK_MAX_AGE allows",
    body: text`
      Found: ${name} is of ${made}, ${counted(days, "day")} ago.
      Its packages may lack fixes that newer versions have.
      Needed: a lock of at most ${counted(most.days, "day")}. For a new one, ${renew}.
    `,
  }),
  "source-date-invalid": ({ epoch }) => ({
    blame: "app",
    title: "SOURCE_DATE_EPOCH has a value that is not understood",
    body: text`
      Found: SOURCE_DATE_EPOCH=${epoch}
      Needed: seconds since 1970 as a whole number, as \`git log -1 --format=%ct\` prints them.
    `,
  }),
});
