import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import type { BenchApp, Upgrade } from "../apps.ts";

/** A copy of the app's folder, to be changed; gone when the command ends. */
export async function copyApp({ name, folder }: BenchApp): Promise<string> {
  const copy = join(await makeTemporaryFolder(), name);
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** The folder is a copy of the app's, here and below. A further edit is another source. */
export async function editSource(folder: string): Promise<void> {
  await appendFile(join(folder, "main.py"), "\n# Edited.\n");
}

/** Adds a line to the requirements. */
export async function addRequirement(
  folder: string,
  { requirements }: BenchApp,
  line: string,
): Promise<void> {
  await changeFile(folder, requirements, (text) => withLine(requirements, text, line));
}

/** Throws where the requirements have no such line. */
export async function replaceRequirement(
  folder: string,
  { requirements }: BenchApp,
  upgrade: Upgrade,
): Promise<void> {
  await changeFile(folder, requirements, (text) => withUpgrade(requirements, text, upgrade));
}

/** Makes another app of it, with the same heavy packages. */
export async function useSecondApp(
  folder: string,
  { requirements, secondApp }: BenchApp,
): Promise<void> {
  await appendFile(join(folder, "main.py"), "\n# Another app.\n");
  await changeFile(folder, requirements, (text) => {
    const rest = secondApp.without.reduce(
      (left, line) => withoutLine(requirements, left, line),
      text,
    );
    return secondApp.with.reduce((left, line) => withLine(requirements, left, line), rest);
  });
}

type ListFile = BenchApp["requirements"];

/** At the end, as people do; in an environment.yml after the last of conda's own packages. */
export function withLine(file: ListFile, text: string, line: string): string {
  const lines = linesOf(text);
  const pipSection = lines.indexOf(itemOf(file, "pip:"));
  const end = pipSection === -1 ? lines.length : pipSection;
  return textOf([...lines.slice(0, end), itemOf(file, line), ...lines.slice(end)]);
}

/** Throws where the text has no such line. */
export function withUpgrade(file: ListFile, text: string, { before, after }: Upgrade): string {
  const lines = linesOf(text);
  const index = indexOf(file, lines, before);
  return textOf([...lines.slice(0, index), itemOf(file, after), ...lines.slice(index + 1)]);
}

/** Throws where the text has no such line. */
export function withoutLine(file: ListFile, text: string, line: string): string {
  const lines = linesOf(text);
  const index = indexOf(file, lines, line);
  return textOf([...lines.slice(0, index), ...lines.slice(index + 1)]);
}

/** Never "nowhere": a build would then be measured in which nothing has changed. */
function indexOf(file: ListFile, lines: readonly string[], line: string): number {
  const index = lines.indexOf(itemOf(file, line));
  if (index === -1) throw new Error(`${file} has no line '${line}'`);
  return index;
}

function itemOf(file: ListFile, line: string): string {
  return file === "environment.yml" ? `  - ${line}` : line;
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}

function textOf(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

async function changeFile(
  folder: string,
  file: ListFile,
  change: (text: string) => string,
): Promise<void> {
  const path = join(folder, file);
  await writeFile(path, change(await readFile(path, "utf8")));
}
