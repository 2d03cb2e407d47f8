import * as z from "zod/mini";
import { lt, valid } from "@renovatebot/pep440";
import { failure } from "../failures.ts";
import type { LockOrigin } from "./content-hash.ts";
import { dependenciesSchema } from "./dependency.ts";
import { readDocument } from "../read-document.ts";

export const LOCK_FILE = "poetry.lock";

const fileSchema = z.object({ file: z.string(), hash: z.string() });

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  "python-versions": z.optional(z.string()),
  /** Of lock-version 2.1: the groups it is for, and when; for all groups, or for each. */
  groups: z.optional(z.array(z.string())),
  markers: z.optional(z.union([z.string(), z.record(z.string(), z.string())])),
  files: z.optional(z.array(fileSchema)),
  dependencies: z.optional(dependenciesSchema),
  extras: z.optional(z.record(z.string(), z.array(z.string()))),
  source: z.optional(
    z.object({
      type: z.optional(z.string()),
      url: z.string(),
      reference: z.optional(z.string()),
      resolved_reference: z.optional(z.string()),
      subdirectory: z.optional(z.string()),
    }),
  ),
});

const lockSchema = z.object({
  package: z.optional(z.array(packageSchema)),
  metadata: z.object({
    "lock-version": z.string(),
    "python-versions": z.optional(z.string()),
    "content-hash": z.optional(z.string()),
    /** Before lock-version 2.0: those of all versions of a package, by its name. */
    files: z.optional(z.record(z.string(), z.array(fileSchema))),
  }),
});

export type LockedPackage = z.infer<typeof packageSchema>;

export interface PoetryLock {
  readonly origin: LockOrigin;
  /** A constraint of Poetry's. */
  readonly pythonVersions: string;
  readonly packages: readonly LockedPackage[];
  /** Whether each package says its groups and markers, so that nothing has to be resolved. */
  readonly hasGroups: boolean;
}

/** Throws a failure where the file is not a lock that Poetry of today would read. */
export async function readLock(appDir: string): Promise<PoetryLock> {
  const read = await readDocument(appDir, LOCK_FILE, lockSchema);
  if (read === undefined) throw invalid({ line: undefined, issue: "no file." });
  if ("issue" in read) throw invalid(read);
  const { metadata, package: packages = [] } = read.data;
  const lockVersion = metadata["lock-version"];
  const line = read.text.split("\n").findIndex((each) => each.startsWith("lock-version")) + 1;
  if (valid(lockVersion) === null || !/^[12]\./.test(lockVersion)) {
    const issue = `lock-version = "${lockVersion}"; the versions 1.0 to 2.1 can be read.`;
    throw invalid({ line, issue });
  }
  const hasGroups = !lt(lockVersion, "2.1");
  const without = packages.find(({ groups }) => groups === undefined);
  if (hasGroups && without !== undefined) {
    const issue = `package ${without.name} without groups, which it has since lock-version 2.1.`;
    throw invalid({ line: undefined, issue });
  }
  return {
    origin: {
      generator: /Poetry (\S+)/.exec(read.text.split("\n")[0] ?? "")?.[1],
      lockVersion,
      contentHash: metadata["content-hash"],
    },
    pythonVersions: metadata["python-versions"] ?? "*",
    packages: packages.map((one) => withFiles(one, packages, metadata.files ?? {})),
    hasGroups,
  };
}

function invalid(found: { readonly line: number | undefined; readonly issue: string }): Error {
  return failure("lock-invalid", { lockFile: LOCK_FILE, relock: "poetry lock", ...found });
}

/** Its own files, wherever the lock has them. */
function withFiles(
  item: LockedPackage,
  all: readonly LockedPackage[],
  byName: Readonly<Record<string, LockedPackage["files"]>>,
): LockedPackage {
  if (item.files !== undefined) return item;
  const files = byName[item.name] ?? [];
  const isAlone = all.filter(({ name }) => name === item.name).length === 1;
  return { ...item, files: isAlone ? files : files.filter(({ file }) => isOf(item.version, file)) };
}

/** Whether "numpy-1.26.4-cp311-….whl" or "numpy-1.26.4.tar.gz" is a file of the version. */
function isOf(version: string, file: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_+]/g, ".");
  const [, found = ""] = file.endsWith(".whl")
    ? file.split("-")
    : (/^.*?-(\d.*?)\.(?:tar\.[a-z0-9]+|tgz|zip)$/i.exec(file) ?? []);
  return plain(found) === plain(version);
}
