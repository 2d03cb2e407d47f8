import { expect, inject, it } from "vitest";
import { askEngine, askEngineIfPossible, findEngine } from "../../scripts/lib/engine.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

it("leaves nothing that the next build takes for good when it is killed", async () => {
  const files = {
    "requirements.txt": "numpy\nmarkupsafe\n--no-binary markupsafe\n",
    "main.py": "import markupsafe, numpy\nprint(markupsafe.__version__, numpy.arange(4).sum())\n",
  };
  const path = await makeApp(files);

  // Killed in each stage that writes something, as the log tells of it.
  for (const stage of ["Resolving", "Building", "Installing"]) {
    const killed = buildAndPublish("interrupted/app", { path });
    const outcome = Promise.allSettled([killed]);
    await killBuildWhenItSays(stage);
    const [result] = await outcome;
    expect(result?.status).toBe("rejected");
  }
  const { reference, image } = await buildAndPublish("interrupted/app", { path });
  const undisturbed = await buildAndPublish("interrupted/undisturbed", { path: await makeApp(files) });

  expect(await runApp(reference)).toContain("6");
  expect(image.layers).toEqual(undisturbed.image.layers);
});

async function killBuildWhenItSays(words: string): Promise<void> {
  const engine = await findEngine();
  const { builder } = inject("platform");
  for (;;) {
    // pack builds in an ephemeral image of its own, whose name has the builder's id in it.
    const running = await askEngine(engine, ["ps", "--quiet", "--filter", "name=pack-build"]);
    const containers = running.split("\n").filter((id) => id !== "");
    const all =
      containers.length > 0
        ? containers
        : (await askEngine(engine, ["ps", "--quiet", "--filter", `ancestor=${builder}`])).split("\n");
    for (const container of all.filter((id) => id !== "")) {
      const log = (await askEngineIfPossible(engine, ["logs", container])) ?? "";
      if (log.includes(words)) {
        await askEngine(engine, ["kill", container]);
        return;
      }
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
