import { posix } from "node:path";
import type { InstalledPackage } from "./installed-packages.ts";
import type { LayerRole } from "./layer-roles.ts";
import { namedPackagesOf } from "./named-packages.ts";
import { type FindPackage, isSame, kindOf, type Owner } from "./owner.ts";
import type { LayerFile } from "./scan-layer.ts";

type FindOwner = (file: LayerFile) => Owner;

/**
 * Makes a function that says whose the files of the image are. `layers` are all of the image's
 * files, since links of one layer lead to files of another.
 */
export function ownersOf(
  packages: readonly InstalledPackage[],
  layers: readonly (readonly LayerFile[])[],
): (role: LayerRole, files: readonly LayerFile[]) => FindOwner {
  const findClaimed = claimsOf(packages, layers);
  const findNeighbour = neighboursOf(packages);
  return (role, files) => {
    const whole = ownerOfWhole(role);
    if (whole !== undefined) return () => whole;
    const find = (path: string) =>
      findClaimed(canonical(path)) ?? findNeighbour(path) ?? interpreterAt(path);
    const findNamed = namedPackagesOf(role, files, find);
    return ({ path }) => find(path) ?? findNamed(path) ?? ownerOfPlace(path, role);
  };
}

function ownerOfWhole({ part, name }: LayerRole): Owner | undefined {
  if (part === "app") return THE_APP;
  if (part === "lifecycle") return { kind: "lifecycle", name, version: "" };
  return undefined;
}

/** Of a buildpack's layer. */
export const OWN_FILES = "the buildpack's own files";

const THE_APP: Owner = { kind: "app", name: "the app's files", version: "" };

/** By what the package managers say. Where two claim a path, the first has it. */
function claimsOf(
  packages: readonly InstalledPackage[],
  layers: readonly (readonly LayerFile[])[],
): FindPackage {
  const claims = new Map<string, Owner>();
  for (const one of packages) {
    const owner = ownerFrom(one);
    for (const path of one.paths) {
      const key = canonical(path);
      if (!claims.has(key)) claims.set(key, owner);
    }
  }
  // Large files of a conda environment lie elsewhere, with links to them where the package has them.
  for (const { path, target } of layers.flat()) {
    const owner = target === undefined ? undefined : claims.get(canonical(path));
    const key = canonical(target ?? "");
    if (owner !== undefined && !claims.has(key)) claims.set(key, owner);
  }
  return (path) => claims.get(path) ?? claims.get(sourceOf(path) ?? "");
}

/** "a/b.py" of its bytecode "a/__pycache__/b.cpython-313.opt-1.pyc", which RECORD may not list. */
function sourceOf(path: string): string | undefined {
  const [, folder, name] = /^(.*\/)?__pycache__\/([^/]+?)\.[^/]*\.pyc$/.exec(path) ?? [];
  return name === undefined ? undefined : `${folder ?? ""}${name}.py`;
}

/** Files that no one claims, in a directory of site-packages in which all is one package's. */
function neighboursOf(packages: readonly InstalledPackage[]): FindPackage {
  const folders = new Map<string, Owner | "several">();
  for (const one of packages) {
    const owner = ownerFrom(one);
    for (const path of one.paths) {
      for (const folder of foldersWithin(path)) {
        const found = folders.get(folder) ?? owner;
        folders.set(folder, found === "several" || !isSame(found, owner) ? "several" : owner);
      }
    }
  }
  return (path) => {
    const found = foldersWithin(path)
      .map((folder) => folders.get(folder))
      .find(Boolean);
    return found === "several" ? undefined : found;
  };
}

/** The directories above the path up to site-packages, nearest first. */
function foldersWithin(path: string): readonly string[] {
  const end = Math.max(path.lastIndexOf("/site-packages/"), path.lastIndexOf("/dist-packages/"));
  if (end === -1) return [];
  const folders: string[] = [];
  const least = end + "/site-packages/".length;
  for (let at = path.lastIndexOf("/"); at >= least; at = path.lastIndexOf("/", at - 1)) {
    folders.push(path.slice(0, at));
  }
  return folders;
}

/** Of a Python that no package manager has installed. */
function interpreterAt(path: string): Owner | undefined {
  const version = /(?:^|\/)(?:lib|bin|include)\/(?:lib)?python(\d\.\d+)/.exec(path)?.[1];
  if (version === undefined || /(?:site|dist)-packages\//.test(path)) return undefined;
  return { kind: "interpreter", name: "Python", version };
}

function ownerOfPlace(path: string, { part, name }: LayerRole): Owner {
  if (path.startsWith("usr/local/cuda")) return { kind: "NVIDIA", name: "CUDA", version: "" };
  if (part === "step" && /^(?:COPY|ADD) /.test(name)) return THE_APP;
  const place = part === "buildpack" ? OWN_FILES : `/${folderOf(path)}`;
  return { kind: "other", name: place, version: "" };
}

/** Its first two directories: "root/.cache". */
function folderOf(path: string): string {
  return posix.dirname(path).split("/").slice(0, 2).join("/").replace(/^\.$/, "");
}

function ownerFrom({ manager, name, version }: InstalledPackage): Owner {
  const kind = ({ conda: "conda", debian: "Debian", python: "Python" } as const)[manager];
  return { kind: kindOf(kind, name), name, version };
}

/** Debian's lists name some files by links of the root, such as /lib: https://wiki.debian.org/UsrMerge */
function canonical(path: string): string {
  return path.replace(/^(?=(?:bin|sbin|lib|lib32|lib64|libx32)\/)/, "usr/");
}
