import { ScriptFailure } from "../scripts/lib/failure.ts";
import { type BenchApp, APPS } from "./apps.ts";
import { type RoundPlan, SCENARIOS } from "./result.ts";

/** What is measured of one app. */
export interface AppPlan {
  readonly app: BenchApp;
  readonly rounds: readonly RoundPlan[];
}

/** What the command line asks for; all that the set has, where undefined. */
export interface Choice {
  readonly full: boolean;
  readonly apps?: readonly string[] | undefined;
  readonly scenarios?: readonly string[] | undefined;
  readonly contenders?: readonly string[] | undefined;
  readonly rounds?: number | undefined;
}

/** Throws where a name is not known, and where no app has any of the contenders. */
export function planFor(choice: Choice): readonly AppPlan[] {
  const chosen = choice.apps ?? (choice.full ? APPS.map(({ name }) => name) : ["tiny", "vision"]);
  for (const scenario of choice.scenarios ?? []) check("scenario", scenario, SCENARIOS);
  const rivals = [...new Set(APPS.flatMap((app) => app.rivals))];
  for (const rival of choice.contenders ?? []) check("contender", rival, ["ours", ...rivals]);
  const plans = chosen.map((name) => {
    check(
      "app",
      name,
      APPS.map((app) => app.name),
    );
    const app = APPS.find((candidate) => candidate.name === name) as BenchApp;
    const rounds = choice.full ? fullRounds(app) : quickRounds(app);
    return { app, rounds: narrow(rounds, choice) };
  });
  const left = plans.filter(({ rounds }) => rounds.length > 0);
  if (left.length > 0) return left;
  throw new ScriptFailure(
    "There is nothing to compare",
    plans.map(({ app }) => `The rivals of '${app.name}' are: ${app.rivals.join(", ")}`).join("\n"),
  );
}

function check(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new ScriptFailure(`There is no ${what} '${name}'`, `Known are: ${known.join(", ")}`);
}

const WITHOUT_CHANGES = ["cold", "unchanged", "edit", "add"] as const;

// What people write most, and what is quickest; conda's apps have but one.
const QUICK_RIVALS: readonly string[] = ["pip", "uv", "conda"];

function quickRounds({ rivals }: BenchApp): readonly RoundPlan[] {
  const round = { rivals, scenarios: WITHOUT_CHANGES, engine: false };
  return [
    { ...round, additions: 2, fresh: true, startUps: 5 },
    { ...round, additions: 1, fresh: false, startUps: 0 },
  ];
}

function fullRounds({ rivals, heavy }: BenchApp): readonly RoundPlan[] {
  const all = {
    rivals,
    scenarios: SCENARIOS,
    additions: 5,
    fresh: true,
    engine: true,
    startUps: 20,
  };
  const again = { ...all, scenarios: WITHOUT_CHANGES, additions: 2, engine: false, startUps: 0 };
  if (!heavy) return [all, again, again];
  // A Dockerfile's build of gigabytes takes minutes each time: what people write most is measured in
  // all situations, and of the additions, each of which is such a build, fewer are made. A second app
  // is what torch in a RUN of its own is written for.
  const [common = "", ...others] = rivals;
  return [
    { ...all, rivals: [common], additions: 2 },
    {
      ...{ ...again, rivals: others, scenarios: [...WITHOUT_CHANGES, "second-app"] },
      ...{ additions: 1, fresh: false, startUps: 20 },
    },
    { ...again, rivals: [common], scenarios: ["cold"], fresh: false },
    { ...again, rivals: [common], scenarios: ["cold"], fresh: false },
  ];
}

function narrow(rounds: readonly RoundPlan[], choice: Choice): readonly RoundPlan[] {
  const { full, scenarios, contenders = full ? undefined : QUICK_RIVALS } = choice;
  // Ours by itself is measured where it is asked for alone.
  const withoutRivals = contenders?.every((name) => name === "ours") ?? false;
  const narrowed = rounds
    .map((round) => ({
      ...round,
      rivals: round.rivals.filter((rival) => contenders?.includes(rival) ?? true),
      scenarios: round.scenarios.filter((scenario) => scenarios?.includes(scenario) ?? true),
    }))
    .filter(({ rivals }) => withoutRivals || rivals.length > 0);
  // More rounds than the set has are more of its last.
  return Array.from(
    { length: choice.rounds ?? narrowed.length },
    (_, index) => narrowed[index] ?? narrowed.at(-1),
  ).filter((round) => round !== undefined);
}
