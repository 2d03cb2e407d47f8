import {
  cpSync,
  type Dirent,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CondaPackage } from "../../../src/conda/lock.ts";
import { ENVIRONMENT_LAYER, prefixPath } from "../../../src/conda/paths.ts";
import { compilePrefix } from "../../../src/conda/prefix/bytecode.ts";
import { completeRecords } from "../../../src/conda/prefix/complete-records.ts";
import { readDistributions } from "../../../src/conda/prefix/distributions.ts";
import { restoreLightPart, saveLightPart } from "../../../src/conda/prefix/light-part.ts";
import { movableFiles } from "../../../src/conda/prefix/movable.ts";
import { moveToLayer } from "../../../src/conda/prefix/move.ts";
import { prunePrefix, rulesFor } from "../../../src/conda/prefix/prune.ts";
import { findPython } from "../../../src/conda/prefix/python.ts";
import { readPrefix } from "../../../src/conda/prefix/read-prefix.ts";
import { kilobytesOf, splitByWeight } from "../../../src/conda/prefix/split.ts";
import { writeRecords } from "../../../src/conda/prefix/write-records.ts";
import { settleModes } from "../../../src/python/environment/modes.ts";

/**
 * Makes an environment of the packages that lie unpacked in a directory. A package whose light
 * part is in the layers directory is not installed, but made of these.
 */
async function main([packages = "", layers = ""]: readonly string[]): Promise<void> {
  const prefix = prefixPath(layers);
  const archiveOf = ({ name }: { readonly name: string }) =>
    join(layers, "light-parts", `${name}.tar.zst`);
  rmSync(join(layers, ENVIRONMENT_LAYER), { recursive: true, force: true });
  const items = readdirSync(packages).sort().map(itemOf);
  const standing = items.filter((item) => statSync(archiveOf(item), { throwIfNoEntry: false }));
  const installed = items.filter((item) => !standing.includes(item));
  for (const item of installed) installAsTheEngineDoes(join(packages, item.name), item, prefix);
  for (const item of standing) {
    const archive = archiveOf(item);
    const colliding = await restoreLightPart(prefix, archive, process.env);
    if (colliding.length > 0) throw new Error(`colliding: ${colliding.join(" ")}`);
  }

  const directories = Object.fromEntries(
    installed.map(({ name }) => [name, join(packages, name)] as const),
  );
  const complete = await completeRecords(await readPrefix(prefix), items, directories);
  const { records, savings } = prunePrefix(prefix, complete, rulesFor(complete, new Set()));
  const movable = new Map(records.map((one) => [one.name, movableFiles(prefix, one)]));
  const weights = new Map([...movable].map(([name, files]) => [name, kilobytesOf(files)]));
  const heavy = splitByWeight(weights, 5);
  for (const [name, layer] of heavy) {
    const paths = (movable.get(name) ?? []).map(({ path }) => path);
    moveToLayer(prefix, layers, layer, paths);
  }
  const python = findPython(prefix, records);
  if (python === undefined) throw new Error("no Python");
  const compiled = await compilePrefix(prefix, records, python, process.env);
  await writeRecords(prefix, compiled);
  for (const layer of [ENVIRONMENT_LAYER, ...heavy.values()]) settleModes(join(layers, layer));
  for (const record of compiled.filter(({ name }) => heavy.has(name))) {
    await saveLightPart(prefix, record, archiveOf(record), process.env);
  }

  const lines = [
    `installed: ${installed.map(({ name }) => name).join(" ")}`,
    `heavy: ${[...heavy.keys()].join(" ")}`,
    `left out: ${savings.map(({ rule }) => rule.name).join(", ")}`,
    `distributions: ${JSON.stringify(await readDistributions(join(prefix, python.sitePackages)))}`,
    `records: ${JSON.stringify(await compareWithRecords(prefix))}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function itemOf(name: string): CondaPackage {
  const version = name === "python" ? "3.13.5" : "1.0";
  const file = `${name}-${version}-0.conda`;
  const digest = { sha256: "ab".repeat(32) };
  return { name, version, build: "0", channel: "https://c/x", subdir: "linux-64", file, digest };
}

function installAsTheEngineDoes(from: string, item: CondaPackage, prefix: string): void {
  const all = readdirSync(from, { recursive: true, withFileTypes: true });
  const above = new Set(all.map(({ parentPath }) => parentPath));
  const paths = all
    .filter((entry) => !above.has(join(entry.parentPath, entry.name)))
    .map((entry) => ({
      _path: join(entry.parentPath, entry.name).slice(from.length + 1),
      path_type: typeOf(entry),
    }))
    .filter(({ _path }) => !_path.startsWith("info/"));
  for (const { _path } of paths) {
    cpSync(join(from, _path), join(prefix, _path), { verbatimSymlinks: true, recursive: true });
  }
  const { name, version, build, subdir } = item;
  const record = {
    ...{ name, version, build, subdir, extracted_package_dir: from },
    paths_data: { paths_version: 1, paths: paths.toReversed() },
  };
  mkdirSync(join(prefix, "conda-meta"), { recursive: true });
  const file = join(prefix, `conda-meta/${name}-${version}-${build}.json`);
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
}

function typeOf(entry: Dirent): string {
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "softlink" : "hardlink";
}

/** What `conda-meta` lists and the prefix lacks, and the other way round. */
async function compareWithRecords(prefix: string) {
  const names = readdirSync(join(prefix, "conda-meta")).filter((name) => name.endsWith(".json"));
  const records = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(prefix, "conda-meta", name), "utf8");
      return JSON.parse(text) as { readonly files: readonly string[] };
    }),
  );
  const listed = new Set(records.flatMap(({ files }) => files));
  const all = readdirSync(prefix, { recursive: true, withFileTypes: true });
  const there = new Set(
    all.map(({ parentPath, name }) => join(parentPath, name).slice(prefix.length + 1)),
  );
  const files = all
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(prefix.length + 1));
  return {
    missing: [...listed].filter((path) => !there.has(path)),
    unlisted: files.filter((path) => !listed.has(path) && !path.startsWith("conda-meta/")),
  };
}

void main(process.argv.slice(2));
