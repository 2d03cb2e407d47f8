import { lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { capture, CommandError } from "../../kit/command.ts";
import { sha256OfFile } from "../../kit/hash.ts";
import { namesOfRelation, parseParagraphs } from "../deb822.ts";
import type { PackageEntry, PackageIndex } from "../package-index.ts";
import { readLicenses } from "./copyright.ts";
import type { Copy } from "./copies.ts";
import { mergedPath, relativeTarget } from "./merge-usr.ts";
import { removeLeftOut } from "./left-out.ts";
import { makeDirectory, moveTree } from "./move-tree.ts";
import { readScripts } from "./scripts.ts";

export interface UnpackOptions {
  /** Path of the .deb. */
  readonly deb: string;
  /** `<layer>/tree`, which may have other packages' files. */
  readonly tree: string;
  /** Of the machine, as Debian and a target name it: "amd64". */
  readonly arch: string;
  /** Of dpkg-deb. */
  readonly env: Env;
}

/**
 * Unpacks a package into a tree, without root and without running anything of it. Throws a
 * CommandError where dpkg-deb can't read it.
 */
export async function unpackPackage({
  deb,
  tree,
  arch,
  env,
}: UnpackOptions): Promise<PackageIndex> {
  // On the tree's file system, so that files move and are not copied; of this run alone.
  await mkdir(dirname(tree), { recursive: true });
  const scratch = await mkdtemp(join(dirname(tree), `.${basename(tree)}-`));
  try {
    const control = join(scratch, "control");
    const files = join(scratch, "files");
    await capture("dpkg-deb", ["--control", deb, control], { env });
    const devices = await extract(deb, files, env);
    await removeLeftOut(files);
    const [fields] = parseParagraphs(readFileSync(join(control, "control"), "utf8"));
    const field = (name: string) => fields?.get(name) ?? "";
    const name = field("package");
    makeRoom(files, name, readScripts(control, { name, arch, entries: [] }).diversions);
    const { entries, setId, special } = moveTree(files, tree);
    const copyright = `usr/share/doc/${name}/copyright`;
    // Some have a link there to another package's, which may be unpacked by now or not.
    const hasCopyright = entries.some(({ kind, path }) => kind === "file" && path === copyright);
    const scripts = readScripts(control, { name, arch, entries });
    return {
      name,
      version: field("version"),
      arch: field("architecture"),
      sha256: await sha256OfFile(deb),
      entries: addCopies(tree, entries, scripts.copies),
      alternatives: [...scripts.alternatives],
      diversions: [...scripts.diversions],
      replaces: [...new Set(namesOfRelation(field("replaces")))].sort(),
      notDone: [
        ...setId.map(
          (path) => `gives whoever runs /${path} its owner's or group's rights (setuid, setgid)`,
        ),
        ...[...devices, ...special].map((path) => `makes the special file /${path}`),
        ...scripts.notDone,
      ],
      licenses: hasCopyright ? [...readLicenses(readFileSync(join(tree, copyright), "utf8"))] : [],
      source: field("source").split(/\s/, 1)[0] || name,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Gives a package's file another name where it diverts another package's: both may be in one tree.
 * What it is called by is a link to it.
 */
function makeRoom(files: string, name: string, diversions: PackageIndex["diversions"]): void {
  for (const { path } of diversions) {
    const place = join(files, path);
    if (lstatSync(place, { throwIfNoEntry: false })?.isFile() !== true) continue;
    renameSync(place, `${place}.${name}`);
    symlinkSync(`${basename(path)}.${name}`, place);
  }
}

function addCopies(
  tree: string,
  entries: readonly PackageEntry[],
  copies: readonly Copy[],
): PackageEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path, source } of copies) {
    const above = path.split("/").slice(0, -1);
    for (const length of above.keys()) {
      const directory = above.slice(0, length + 1).join("/");
      if (all.has(directory)) continue;
      makeDirectory(join(tree, directory));
      all.set(directory, { kind: "directory", path: directory });
    }
    const target = relativeTarget(path, source);
    rmSync(join(tree, path), { force: true });
    symlinkSync(target, join(tree, path));
    all.set(path, { kind: "link", path, target });
  }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Gives the devices that only root may make, past which tar goes on, and so does this.
 * https://www.gnu.org/software/tar/manual/html_section/Synopsis.html
 */
async function extract(deb: string, files: string, env: Env): Promise<readonly string[]> {
  try {
    await capture("dpkg-deb", ["--extract", deb, files], { env });
    return [];
  } catch (error) {
    const lines = error instanceof CommandError ? error.output.trim().split("\n") : [];
    const devices = lines.flatMap((line) => /^tar: (.*): Cannot mknod/.exec(line)?.[1] ?? []);
    const others = lines.filter(
      (line) => !/: Cannot mknod|^tar: Exiting with failure|^dpkg-deb: error: tar /.test(line),
    );
    if (devices.length === 0 || others.length > 0) throw error;
    return devices.map(mergedPath);
  }
}
