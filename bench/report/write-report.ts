import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchResult } from "../result.ts";
import { formatReport, PLOT_FOLDER } from "./document.ts";
import { plots } from "./plots.ts";

/**
 * Writes benchmarks.md into a folder, and its plots into `PLOT_FOLDER` beside it, from which those
 * of another run go. Gives the paths of all.
 */
export async function writeReport(result: BenchResult, folder: string): Promise<readonly string[]> {
  const plotFolder = join(folder, PLOT_FOLDER);
  await rm(plotFolder, { recursive: true, force: true });
  await mkdir(plotFolder, { recursive: true });
  const files = [
    [join(folder, "benchmarks.md"), formatReport(result)] as const,
    ...[...plots(result)].map(([name, svg]) => [join(plotFolder, name), svg] as const),
  ];
  for (const [path, content] of files) await writeFile(path, content);
  return files.map(([path]) => path);
}
