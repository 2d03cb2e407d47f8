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

/** Throws where a name is not known. */
export function planFor(choice: Choice): readonly AppPlan[] {
  const chosen = choice.apps ?? (choice.full ? APPS.map(({ name }) => name) : ["tiny", "vision"]);
  for (const scenario of choice.scenarios ?? []) check("scenario", scenario, SCENARIOS);
  const rivals = [...new Set(APPS.flatMap((app) => app.rivals))];
  for (const rival of choice.contenders ?? []) check("contender", rival, ["ours", ...rivals]);
  return chosen.map((name) => {
    check(
      "app",
      name,
      APPS.map((app) => app.name),
    );
    const app = APPS.find((candidate) => candidate.name === name) as BenchApp;
    const rounds = choice.full ? fullRounds(app) : quickRounds(app);
    return { app, rounds: narrow(rounds, choice) };
  });
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
  // all situations, and of the additions, each of which is such a build, fewer are made.
  const [common = "", ...others] = rivals;
  return [
    { ...all, rivals: [common], additions: 2 },
    { ...again, rivals: others, additions: 1, fresh: false, startUps: 20 },
    { ...again, rivals: [common], scenarios: ["cold"], fresh: false },
    { ...again, rivals: [common], scenarios: ["cold"], fresh: false },
  ];
}

function narrow(rounds: readonly RoundPlan[], choice: Choice): readonly RoundPlan[] {
  const { full, scenarios, rounds: count = rounds.length } = choice;
  const { contenders = full ? undefined : QUICK_RIVALS } = choice;
  // More rounds than the set has are more of its last.
  const wanted = Array.from({ length: count }, (_, index) => rounds[index] ?? rounds.at(-1));
  return wanted
    .filter((round) => round !== undefined)
    .map((round) => ({
      ...round,
      rivals: round.rivals.filter((rival) => contenders?.includes(rival) ?? true),
      scenarios: round.scenarios.filter((scenario) => scenarios?.includes(scenario) ?? true),
    }));
}
