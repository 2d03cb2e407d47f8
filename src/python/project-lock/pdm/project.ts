import * as z from "zod/mini";
import { failure } from "../failures.ts";
import { readDocument } from "../read-document.ts";
import { LOCK_FILE, PROJECT_FILE } from "./names.ts";

const sourceSchema = z.object({
  name: z.string(),
  url: z.optional(z.string()),
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  type: z.optional(z.string()),
  include_packages: z.optional(z.array(z.string())),
  exclude_packages: z.optional(z.array(z.string())),
});

const groupItemSchema = z.union([z.string(), z.object({ "include-group": z.string() })]);

const groupsSchema = z.record(z.string(), z.array(groupItemSchema));

const projectSchema = z.object({
  project: z.object({
    name: z.optional(z.string()),
    dependencies: z.optional(z.array(z.string())),
    "optional-dependencies": z.optional(z.record(z.string(), z.array(z.string()))),
  }),
  "dependency-groups": z.optional(groupsSchema),
  "build-system": z.optional(z.unknown()),
  tool: z.optional(
    z.object({
      pdm: z.optional(
        z.object({
          "dev-dependencies": z.optional(groupsSchema),
          source: z.optional(z.array(sourceSchema)),
          distribution: z.optional(z.boolean()),
          "package-type": z.optional(z.string()),
          workspace: z.optional(z.unknown()),
          resolution: z.optional(z.object({ excludes: z.optional(z.array(z.string())) })),
        }),
      ),
    }),
  ),
});

export type PdmSource = z.infer<typeof sourceSchema>;
export type GroupItem = z.infer<typeof groupItemSchema>;

type Parsed = z.infer<typeof projectSchema>;

export interface PdmProject {
  /** All that the file says. */
  readonly table: Readonly<Record<string, unknown>>;
  readonly project: Parsed["project"];
  readonly hasBuildSystem: boolean;
  /** Of both tables that may hold them, by their names as they are written. */
  readonly groups: Readonly<Record<string, readonly GroupItem[]>>;
  readonly pdm: NonNullable<NonNullable<Parsed["tool"]>["pdm"]>;
}

/** Throws a failure where it is missing or can't be read. */
export async function readProject(appDir: string): Promise<PdmProject> {
  const read = await readDocument(appDir, PROJECT_FILE, projectSchema);
  if (read === undefined)
    throw failure("project-missing", { lockFile: LOCK_FILE, project: PROJECT_FILE });
  if ("issue" in read) throw failure("project-invalid", { file: PROJECT_FILE, ...read });
  const { project, tool, "dependency-groups": standard, "build-system": build } = read.data;
  const pdm = tool?.pdm ?? {};
  const own = pdm["dev-dependencies"] ?? {};
  const names = [...new Set([...Object.keys(standard ?? {}), ...Object.keys(own)])];
  return {
    table: read.table,
    project,
    hasBuildSystem: build !== undefined,
    groups: Object.fromEntries(
      names.map((name) => [name, [...(standard?.[name] ?? []), ...(own[name] ?? [])]]),
    ),
    pdm,
  };
}
