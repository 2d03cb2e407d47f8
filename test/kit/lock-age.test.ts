import { expect, it } from "vitest";
import { Failure, renderMessage } from "../../src/kit/failure.ts";
import { checkLockAge, today } from "../../src/kit/lock-age.ts";
import { createLog } from "../../src/kit/log.ts";
import { Settings } from "../../src/kit/settings.ts";

/** 2026-11-22, in the afternoon. */
const NOW = "1795358400";

it.each([
  ["2026-11-22", "30"],
  ["2026-10-23", "30 fail"],
  // Of a build with another clock.
  ["2026-12-24", "0 fail"],
  ["2024-01-01", ""],
])("a lock of %s is young enough for %j", (made, setting) => {
  expect(said(made, setting)).toBe("");
});

it("warns of an older one", () => {
  expect(said("2026-10-22", "30")).toMatchInlineSnapshot(`
    "
    [Warning: A lock is older than BP_LOCK_MAX_AGE allows]
    Found: poetry.lock is of 2026-10-22, 31 days ago.
    Its packages may lack fixes that newer versions have.
    Needed: a lock of at most 30 days. For a new one, run poetry update.
    "
  `);
});

it("fails where the setting says so", () => {
  expect(said("2026-11-21", "0 fail")).toMatchInlineSnapshot(`
    "[Error: A lock is older than BP_LOCK_MAX_AGE allows]

    Found: poetry.lock is of 2026-11-21, 1 day ago.
    Its packages may lack fixes that newer versions have.
    Needed: a lock of at most 0 days. For a new one, run poetry update."
  `);
});

it("says that a lock does not tell its age, where that is asked", () => {
  expect(said(undefined, "30")).toMatchInlineSnapshot(`
    "Skipping BP_LOCK_MAX_AGE because poetry.lock does not say when it was made
    "
  `);
  expect(said(undefined, "30 fail")).toMatchInlineSnapshot(`
    "
    [Warning: The build can't hold BP_LOCK_MAX_AGE because poetry.lock does not say when it was made]
    "
  `);
});

it("takes the day of SOURCE_DATE_EPOCH for today's", () => {
  expect(today({ SOURCE_DATE_EPOCH: NOW })).toBe("2026-11-22");
  expect(today({ SOURCE_DATE_EPOCH: "0" })).toBe("1970-01-01");
  expect(today({})).toMatch(/^\d{4}-\d\d-\d\d$/);
});

it("refuses a SOURCE_DATE_EPOCH that is no time", () => {
  expect(messageOf(() => today({ SOURCE_DATE_EPOCH: "2026-11-22" }))).toMatchInlineSnapshot(`
    "[Error: SOURCE_DATE_EPOCH has a value that is not understood]

    Found: SOURCE_DATE_EPOCH=2026-11-22
    Needed: seconds since 1970 as a whole number, as \`git log -1 --format=%ct\` prints them."
  `);
});

/** What the build prints, the failure among it. */
function said(made: string | undefined, setting: string): string {
  const texts: string[] = [];
  const print = (text: string) => texts.push(text);
  const env = { BP_LOCK_MAX_AGE: setting, SOURCE_DATE_EPOCH: NOW };
  const context = {
    log: createLog({ out: print, err: print, debug: false }),
    settings: new Settings(env),
    env,
  };
  const lock = { name: "poetry.lock", made, renew: "run poetry update" };
  const message = messageOf(() => checkLockAge(context, lock));
  return [...texts, message ?? ""].join("");
}

function messageOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return renderMessage(error.userMessage);
    throw error;
  }
}
