import { expect, it } from "vitest";
import { type Choice, planFor } from "../../bench/plan.ts";

const QUICK: Choice = { full: false };
const FULL: Choice = { full: true };

function roundsOf(choice: Choice, app: string) {
  const rounds = planFor({ ...choice, apps: [app] })[0]?.rounds ?? [];
  return rounds.map(({ rivals, additions, fresh }) => ({ rivals, additions, fresh }));
}

it("takes two apps and both ends of the rivals where nothing is said", () => {
  expect(planFor(QUICK).map(({ app }) => app.name)).toEqual(["tiny", "vision"]);
  expect(roundsOf(QUICK, "vision")).toEqual([
    { rivals: ["pip", "uv"], additions: 2, fresh: true },
    { rivals: ["pip", "uv"], additions: 1, fresh: false },
  ]);
  expect(roundsOf(QUICK, "conda")[0]?.rivals).toEqual(["conda"]);
});

it("takes every rival that is asked for", () => {
  const contenders = ["ours", "pip-cache"];
  expect(roundsOf({ ...QUICK, contenders }, "tiny")[0]?.rivals).toEqual(["pip-cache"]);
  expect(roundsOf(FULL, "tiny")[0]?.rivals).toEqual(["pip", "pip-cache", "uv"]);
});

it("adds less to heavy apps", () => {
  expect(roundsOf(FULL, "vision").map(({ additions }) => additions)).toEqual([5, 2, 2]);
  expect(roundsOf(FULL, "torch")[0]).toEqual({ rivals: ["pip"], additions: 2, fresh: true });
});

it("repeats the last round where more are asked for", () => {
  const rounds = roundsOf({ ...QUICK, rounds: 4 }, "tiny");
  expect(rounds.map(({ additions }) => additions)).toEqual([2, 1, 1, 1]);
  expect(roundsOf({ ...QUICK, rounds: 1 }, "tiny")).toHaveLength(1);
});

it.each([
  [{ apps: ["huge"] }, "There is no app 'huge'"],
  [{ scenarios: ["warm"] }, "There is no scenario 'warm'"],
  [{ contenders: ["poetry"] }, "There is no contender 'poetry'"],
])("refuses %j", (wrong, title) => {
  expect(() => planFor({ ...QUICK, ...wrong })).toThrow(title);
});
