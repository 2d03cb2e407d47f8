import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startContainer } from "../../scripts/lib/demo-container.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { findLabel } from "../../scripts/lib/images.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import { publishCondaPackage } from "../../scripts/lib/conda/channel.ts";
import { serveChannels } from "../support/conda-channel-server.ts";
import { realChannel } from "../support/conda/real-channel.ts";
import { wheelPackages } from "../../scripts/lib/conda/wheel-packages.ts";
import { buildIntoEngine, runApp } from "../support/platform.ts";

it("conda: tells the notes of a chord", async () => {
  const env = { BP_CONDA_MIRRORS: `conda-forge=${await serveCondaForge()}` };
  const { reference } = await buildIntoEngine("examples/conda", { path: pathOf("conda"), env });

  expect(await ask(reference, { body: await sampleOf("conda", "sample.wav") })).toEqual({
    seconds: 0.5,
    notes: [
      { note: "A3", frequency: 220 },
      { note: "C4", frequency: 262 },
      { note: "E4", frequency: 330 },
    ],
  });
});

it("pdm: tells the variety of an apple", async () => {
  const { reference } = await buildIntoEngine("examples/pdm", { path: pathOf("pdm") });

  const engine = await findEngine();
  expect(await findLabel(engine, reference, "io.ml-buildpacks.tags.model.reviewed")).toBe("true");
  expect(await hasPackage(reference, "pytest")).toBe(false);
  const apple = { weight: 172, diameter: 76, red: 0.02, sugar: 11 };
  expect(await ask(reference, asJson(apple))).toMatchObject({ variety: "Granny Smith" });
});

it("pip: describes a picture", async () => {
  const { reference } = await buildIntoEngine("examples/vision", { path: pathOf("vision") });

  const picture = pictureForm(await sampleOf("vision", "sample.png"));
  const answer = await ask(reference, { body: picture }, "/predict?colours=3");
  expect(answer).toMatchObject({ width: 240, height: 180 });
  expect(answer["colours"]).toHaveLength(3);
});

it("pipenv: reads QR codes", async () => {
  const { reference } = await buildIntoEngine("examples/pipenv", { path: pathOf("pipenv") });

  expect(await hasPackage(reference, "pytest")).toBe(false);
  const picture = pictureForm(await sampleOf("pipenv", "sample.png"));
  const { codes } = (await ask(reference, { body: picture })) as {
    readonly codes: readonly { readonly text: string }[];
  };
  expect(codes.map(({ text }) => text).sort()).toEqual(["Gate 4, row 12", "https://buildpacks.io"]);
});

it("poetry: continues a series, with the server that is an extra", async () => {
  const { reference } = await buildIntoEngine("examples/poetry", { path: pathOf("poetry") });

  expect(await hasPackage(reference, "pytest")).toBe(false);
  const series = JSON.parse((await sampleOf("poetry", "sample.json")).toString()) as object;
  expect(await ask(reference, asJson(series))).toEqual({
    forecast: { "2026-03-23": 141.19, "2026-03-24": 138.86, "2026-03-25": 141.86 },
    margin: 2.19,
  });
});

it("pylock.toml: tells the language of a text", async () => {
  const { reference } = await buildIntoEngine("examples/pylock", { path: pathOf("pylock") });

  expect(await ask(reference, { body: "Wo ist der nächste Bahnhof?" })).toMatchObject({
    language: "german",
  });
});

it("uv: finds the passage that answers, with the metrics that are a group", async () => {
  const { reference } = await buildIntoEngine("examples/uv", { path: pathOf("uv") });

  expect(await hasPackage(reference, "prometheus_client")).toBe(true);
  expect(await hasPackage(reference, "pytest")).toBe(false);
  const question = { question: "How do I keep slugs away from lettuce?", count: 1 };
  expect(await ask(reference, asJson(question))).toMatchObject({ passages: [{ title: "Slugs" }] });
});

function pathOf(example: string): string {
  return join(ROOT, "examples", example);
}

async function sampleOf(example: string, file: string): Promise<Buffer<ArrayBuffer>> {
  return await readFile(join(pathOf(example), file));
}

function asJson(body: object): RequestInit {
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

function pictureForm(picture: Buffer<ArrayBuffer>): FormData {
  const form = new FormData();
  form.append("picture", new Blob([picture]), "sample.png");
  return form;
}

/**
 * Runs an example until it has answered, and then removes it with its image. That it answers at
 * /health is what its start waits for.
 */
async function ask(
  reference: string,
  request: RequestInit,
  path = "/predict",
): Promise<Readonly<Record<string, unknown>>> {
  const { url, stop } = await startContainer(await findEngine(), reference);
  try {
    const response = await fetch(`${url}${path}`, { method: "POST", ...request });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${text}`);
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } finally {
    await stop();
  }
}

async function hasPackage(reference: string, module: string): Promise<boolean> {
  const program = `import importlib.util; print(importlib.util.find_spec("${module}") is not None)`;
  const args = ["--entrypoint", "python"];
  return (await runApp(reference, { args, command: ["-c", program] })).trim() === "True";
}

/** A channel that has what the example takes from conda-forge; gives its address. */
async function serveCondaForge(): Promise<string> {
  const root = await makeTemporaryFolder();
  const channel = join(root, "conda-forge");
  await cp(await realChannel(), channel, { recursive: true });
  for (const made of await wheelPackages(["flask", "gunicorn", "numpy"])) {
    await publishCondaPackage(channel, made);
  }
  const { url } = await serveChannels(root);
  return `${url}/conda-forge`;
}
