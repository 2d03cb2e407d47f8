import { setTimeout } from "node:timers/promises";
import { expect, inject, it } from "vitest";
import {
  askEngine,
  askEngineIfPossible,
  type Engine,
  findEngine,
} from "../../scripts/lib/engine.ts";
import { listCacheVolumes } from "../../scripts/lib/pack.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

it("leaves nothing that the next build takes for good when it is killed", async () => {
  const files = {
    "requirements.txt": "numpy\nmarkupsafe\n--no-binary markupsafe\n",
    "main.py": "import markupsafe, numpy\nprint(markupsafe.__version__, numpy.arange(4).sum())\n",
  };
  const path = await makeApp(files);

  const { registry, namespace } = inject("platform");
  const name = `${registry}/${namespace}/interrupted/app`;
  // Killed in each stage that writes something, as the log tells of it.
  for (const stage of ["Resolving for", "from source", "Installing 2 packages", "Compiling"]) {
    const end = new AbortController();
    const outcome = buildAndPublish("interrupted/app", { path })
      .then(
        () => "built",
        () => "killed",
      )
      .finally(() => end.abort());
    await killBuildWhenItSays(name, stage, end.signal);
    expect(await outcome, `the build that was to be killed when it said '${stage}'`).toBe("killed");
  }
  const { reference, image } = await buildAndPublish("interrupted/app", { path });
  const undisturbed = await buildAndPublish("interrupted/undisturbed", {
    path: await makeApp(files),
  });

  expect(await runApp(reference)).toContain("6");
  expect(image.layers).toEqual(undisturbed.image.layers);
});

/** The build's container is the one that has its cache. */
async function killBuildWhenItSays(name: string, words: string, end: AbortSignal): Promise<void> {
  const engine = await findEngine();
  while (!end.aborted) {
    for (const volume of await listCacheVolumes(engine, name)) {
      const container = await askEngine(engine, ["ps", "--quiet", "--filter", `volume=${volume}`]);
      const log = container === "" ? undefined : await logOf(engine, container);
      if (log?.includes(words) === true) {
        await askEngine(engine, ["kill", container]);
        return;
      }
    }
    await setTimeout(50);
  }
}

async function logOf(engine: Engine, container: string): Promise<string | undefined> {
  return askEngineIfPossible(engine, ["logs", container]);
}
