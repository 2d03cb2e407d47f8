import * as z from "zod/mini";
import { failure } from "../failures.ts";
import { normalizeName } from "../../lock.ts";
import { readDocument } from "../read-document.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

const fileSchema = z.object({
  /** Either of them, by the lock's strategy. */
  file: z.optional(z.string()),
  url: z.optional(z.string()),
  hash: z.string(),
});

const packageSchema = z.object({
  name: z.string(),
  version: z.optional(z.string()),
  extras: z.optional(z.array(z.string())),
  requires_python: z.optional(z.string()),
  /** Of the strategy inherit_metadata: the groups it is for, and when. */
  groups: z.optional(z.array(z.string())),
  marker: z.optional(z.string()),
  dependencies: z.optional(z.array(z.string())),
  files: z.optional(z.array(fileSchema)),
  git: z.optional(z.string()),
  hg: z.optional(z.string()),
  svn: z.optional(z.string()),
  bzr: z.optional(z.string()),
  ref: z.optional(z.string()),
  revision: z.optional(z.string()),
  subdirectory: z.optional(z.string()),
  path: z.optional(z.string()),
  url: z.optional(z.string()),
  editable: z.optional(z.boolean()),
});

const targetSchema = z.object({
  requires_python: z.string(),
  platform: z.optional(z.string()),
  implementation: z.optional(z.string()),
});

const lockSchema = z.object({
  package: z.optional(z.array(packageSchema)),
  metadata: z.object({
    lock_version: z.string(),
    content_hash: z.optional(z.string()),
    groups: z.optional(z.array(z.string())),
    strategy: z.optional(z.array(z.string())),
    targets: z.optional(z.array(targetSchema)),
    /** Before lock_version 4.3: of each package, by "name version". */
    files: z.optional(z.record(z.string(), z.array(fileSchema))),
    /** What a lock may have in place of the hash. */
    lock_inputs: z.optional(
      z.object({
        project: z.optional(
          z.object({ groups: z.optional(z.record(z.string(), z.array(z.string()))) }),
        ),
      }),
    ),
  }),
});

type Metadata = z.infer<typeof lockSchema>["metadata"];

export type LockedPackage = z.infer<typeof packageSchema>;
export type LockTarget = z.infer<typeof targetSchema>;

export interface PdmLock {
  readonly lockVersion: string;
  readonly metadata: Metadata;
  readonly packages: readonly LockedPackage[];
  /** Whether each package says its groups and markers, so that nothing has to be followed. */
  readonly hasGroups: boolean;
}

/** Throws a failure where it is not a lock of PDM 2. */
export async function readLock(appDir: string): Promise<PdmLock> {
  const read = await readDocument(appDir, LOCK_FILE, lockSchema);
  if (read === undefined) throw invalid({ line: undefined, issue: "no file" });
  if ("issue" in read) throw invalid(read);
  const { metadata, package: packages = [] } = read.data;
  const { lock_version: lockVersion, strategy = [] } = metadata;
  if (!/^4(?:\.|$)/.test(lockVersion)) {
    const line = read.text.split("\n").findIndex((each) => each.startsWith("lock_version")) + 1;
    throw invalid({
      line,
      issue: `lock_version = "${lockVersion}"; those of PDM 2 (4.0 to 4.5) can be read`,
    });
  }
  return {
    lockVersion,
    metadata,
    packages: packages.map((item) => ({
      ...item,
      files: item.files ?? metadata.files?.[`${normalizeName(item.name)} ${item.version}`] ?? [],
    })),
    hasGroups: strategy.includes("inherit_metadata"),
  };
}

/** For a lock that can't be installed as it is written. */
export function invalid(
  { line, issue }: { readonly line: number | undefined; readonly issue: string },
  cause?: unknown,
): Error {
  return failure("lock-invalid", { lockFile: LOCK_FILE, line, issue, relock: RELOCK }, cause);
}
