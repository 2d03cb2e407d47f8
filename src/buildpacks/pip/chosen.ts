import * as z from "zod/mini";
import type { BuildContext } from "../../kit/buildpack.ts";
import { listed } from "../../kit/text.ts";
import {
  DependencyGroupError,
  type DependencyGroups,
  readDependencyGroups,
} from "../../python/dependency-groups.ts";
import { normalizeName } from "../../python/lock.ts";
import { checkNames } from "../../python/project-lock/check-names.ts";
import { failure as projectFailure } from "../../python/project-lock/failures.ts";
import { readPyproject, type Source } from "./source.ts";

/** What BP_GROUPS and BP_EXTRAS add to the app's requirements. */
export interface Chosen {
  /** Requirements of pyproject.toml. */
  readonly lines: readonly string[];
  /** Of the app's own package. */
  readonly extras: readonly string[];
}

export async function readChosen(
  { appDir, log, settings }: Pick<BuildContext, "appDir" | "log" | "settings">,
  source: Source,
): Promise<Chosen> {
  const groups = settings.get("BP_GROUPS") ?? [];
  const extras = settings.get("BP_EXTRAS") ?? [];
  const none: Chosen = { lines: [], extras: [] };
  if (groups.length + extras.length === 0) return none;
  if (source.kind === "handed") {
    const named = [
      ...(groups.length > 0 ? ["BP_GROUPS"] : []),
      ...(extras.length > 0 ? ["BP_EXTRAS"] : []),
    ];
    log.step(`Skipping ${listed(named)} because ${source.file} says what pip installs`);
    return none;
  }
  const found = await readPyproject(appDir, ".");
  const document = found ?? {};
  const ofGroups = linesOfGroups(groups, document, found === undefined ? fileOf(source) : FILE);
  switch (source.kind) {
    case "dependencies":
      return { lines: [...ofGroups, ...linesOfExtras(extras, document)], extras: [] };
    case "project": {
      // What setup.py or a dynamic field says, the build of the package tells.
      const known = extrasIn(document);
      if (known !== undefined) checkNames("BP_EXTRAS", extras, { known, file: FILE });
      return { lines: ofGroups, extras };
    }
    case "requirements":
    case "nothing":
      if (extras.length > 0) {
        log.step(
          `Skipping BP_EXTRAS because requirements files have none; there, write -e .[${extras.join(",")}]`,
        );
      }
      return { lines: ofGroups, extras: [] };
  }
}

const FILE = "pyproject.toml";

/** Where a project has no pyproject.toml, what it has in its place. */
function fileOf(source: Source): string {
  if (source.kind === "requirements") return source.files[0] ?? FILE;
  return "file" in source ? source.file : FILE;
}

function linesOfGroups(
  names: readonly string[],
  document: Record<string, unknown>,
  file: string,
): readonly string[] {
  if (names.length === 0) return [];
  return withGroups(document, (groups) => {
    checkNames("BP_GROUPS", names, { known: groups.names, file });
    return names.flatMap((name) => groups.requirementsOf(name));
  });
}

function withGroups(
  document: Record<string, unknown>,
  read: (groups: DependencyGroups) => readonly string[],
): readonly string[] {
  try {
    return read(readDependencyGroups(document));
  } catch (error) {
    if (!(error instanceof DependencyGroupError)) throw error;
    const facts = { file: FILE, line: undefined, issue: error.message };
    throw projectFailure("project-invalid", facts, error);
  }
}

function linesOfExtras(
  names: readonly string[],
  document: Record<string, unknown>,
): readonly string[] {
  const table = optionalDependencies(document) ?? {};
  checkNames("BP_EXTRAS", names, { known: Object.keys(table), file: FILE });
  const wanted = new Set(names.map(normalizeName));
  return Object.entries(table).flatMap(([name, lines]) =>
    wanted.has(normalizeName(name)) ? lines : [],
  );
}

function extrasIn(document: Record<string, unknown>): readonly string[] | undefined {
  const table = optionalDependencies(document);
  return table === undefined ? undefined : Object.keys(table);
}

const extrasSchema = z.object({
  project: z.object({
    "optional-dependencies": z.optional(z.record(z.string(), z.array(z.string()))),
    dynamic: z.optional(z.array(z.string())),
  }),
});

/** Undefined where pyproject.toml leaves them to a build. */
function optionalDependencies(
  document: Record<string, unknown>,
): Readonly<Record<string, readonly string[]>> | undefined {
  const project = extrasSchema.safeParse(document).data?.project;
  if (project === undefined || project.dynamic?.includes("optional-dependencies") === true)
    return undefined;
  return project["optional-dependencies"] ?? {};
}
