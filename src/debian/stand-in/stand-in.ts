import {
  closeSync,
  cpSync,
  copyFileSync,
  openSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileWhole } from "../../cnb/files.ts";
import { readElf } from "../../kit/elf.ts";
import { DT_NEEDED, DT_RUNPATH, DT_SONAME, elfStub } from "../../kit/elf-stub.ts";
import { namesIn } from "../environment/compiled-in.ts";
import { type PackageIndex, packageIndexSchema } from "../package-index.ts";
import { makeDirectory } from "../unpack/move-tree.ts";

/**
 * What is left of a package in a cache while its files are in a layer of the previous image, which no
 * build gets to see: enough of them to join it with other packages to the same tree again. Scripts
 * and configurations are whole; programs and libraries say what they are linked with and which
 * places they name; of everything else there is nothing, and reading it fails.
 */
export async function makeStandIn(tree: string, index: PackageIndex, to: string): Promise<void> {
  const draft = `${to}.draft`;
  await rm(draft, { recursive: true, force: true });
  const copy = join(draft, "tree");
  makeDirectory(copy);
  for (const entry of index.entries) {
    const [from, place] = [join(tree, entry.path), join(copy, entry.path)];
    if (entry.kind === "directory") makeDirectory(place);
    else makeDirectory(dirname(place));
    if (entry.kind === "link") symlinkSync(entry.target, place);
    if (entry.kind !== "file") continue;
    if (isObject(from)) writeFileSync(place, await stubOf(from), { mode: entry.mode });
    else if (isRead(entry.path, entry.mode)) copyFileSync(from, place);
  }
  await writeFileWhole(join(draft, "index.json"), JSON.stringify(index));
  await rm(to, { recursive: true, force: true });
  await rename(draft, to);
}

/** What {@link makeStandIn} has left there; undefined where it is not there or of another form. */
export async function readStandIn(directory: string): Promise<PackageIndex | undefined> {
  try {
    const text = await readFile(join(directory, "index.json"), "utf8");
    return packageIndexSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A copy of its files, for a tree. */
export function copyStandIn(directory: string, to: string): void {
  cpSync(join(directory, "tree"), to, { recursive: true, verbatimSymlinks: true });
}

async function stubOf(path: string): Promise<Buffer> {
  const elf = await readElf(path);
  const stub =
    elf === undefined
      ? Buffer.from(MAGIC, "latin1")
      : elfStub([
          ...(elf.soname === undefined ? [] : [[DT_SONAME, elf.soname] as const]),
          ...elf.needed.map((name) => [DT_NEEDED, name] as const),
          ...elf.runPaths.map((name) => [DT_RUNPATH, name] as const),
        ]);
  const names = [...(await namesIn(path))].map((name) => `/${name}\0`);
  return Buffer.concat([stub, Buffer.from(`\0${names.join("")}`)]);
}

function isObject(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(MAGIC.length);
    return readSync(file, start, 0, start.length, 0) === start.length && isMagic(start);
  } finally {
    closeSync(file);
  }
}

function isMagic(start: Buffer): boolean {
  return start.toString("latin1") === MAGIC;
}

/** What programs of the build read, and do not leave to the tree's own programs. */
function isRead(path: string, mode: number): boolean {
  if (UNREAD.test(path)) return false;
  return (mode & 0o111) !== 0 || READ.test(path);
}

const MAGIC = "\u007fELF";
const UNREAD = /^usr\/share\/doc\//;
const READ =
  /^(etc|var\/lib)\/|\.(pc|pl|pm|sh|tcl|cfg|cnf|conf|icd|ini|json|template|ucf)$|^usr\/lib\/([^/]+\/)?[^/]+\.so$/;
