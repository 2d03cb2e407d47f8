import { copyFileSync, lstatSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { lstat, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { writeFileWhole } from "../../cnb/files.ts";
import { sha256 } from "../../kit/hash.ts";
import { makeDirectory } from "../unpack/move-tree.ts";

/**
 * What programs of the tree have made in earlier builds, in a cache. The same inputs give the same
 * files, so that nothing but the time is different.
 */
export interface EarlierOutputs {
  /** Absolute. */
  readonly directory: string;
  /** Makes the packages' files be there, which only programs need. */
  readonly makeWhole: () => Promise<void>;
}

export interface Output {
  /** Undefined where the tree needed none of it. */
  readonly summary: string | undefined;
}

/** Who makes it, and of what: everything that decides the bytes. */
export interface Making {
  readonly name: string;
  readonly inputs: string;
}

/** Puts into a tree what was made of the same inputs; undefined where that is not known. */
export async function restoreOutput(
  { directory }: EarlierOutputs,
  { name, inputs }: Making,
  rootTree: string,
): Promise<Output | undefined> {
  const place = placeOf(directory, name);
  const record = await readRecord(place);
  if (record?.inputs !== sha256(inputs)) return undefined;
  for (const path of record.paths) copy(join(place, "tree", path), join(rootTree, path));
  return { summary: record.summary };
}

/** Runs what makes it, and keeps what it has made. */
export async function keepOutput(
  { directory }: EarlierOutputs,
  { name, inputs }: Making,
  rootTree: string,
  make: () => Promise<string | undefined>,
): Promise<Output> {
  const before = await stateOf(rootTree);
  const summary = await make();
  const after = await stateOf(rootTree);
  const paths = [...after]
    .filter(([path, state]) => before.get(path) !== state)
    .map(([path]) => path);
  const place = placeOf(directory, name);
  const draft = `${place}.draft`;
  await rm(draft, { recursive: true, force: true });
  for (const path of paths) copy(join(rootTree, path), join(draft, "tree", path));
  await writeFileWhole(
    join(draft, "made.json"),
    JSON.stringify({ inputs: sha256(inputs), summary, paths }),
  );
  await rm(place, { recursive: true, force: true });
  await rename(draft, place);
  return { summary };
}

/** Of a tree that needs none of it. */
export async function forgetOutput({ directory }: EarlierOutputs, name: string): Promise<void> {
  await rm(placeOf(directory, name), { recursive: true, force: true });
}

/** Synchronous, since a promise for each of a thousand small files takes a second. */
function copy(from: string, to: string): void {
  makeDirectory(dirname(to));
  rmSync(to, { force: true });
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else copyFileSync(from, to);
}

function placeOf(directory: string, name: string): string {
  return join(directory, name.replaceAll(/\W+/g, "-"));
}

const recordSchema = z.object({
  inputs: z.string(),
  summary: z.optional(z.string()),
  paths: z.array(z.string()),
});

async function readRecord(place: string) {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(place, "made.json"), "utf8")));
  } catch {
    return undefined;
  }
}

/** Of each file and link, by its path, something that changes when it is written anew. */
async function stateOf(rootTree: string): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await readdir(join(rootTree, directory), { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isSymbolicLink()) states.set(path, "link");
      else {
        const { ino, mtimeNs } = await lstat(join(rootTree, path), { bigint: true });
        states.set(path, `${ino} ${mtimeNs}`);
      }
    }
  };
  await walk("");
  return states;
}
