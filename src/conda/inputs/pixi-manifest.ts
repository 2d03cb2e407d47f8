import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Line, SourceText } from "./source-text.ts";

/** The file in which pixi's dependencies are written: https://pixi.sh/latest/reference/pixi_manifest/ */
export async function findPixiManifest(appDir: string): Promise<string | undefined> {
  if ((await readText(appDir, "pixi.toml")) !== undefined) return "pixi.toml";
  const text = (await readText(appDir, "pyproject.toml")) ?? "";
  const source = { file: "pyproject.toml", lines: text.split("\n") };
  return DEPENDENCIES.some((table) => tableNames(source).includes(table)) ? source.file : undefined;
}

/**
 * The conda packages that the default environment asks for on a platform, as `name = …`. Only
 * looked through, not parsed: for messages the lines count.
 */
export function pixiDependencies(source: SourceText, subdir: string): readonly Line[] {
  const tables = tableNames(source);
  const wanted = new Set(
    ["", `target.${subdir}.`, "target.linux.", "target.unix."].flatMap((target) => [
      `${target}dependencies`,
      `tool.pixi.${target}dependencies`,
    ]),
  );
  return source.lines.flatMap((text, index) => {
    if (!wanted.has(tables[index] ?? "")) return [];
    // What is built from its sources has no file of a channel in the lock.
    const [, name] = /^\s*["']?([\w.-]+)["']?\s*=(?!.*\b(?:path|git|url)\s*=)/.exec(text) ?? [];
    return name === undefined ? [] : [{ text: name.toLowerCase(), line: index + 1 }];
  });
}

/** For each line the table that it stands in. */
function tableNames({ lines }: SourceText): readonly string[] {
  let table = "";
  return lines.map((text) => {
    const [, name] = /^\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$/.exec(text) ?? [];
    if (name !== undefined) table = name.replaceAll(/["'\s]/g, "");
    return table;
  });
}

/** In pyproject.toml; those for single features are no part of the default environment. */
const DEPENDENCIES = [
  "tool.pixi.dependencies",
  ...["linux-64", "linux-aarch64", "linux", "unix"].map(
    (target) => `tool.pixi.target.${target}.dependencies`,
  ),
];

async function readText(appDir: string, file: string): Promise<string | undefined> {
  return readFile(join(appDir, file), "utf8").catch(() => undefined);
}
