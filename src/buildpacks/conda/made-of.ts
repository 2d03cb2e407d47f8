import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnvironmentFile } from "../../conda/inputs/environment-file.ts";
import { readMatchSpec } from "../../conda/inputs/match-spec.ts";
import { findPixiManifest, pixiDependencies } from "../../conda/inputs/pixi-manifest.ts";
import { type Line, readSourceText } from "../../conda/inputs/source-text.ts";
import type { AccessContext, Inputs, LocatedInput } from "./access.ts";

/** The file that a lock is made of, as it is now. */
export interface MadeOf {
  readonly file: string;
  /** What the image's platform is to have, by name. */
  readonly names: readonly Line[];
  /** What makes the lock anew. */
  readonly command: string;
}

/** Undefined where the packages are no lock's, or where it can't be told what it is made of. */
export async function findMadeOf(
  { appDir }: Pick<AccessContext, "appDir">,
  { kind, isNamed, skipped }: LocatedInput,
  { platform: subdir, source }: Pick<Inputs, "platform" | "source">,
): Promise<MadeOf | undefined> {
  // Another file may be named because it has nothing to do with those of the usual names.
  if (kind === "environment" || isNamed) return undefined;
  if (source.kind === "pixi") {
    const manifest = await findPixiManifest(appDir);
    if (manifest === undefined || (source.environment ?? "default") !== "default") return undefined;
    const text = readSourceText(await readFile(join(appDir, manifest)), manifest);
    if ("needed" in text) return undefined;
    return { file: manifest, names: pixiDependencies(text, subdir), command: "pixi lock" };
  }
  const environment = skipped.find((one) => /^(?:environment|conda)\.ya?ml$/.test(one));
  if (environment === undefined) return undefined;
  const bytes = await readFile(join(appDir, environment));
  const { specs, problems } = parseEnvironmentFile(bytes, { file: environment, subdir, env: {} });
  // A category of its own is not what conda-lock.yml is read for.
  if (problems.length > 0 || /^category:/m.test(bytes.toString("utf8"))) return undefined;
  const command =
    kind === "conda-lock"
      ? `conda-lock lock --file ${environment}`
      : `conda-lock lock --kind explicit --platform ${subdir} --file ${environment}`;
  return { file: environment, names: specs.flatMap(namedBy), command };
}

function namedBy({ text, line }: Line): readonly Line[] {
  const { name } = readMatchSpec(text);
  return /^(?:__|.*[*^])/.test(name) ? [] : [{ text: name, line }];
}
