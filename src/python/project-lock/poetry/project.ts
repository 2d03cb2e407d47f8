import { failure } from "../failures.ts";
import * as z from "zod/mini";
import { dependenciesSchema } from "./dependency.ts";
import { LOCK_FILE } from "./lock-file.ts";
import { readDocument } from "../read-document.ts";

export const PROJECT_FILE = "pyproject.toml";

const poetrySchema = z.object({
  name: z.optional(z.string()),
  "package-mode": z.optional(z.boolean()),
  packages: z.optional(
    z.array(
      z.object({
        include: z.string(),
        from: z.optional(z.string()),
        format: z.optional(z.union([z.string(), z.array(z.string())])),
      }),
    ),
  ),
  dependencies: z.optional(dependenciesSchema),
  "dev-dependencies": z.optional(dependenciesSchema),
  group: z.optional(
    z.record(z.string(), z.object({ dependencies: z.optional(dependenciesSchema) })),
  ),
  extras: z.optional(z.record(z.string(), z.array(z.string()))),
  source: z.optional(z.array(z.object({ name: z.string(), url: z.optional(z.string()) }))),
});

const projectSchema = z.object({
  project: z.optional(
    z.object({
      name: z.optional(z.string()),
      "optional-dependencies": z.optional(z.record(z.string(), z.array(z.string()))),
    }),
  ),
  "dependency-groups": z.optional(z.record(z.string(), z.unknown())),
  "build-system": z.optional(z.object({ "build-backend": z.optional(z.string()) })),
  tool: z.optional(z.object({ poetry: z.optional(poetrySchema) })),
});

export type PoetryTable = z.infer<typeof poetrySchema>;

export interface Project {
  /** All that the file says. */
  readonly table: Readonly<Record<string, unknown>>;
  readonly name: string | undefined;
  /** How a package is built of the app; undefined where that is not said. */
  readonly buildSystem: { readonly backend: string | undefined } | undefined;
  /** As they are written. */
  readonly groups: readonly string[];
  /** Those of the groups that [dependency-groups] alone has. */
  readonly standardGroups: readonly string[];
  readonly extras: readonly string[];
  readonly poetry: PoetryTable;
}

/** Throws a failure where it is missing or can't be read. */
export async function readProject(appDir: string): Promise<Project> {
  const read = await readDocument(appDir, PROJECT_FILE, projectSchema);
  if (read === undefined)
    throw failure("project-missing", { lockFile: LOCK_FILE, project: PROJECT_FILE });
  if ("issue" in read) throw failure("project-invalid", { file: PROJECT_FILE, ...read });
  const { project, tool, "build-system": build, "dependency-groups": groups } = read.data;
  const poetry = tool?.poetry ?? {};
  const dev = poetry["dev-dependencies"] === undefined ? [] : ["dev"];
  const own = [...keys(poetry.group), ...dev];
  const standardGroups = keys(groups).filter((name) => !own.includes(name));
  return {
    table: read.table,
    name: project?.name ?? poetry.name,
    buildSystem: build === undefined ? undefined : { backend: build["build-backend"] },
    groups: [...new Set([...standardGroups, ...own])],
    standardGroups,
    extras: [...new Set([...keys(project?.["optional-dependencies"]), ...keys(poetry.extras)])],
    poetry,
  };
}

function keys(table: object | undefined): readonly string[] {
  return Object.keys(table ?? {});
}
