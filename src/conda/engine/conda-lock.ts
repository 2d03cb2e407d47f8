import { parseDocument } from "yaml";
import * as z from "zod/mini";
import { EngineFailure } from "./engine.ts";
import type { LockContents } from "./protocol.ts";

/**
 * Reads a conda-lock.yml, of which py-rattler would also give what is for development and tests.
 * Throws an {@link EngineFailure} as the engine does for a pixi.lock.
 * https://github.com/conda/ceps/blob/main/cep-0037.md
 */
export function readCondaLock(text: string, platform: string): LockContents {
  const lock = parseLock(text);
  const packages = lock.package.filter(
    ({ platform: its, category = "main" }) => its === platform && category === "main",
  );
  const conda = packages.filter(({ manager }) => manager === "conda");
  const pip = packages.filter(({ manager }) => manager === "pip");
  const environment = {
    name: "default",
    platforms: lock.metadata.platforms,
    packages: distinct(conda).map(({ url, hash }) => ({ url, ...hash })),
    pypi: distinct(pip).map((one) => ({
      ...{ name: one.name, version: one.version, location: one.url, editable: false },
      ...digestOf(one),
    })),
  };
  return { environments: [environment] };
}

const packageSchema = z.object({
  name: z.string(),
  // YAML takes "1.10" without quotes for a number; only those of pip are used, and they have them.
  version: z.pipe(
    z.union([z.string(), z.number()]),
    z.transform((version) => `${version}`),
  ),
  manager: z.enum(["conda", "pip"]),
  platform: z.string(),
  url: z.string(),
  hash: z.object({ md5: z.optional(z.string()), sha256: z.optional(z.string()) }),
  category: z.optional(z.string()),
});

const lockSchema = z.object({
  version: z.optional(z.literal(1)),
  metadata: z.object({ platforms: z.array(z.string()) }),
  package: z.array(packageSchema),
});

type LockedPackage = z.infer<typeof packageSchema>;

function parseLock(text: string): z.infer<typeof lockSchema> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw failure(error.message.trim());
  const result = lockSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const place = result.error.issues[0]?.path.join(".") ?? "";
  throw failure(`${place === "" ? "The file" : `'${place}'`} is not as conda-lock writes it`);
}

function failure(message: string): EngineFailure {
  return new EngineFailure({ kind: "lock-file", message });
}

/** A package that several categories need is in the file once for each. */
function distinct(packages: readonly LockedPackage[]): readonly LockedPackage[] {
  return [...new Map(packages.map((one) => [one.url, one])).values()];
}

/** Of a repository conda-lock gives the commit in place of a digest. */
function digestOf({ hash: { sha256 = "" } }: LockedPackage): { readonly sha256?: string } {
  return /^[\da-f]{64}$/.test(sha256) ? { sha256 } : {};
}
