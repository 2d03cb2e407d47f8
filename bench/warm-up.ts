import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { askEngine, type Engine } from "../scripts/lib/engine.ts";
import { log } from "../scripts/lib/log.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { addRequirement, type BenchApp, replaceRequirement, useSecondApp } from "./apps.ts";
import type { FrozenIndex } from "./frozen-index.ts";

/**
 * Asks the index once for all that an app needs in any scenario: whoever is measured first would
 * wait for the index' own upstream otherwise.
 */
export async function warmUp(
  engine: Engine,
  {
    app,
    index,
    buildImage,
  }: { readonly app: BenchApp; readonly index: FrozenIndex; readonly buildImage: string },
): Promise<void> {
  log.step(`Having the index fetch the packages of ${app.name}`);
  const folder = await makeTemporaryFolder();
  const states = await writeStates(app, folder);
  const script = [
    ...(app.requirements === "requirements.txt"
      ? states.map(
          (state) => `uv pip install --quiet --target /tmp/${state} -r ${state}/requirements.txt`,
        )
      : []),
    ...(existsSync(join(app.folder, "apt.txt"))
      ? [
          "apt-get -qq update",
          `apt-get -qq install --download-only --no-install-recommends $(grep -v '^#' ${states[0]}/apt.txt)`,
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

/** A folder for each state that an app is built in; gives their names. */
async function writeStates(app: BenchApp, folder: string): Promise<readonly string[]> {
  const { additions, freshAddition, smallUpgrade, heavyUpgrade } = app;
  const upgrades = [smallUpgrade, ...(heavyUpgrade === undefined ? [] : [heavyUpgrade])];
  const changes: readonly ((path: string) => Promise<void>)[] = [
    async () => {},
    async (path) => await useSecondApp(path, app),
    ...[...additions, freshAddition].map(
      (line) => async (path: string) => await addRequirement(path, app, line),
    ),
    ...upgrades.map(
      (upgrade) => async (path: string) => await replaceRequirement(path, app, upgrade),
    ),
  ];
  const names: string[] = [];
  for (const [index, change] of changes.entries()) {
    const name = `state-${index}`;
    await cp(app.folder, join(folder, name), { recursive: true });
    await change(join(folder, name));
    names.push(name);
  }
  return names;
}
