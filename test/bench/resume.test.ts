import { expect, it } from "vitest";
import { COMMIT } from "../../bench/environment.ts";
import { type Choice, planFor } from "../../bench/plan.ts";
import { BenchResult } from "../../bench/result.ts";
import { resume, roundsLeft } from "../../bench/resume.ts";

const CONDITIONS = { environment: { lifecycle: "0.21.0", kernel: "6.1" }, frozenAt: "2026-11-22" };
const CHOICE: Choice = { full: true, apps: ["tiny", "vision"] };
const PLANS = planFor(CHOICE);

it("goes on with the rounds that are not complete", () => {
  const earlier = resultOf(["tiny", 1], ["tiny", 2], ["vision", 2]);
  const result = resume(earlier, PLANS, CONDITIONS);
  expect(result).toEqual(earlier);
  expect(leftIn(result)).toEqual({ tiny: [3], vision: [1, 3] });
});

it("drops what was measured of a round that is not complete", () => {
  const whole = resultOf(["tiny", 1], ["tiny", 2]);
  const broken = { ...whole, rounds: whole.rounds.slice(0, 1) };
  expect(resume(broken, PLANS, CONDITIONS)).toEqual(resultOf(["tiny", 1]));
});

it("measures a round again that is planned in another way now", () => {
  const earlier = resultOf(["tiny", 1], ["tiny", 2]);
  const fewer = planFor({ ...CHOICE, scenarios: ["cold", "rebase"] });
  const result = resume({ ...earlier, rounds: roundsOf(fewer, "tiny", [1]) }, PLANS, CONDITIONS);
  expect(result.rounds).toEqual([]);
  expect(result.measurements).toEqual([]);
  expect(leftIn(result)).toEqual({ tiny: [1, 2, 3], vision: [1, 2, 3] });
});

it("keeps what is not asked for now", () => {
  const earlier = resultOf(["tiny", 3], ["vision", 1]);
  const plans = planFor({ ...CHOICE, apps: ["tiny"], rounds: 2 });
  expect(resume(earlier, plans, CONDITIONS)).toEqual(earlier);
});

it("names what has changed since", () => {
  const here = { environment: { lifecycle: "0.21.1", uv: "0.9" }, frozenAt: "2026-11-23" };
  expect(() => resume(resultOf(), PLANS, here)).toThrowError(
    expect.objectContaining({
      name: "ScriptFailure",
      body: `What its figures depend on has changed:
- lifecycle: 0.21.0 in the file, 0.21.1 here
- kernel: 6.1 in the file, none here
- packages as of: 2026-11-22 in the file, 2026-11-23 here
- uv: none in the file, 0.9 here
Begin anew, without --resume.`,
    }),
  );
});

it("goes on after a commit that changes neither builder nor benchmark", () => {
  const earlier = resultOf(["tiny", 1]);
  const environment = { ...CONDITIONS.environment, [COMMIT]: "1234abc+changes" };
  expect(resume(earlier, PLANS, { ...CONDITIONS, environment })).toEqual(earlier);
});

/** As read from a file: of rounds that are complete, with a figure of each kind in each. */
function resultOf(...complete: readonly (readonly [app: string, number: number])[]): BenchResult {
  const rounds = complete.flatMap(([app, number]) => roundsOf(PLANS, app, [number]));
  const figures = complete.map(([app, round]) => ({ app, round, contender: "ours" }));
  return BenchResult.parse({
    ...{ ...CONDITIONS, rounds },
    sittings: [{ command: "npm run bench", startedAt: "2026-11-22T09:00:00Z" }],
    limits: { downloadBytesPerSecond: 1, gzipBytesPerSecond: 1, containerSeconds: 1 },
    measurements: figures.map((figure) => ({
      ...{ ...figure, scenario: "cold", machine: "warm", target: "registry" },
      cost: {
        ...{ seconds: 1, phases: [], cpuSeconds: 1, peakMemoryBytes: 1, peakDiskBytes: 1 },
        ...{ downloadedBytes: 1, pushedBytes: 1, pushedLayers: 1 },
      },
    })),
    images: figures.map((figure) => ({
      ...{ ...figure, layers: 1, compressedBytes: 1, unpackedBytes: 1 },
    })),
    startUps: figures.map((figure) => ({ ...figure, importSeconds: [1], requestSeconds: [1] })),
  });
}

function roundsOf(plans: typeof PLANS, app: string, numbers: readonly number[]) {
  const rounds = plans.find((one) => one.app.name === app)?.rounds ?? [];
  return numbers.flatMap((number) => {
    const plan = rounds[number - 1];
    return plan === undefined ? [] : [{ app, number, plan }];
  });
}

function leftIn(result: BenchResult) {
  return Object.fromEntries(
    PLANS.map((plan) => [plan.app.name, roundsLeft(plan, result).map(({ number }) => number)]),
  );
}
