import { posix } from "node:path";
import type { LayerRole } from "./layer-roles.ts";
import { type FindPackage, kindOf, type Owner } from "./owner.ts";
import type { LayerFile } from "./scan-layer.ts";

/**
 * Where a layer's metadata names its packages without their files: the one that there is; else by
 * the names which Debian gives to libraries' packages and to the directories of all packages.
 */
export function namedPackagesOf(
  role: LayerRole,
  files: readonly LayerFile[],
  find: FindPackage,
): FindPackage {
  const manager = role.name.startsWith("ml-buildpacks/apt:") ? "Debian" : "Python";
  const named = new Map(
    role.packages.map((one): [string, Owner] => [
      one.name,
      { ...one, kind: kindOf(manager, one.name) },
    ]),
  );
  const [first] = named.values();
  if (first === undefined)
    return role.part === "buildpack" ? soleOwner(files, find) : () => undefined;
  if (named.size === 1) return () => first;
  const alike = [...named.values()].every(({ kind }) => kind === first.kind);
  const rest: Owner = {
    kind: alike ? first.kind : manager,
    name: `${named.size} packages, not told apart`,
    version: "",
  };
  // A library's link bears the name that programs ask for, and that its package is named after.
  const links = linksByTarget(files);
  return (path) => {
    const names = [path, ...(links.get(path) ?? [])].flatMap((one) => [...debianNames(one)]);
    return names.map((name) => named.get(name)).find(Boolean) ?? rest;
  };
}

/** A layer with the files of one package is that package's: scripts and data besides its modules. */
function soleOwner(files: readonly LayerFile[], find: FindPackage): FindPackage {
  const owners = new Map<string, Owner>();
  for (const { path, target } of files) {
    const owner = target === undefined ? find(path) : undefined;
    if (owner !== undefined) owners.set(`${owner.kind} ${owner.name}`, owner);
  }
  const [sole] = owners.size === 1 ? owners.values() : [];
  return () => sole;
}

function linksByTarget(files: readonly LayerFile[]): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, readonly string[]>();
  for (const { path, target } of files) {
    if (target !== undefined) links.set(target, [...(links.get(target) ?? []), path]);
  }
  return links;
}

/**
 * The packages that a path may be of. Of "libproj.so.25" that is "libproj25", or "libproj25t64":
 * https://www.debian.org/doc/debian-policy/ch-sharedlibs.html#run-time-shared-libraries
 */
function* debianNames(path: string): Generator<string> {
  const folder = /\/usr\/(?:share\/(?:doc\/)?|lib\/(?:[^/]+-linux-gnu[^/]*\/)?)([^/]+)\//.exec(
    path,
  )?.[1];
  if (folder !== undefined) yield folder;
  const file = posix.basename(path).toLowerCase().replaceAll("_", "-");
  const [, stem, number, inName] = /^(.+?)(?:\.so\.(\d+)|-([\d.]+)\.so$)/.exec(file) ?? [];
  if (stem === undefined) return;
  const version = number ?? inName ?? "";
  // "librsvg-2.so.2" is of librsvg2-2.
  for (const name of [stem, stem.replace(/-(?=[\d.]+$)/, "")]) {
    for (const one of [`${name}${version}`, `${name}-${version}`]) {
      yield one;
      yield `${one}t64`;
    }
  }
}
