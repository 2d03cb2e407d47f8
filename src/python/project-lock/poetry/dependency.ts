import * as z from "zod/mini";
import { evaluateMarker, type MarkerEnvironment } from "../../markers.ts";
import { normalizeName } from "../../lock.ts";
import { allowsPlatform, isForPython } from "./constraint.ts";

/** One way to ask for a package: https://python-poetry.org/docs/dependency-specification/ */
const specSchema = z.object({
  version: z.optional(z.string()),
  optional: z.optional(z.boolean()),
  extras: z.optional(z.array(z.string())),
  markers: z.optional(z.string()),
  python: z.optional(z.string()),
  platform: z.optional(z.string()),
  /** Of `[[tool.poetry.source]]`, by name. */
  source: z.optional(z.string()),
  git: z.optional(z.string()),
  branch: z.optional(z.string()),
  tag: z.optional(z.string()),
  rev: z.optional(z.string()),
  url: z.optional(z.string()),
  path: z.optional(z.string()),
  file: z.optional(z.string()),
});

const entrySchema = z.union([z.string(), specSchema]);

/** As projects and locks write dependencies: by name, each once or several times. */
export const dependenciesSchema = z.record(
  z.string(),
  z.union([entrySchema, z.array(entrySchema)]),
);

type Dependencies = z.infer<typeof dependenciesSchema>;

export interface Dependency extends Omit<z.infer<typeof specSchema>, "extras"> {
  /** Normalised, as the extras are. */
  readonly name: string;
  readonly extras: readonly string[];
}

export function listDependencies(dependencies: Dependencies = {}): readonly Dependency[] {
  return Object.entries(dependencies).flatMap(([name, entries]) =>
    [entries].flat().map((entry) => {
      const spec = typeof entry === "string" ? { version: entry } : entry;
      const extras = (spec.extras ?? []).map(normalizeName);
      return { ...spec, name: normalizeName(name), extras };
    }),
  );
}

/** Whether it is asked for on this Python and platform at all, with the extras of the environment. */
export function isActive(
  { markers, python, platform }: Dependency,
  environment: MarkerEnvironment,
): boolean {
  const { python_full_version: version = "", sys_platform: system = "" } = environment.variables;
  return (
    (python === undefined || isForPython(python, version)) &&
    (platform === undefined || allowsPlatform(platform, system)) &&
    (markers === undefined || isTrue(markers, environment))
  );
}

/**
 * A marker as Poetry understands it: of several extras at once, `extra == "a"` says that a is one
 * of them, which PEP 751 writes as `"a" in extras`. Throws a MarkerError.
 * https://github.com/python-poetry/poetry-core/blob/2.5.0/src/poetry/core/version/markers.py
 */
export function isTrue(marker: string, environment: MarkerEnvironment): boolean {
  const member = (extra: string, operator: string) =>
    `"${normalizeName(extra)}" ${operator === "==" ? "in" : "not in"} extras`;
  const rewritten = marker
    .replaceAll(/\bextra\s*([!=]=)\s*(["'])(.*?)\2/g, (_all, operator, _quote, extra) =>
      member(extra, operator),
    )
    .replaceAll(/(["'])([^"']*)\1\s*([!=]=)\s*extra\b/g, (_all, _quote, extra, operator) =>
      member(extra, operator),
    );
  return rewritten.trim() === "" || evaluateMarker(rewritten, environment);
}
