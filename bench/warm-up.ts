import { existsSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod/mini";
import { askEngine, type Engine } from "../scripts/lib/engine.ts";
import { log } from "../scripts/lib/log.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { copyApp, useSecondApp } from "./apps/changes.ts";
import { freshPackageSteps, packageSteps } from "./apps/steps.ts";
import type { BenchApp } from "./apps.ts";
import type { FrozenIndex } from "./frozen-index.ts";
import type { RoundPlan, Scenario } from "./result.ts";

/**
 * Asks the index once for all that an app needs in its rounds: whoever is measured first would wait
 * for the index' own upstream otherwise.
 */
export async function warmUp(
  engine: Engine,
  {
    app,
    rounds,
    index,
    buildImage,
  }: {
    readonly app: BenchApp;
    readonly rounds: readonly RoundPlan[];
    readonly index: Pick<FrozenIndex, "simple" | "proxyEnv">;
    readonly buildImage: string;
  },
): Promise<void> {
  log.step(`Having the index fetch the packages of ${app.name}`);
  const folder = await makeTemporaryFolder();
  const states = await requirementsOf(app, rounds);
  for (const [number, text] of states.entries()) {
    await writeFile(join(folder, `${number}.txt`), text);
  }
  const apt = join(app.folder, "apt.txt");
  if (existsSync(apt)) await cp(apt, join(folder, "apt.txt"));
  const script = [
    ...states.map((_, number) => `uv pip install --quiet --target /tmp/${number} -r ${number}.txt`),
    ...(existsSync(apt)
      ? [
          "apt-get -qq update",
          "apt-get -qq install --download-only --no-install-recommends $(grep -v '^#' apt.txt)",
        ]
      : []),
  ];
  await askEngine(engine, [
    ...["run", "--rm", "--network=host", "--user=0", "--entrypoint=sh", "--workdir=/states"],
    ...Object.entries({ UV_DEFAULT_INDEX: index.simple, ...index.proxyEnv }).map(
      ([name, value]) => `--env=${name}=${value}`,
    ),
    ...["--volume", `${folder}:/states:ro`, buildImage, "-euc", script.join("\n")],
  ]);
}

/** What is asked of the Python index in each state that the app is built in; each once. */
export async function requirementsOf(
  app: BenchApp,
  rounds: readonly RoundPlan[],
): Promise<readonly string[]> {
  const states = new Set<string>();
  const remember = async (folder: string) => states.add(await readRequirements(app, folder));
  for (const plan of rounds) {
    const folder = await copyApp(app);
    await remember(folder);
    const fresh = plan.fresh ? freshPackageSteps(app, plan) : [];
    for (const { change } of [...packageSteps(app, plan), ...fresh]) {
      await change(folder);
      await remember(folder);
    }
  }
  const others: readonly Scenario[] = ["second-app", "seeded"];
  if (rounds.some(({ scenarios }) => others.some((name) => scenarios.includes(name)))) {
    const folder = await copyApp(app);
    await useSecondApp(folder, app);
    await remember(folder);
  }
  return [...states];
}

/** A conda app's channel is this machine's; what pip installs is not. */
async function readRequirements({ requirements }: BenchApp, folder: string): Promise<string> {
  const text = await readFile(join(folder, requirements), "utf8");
  if (requirements === "requirements.txt") return text;
  const { dependencies } = Environment.parse(parse(text));
  const lines = dependencies.flatMap((one) => (typeof one === "string" ? [] : one.pip));
  return `${lines.join("\n")}\n`;
}

/** https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#create-env-file-manually */
const Environment = z.object({
  dependencies: z.array(z.union([z.string(), z.object({ pip: z.array(z.string()) })])),
});
