import { askEngine, askEngineIfPossible, type Engine } from "./engine.ts";

/** The image's id in the engine, or undefined where it has none of that name. */
export async function findImage(engine: Engine, name: string): Promise<string | undefined> {
  return await askEngineIfPossible(engine, ["image", "inspect", "--format", "{{.Id}}", name]);
}

/** The value of a label, or undefined where image or label is missing. */
export async function findLabel(
  engine: Engine,
  name: string,
  label: string,
): Promise<string | undefined> {
  const format = `{{index .Config.Labels ${JSON.stringify(label)}}}`;
  const value = await askEngineIfPossible(engine, ["image", "inspect", "--format", format, name]);
  // Docker prints nothing for a label that is missing, and Podman "<no value>".
  return value === "" || value === "<no value>" ? undefined : value;
}

/** Removes an image, or only its name where others still stand on it. */
export async function removeImage(engine: Engine, name: string): Promise<void> {
  await askEngineIfPossible(engine, ["image", "rm", name]);
}

/** Gives an image that is in the engine a second name. */
export async function tagImage(engine: Engine, name: string, newName: string): Promise<void> {
  await askEngine(engine, ["tag", name, newName]);
}
