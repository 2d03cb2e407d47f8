import type { BenchApp, Upgrade } from "../apps.ts";
import type { RoundPlan, Scenario } from "../result.ts";
import { addRequirement, editSource, replaceRequirement } from "./changes.ts";

/** A change of an app, and the scenario that the build after it is of. */
export interface Step {
  readonly scenario: Scenario;
  /** What is particular: the requirement that is added or upgraded. */
  readonly detail?: string;
  /** The folder is a copy of the app's that has all steps before. */
  readonly change: (folder: string) => Promise<void>;
}

type Scenarios = Pick<RoundPlan, "scenarios">;

/** Those that leave packages as they are. */
export function sourceSteps({ scenarios }: Scenarios): readonly Step[] {
  const steps: readonly Step[] = [
    { scenario: "unchanged", change: async () => {} },
    { scenario: "edit", change: editSource },
  ];
  return steps.filter(({ scenario }) => scenarios.includes(scenario));
}

/** What is added and upgraded on a warm machine, one after the other. */
export function packageSteps(
  app: BenchApp,
  plan: Scenarios & Pick<RoundPlan, "additions">,
): readonly Step[] {
  const { smallUpgrade, heavyUpgrade } = app;
  const upgrades = [
    upgradeStep(app, "upgrade-small", smallUpgrade),
    ...(heavyUpgrade === undefined ? [] : [upgradeStep(app, "upgrade-heavy", heavyUpgrade)]),
  ];
  return [
    ...additionSteps(app, plan, app.additions.slice(0, plan.additions)),
    ...upgrades.filter(({ scenario }) => plan.scenarios.includes(scenario)),
  ];
}

/** What is added after these, on a machine without local state. */
export function freshPackageSteps(app: BenchApp, plan: Scenarios): readonly Step[] {
  return additionSteps(app, plan, [app.freshAddition]);
}

/** What is added to the app as it is, for an image in the engine: the first addition. */
export function enginePackageSteps(
  app: BenchApp,
  plan: Scenarios & Pick<RoundPlan, "additions">,
): readonly Step[] {
  return additionSteps(app, plan, app.additions.slice(0, Math.min(plan.additions, 1)));
}

function additionSteps(
  app: BenchApp,
  { scenarios }: Scenarios,
  lines: readonly string[],
): readonly Step[] {
  if (!scenarios.includes("add")) return [];
  return lines.map((line) => ({
    ...{ scenario: "add", detail: line },
    change: async (folder) => await addRequirement(folder, app, line),
  }));
}

function upgradeStep(app: BenchApp, scenario: Scenario, upgrade: Upgrade): Step {
  return {
    ...{ scenario, detail: upgrade.after },
    change: async (folder) => await replaceRequirement(folder, app, upgrade),
  };
}
