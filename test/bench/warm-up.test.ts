import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type RoundPlan, SCENARIOS } from "../../bench/result.ts";
import { requirementsOf } from "../../bench/warm-up.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { fakeApp } from "./fake-app.ts";

afterAll(cleanUp);

const ROUND: RoundPlan = {
  ...{ rivals: [], scenarios: SCENARIOS, additions: 2 },
  ...{ fresh: true, engine: false, startUps: 0 },
};

it("asks for packages together, as they are built, and once for all rounds", async () => {
  const again = { ...ROUND, scenarios: ["cold", "add"], additions: 1 } as const;
  const states = await requirementsOf(await fakeApp(), [ROUND, again, again]);
  expect(states.map((text) => text.trim().split("\n").join(" "))).toEqual([
    "small==1 heavy==1",
    "small==1 heavy==1 one",
    "small==1 heavy==1 one two",
    "small==2 heavy==1 one two",
    "small==2 heavy==2 one two",
    "small==2 heavy==2 one two fresh",
    "small==1 heavy==1 one fresh",
    "heavy==1 other",
  ]);
});

it("asks for nothing that is not built", async () => {
  const cold = { ...ROUND, scenarios: ["cold"] } as const;
  expect(await requirementsOf(await fakeApp(), [cold])).toEqual(["small==1\nheavy==1\n"]);
  const warm = { ...ROUND, scenarios: ["add"], additions: 1, fresh: false } as const;
  expect(await requirementsOf(await fakeApp(), [warm])).toHaveLength(2);
});

it("asks for what pip installs into a conda environment", async () => {
  const app = await fakeApp({ requirements: "environment.yml" });
  const text = `dependencies:
  - python=3.13
  - small==1
  - heavy==1
  - pip
  - pip:
      - gunicorn==27.0.1
      - prometheus-flask-exporter
`;
  await writeFile(join(app.folder, "environment.yml"), text);
  const asked = "gunicorn==27.0.1\nprometheus-flask-exporter\n";
  expect(await requirementsOf(app, [ROUND])).toEqual([asked]);
});
