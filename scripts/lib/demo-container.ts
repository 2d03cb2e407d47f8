import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { cleanUpLater } from "./cleanup.ts";
import { askEngine, askEngineIfPossible, type Engine } from "./engine.ts";
import { ScriptFailure } from "./failure.ts";
import { removeImage } from "./images.ts";
import { findFreePort } from "./registry.ts";

/** The example, running. */
export interface Container {
  readonly url: string;
  /** Sends a picture; gives the answer, as indented JSON. */
  readonly predict: (picture: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Runs an image of the registry on a free port and waits until it answers. */
export async function startContainer(engine: Engine, image: string): Promise<Container> {
  const name = `ml-buildpacks-demo-${randomBytes(4).toString("hex")}`;
  const port = await findFreePort();
  const stop = cleanUpLater(`the container ${name}`, async () => {
    await askEngineIfPossible(engine, ["rm", "--force", name]);
    await removeImage(engine, image);
  });
  const address = ["--network", "host", "--env", `PORT=${port}`];
  await askEngine(engine, ["run", "--detach", "--name", name, ...address, image]);
  const url = `http://127.0.0.1:${port}`;
  await waitForAnswer(engine, name, url);
  return { url, predict: (picture) => predict(url, picture), stop };
}

async function predict(url: string, picture: string): Promise<string> {
  const form = new FormData();
  form.append("picture", new Blob([await readFile(picture)]), "sample.png");
  const response = await fetch(`${url}/predict`, { method: "POST", body: form });
  const answer = await response.text();
  if (response.ok) return JSON.stringify(JSON.parse(answer), undefined, 2);
  throw new ScriptFailure(
    "The example did not answer as it should",
    `It said '${response.status}' and:\n${answer}`,
  );
}

async function waitForAnswer(engine: Engine, name: string, url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const response = await fetch(`${url}/health`).catch(() => undefined);
    if (response?.ok === true) return;
    const running = await askEngineIfPossible(engine, [
      ...["inspect", "--format", "{{.State.Running}}", name],
    ]);
    if (running !== "true") break;
    await setTimeout(200);
  }
  throw new ScriptFailure(
    "The example was started but does not answer",
    `Nothing answers at ${url}/health. Its log:\n${await askEngine(engine, ["logs", name])}`,
  );
}
