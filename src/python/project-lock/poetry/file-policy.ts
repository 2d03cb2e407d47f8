import * as z from "zod/mini";
import { failure } from "../failures.ts";
import { normalizeName } from "../../lock.ts";
import { readDocument } from "../read-document.ts";

export const SETTINGS_FILE = "poetry.toml";

/** Which kinds of files of a package may be installed. */
export type FilePolicy = (name: string) => { readonly wheel: boolean; readonly sdist: boolean };

const namesSchema = z.optional(z.union([z.string(), z.array(z.string())]));

const settingsSchema = z.object({
  installer: z.optional(z.object({ "no-binary": namesSchema, "only-binary": namesSchema })),
});

/**
 * `installer.no-binary` and `installer.only-binary` of the app's poetry.toml: a package's name wins
 * over `:all:` of the other. https://python-poetry.org/docs/configuration/#installerno-binary
 */
export async function readFilePolicy(appDir: string): Promise<FilePolicy> {
  const read = await readDocument(appDir, SETTINGS_FILE, settingsSchema);
  if (read !== undefined && "issue" in read)
    throw failure("project-invalid", { file: SETTINGS_FILE, ...read });
  const { "no-binary": noWheel, "only-binary": noSdist } = read?.data.installer ?? {};
  const [noWheels, noSdists] = [namesOf(noWheel), namesOf(noSdist)];
  return (name) => ({
    wheel: isAllowed(normalizeName(name), noWheels, noSdists),
    sdist: isAllowed(normalizeName(name), noSdists, noWheels),
  });
}

function namesOf(value: string | readonly string[] | undefined): ReadonlySet<string> {
  const names = [value ?? []].flat().flatMap((text) => text.split(","));
  return new Set(names.map((name) => (name.startsWith(":") ? name : normalizeName(name.trim()))));
}

function isAllowed(
  name: string,
  refused: ReadonlySet<string>,
  opposite: ReadonlySet<string>,
): boolean {
  if (refused.has(name)) return false;
  return !refused.has(":all:") || opposite.has(name);
}
