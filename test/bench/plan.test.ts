import { expect, it } from "vitest";
import { APPS } from "../../bench/apps.ts";
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

it("adds less to heavy apps, and one that moves a shared dependency", () => {
  expect(roundsOf(FULL, "vision").map(({ additions }) => additions)).toEqual([5, 2, 2]);
  expect(roundsOf(FULL, "torch")[0]).toEqual({ rivals: ["pip"], additions: 2, fresh: true });
  for (const { additions } of APPS) expect(additions[1]).toMatch(/^gtts==/);
});

it("builds a second app by all rivals of a heavy app", () => {
  const rounds = planFor({ ...FULL, apps: ["torch"] })[0]?.rounds ?? [];
  const rivals = rounds
    .filter(({ scenarios }) => scenarios.includes("second-app"))
    .flatMap((round) => round.rivals);
  expect(rivals).toEqual(["pip", "pip-cache", "uv", "torch-run"]);
});

it("has no round without the rivals that are asked for", () => {
  expect(roundsOf({ ...FULL, contenders: ["uv"] }, "torch").map(({ rivals }) => rivals)).toEqual([
    ["uv"],
  ]);
  expect(roundsOf({ ...FULL, contenders: ["ours", "uv"], rounds: 2 }, "torch")).toHaveLength(2);
  expect(planFor({ ...FULL, contenders: ["conda"] }).map(({ app }) => app.name)).toEqual(["conda"]);
  expect(() => planFor({ ...QUICK, contenders: ["conda"] })).toThrow("There is nothing to compare");
});

it("measures ours by itself where nothing else is asked for", () => {
  const rounds = roundsOf({ ...FULL, contenders: ["ours"] }, "torch");
  expect(rounds.map(({ rivals }) => rivals)).toEqual([[], [], [], []]);
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
