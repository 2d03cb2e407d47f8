import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchApp } from "../../bench/apps.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** An app with one line of requirements for each upgrade. */
export async function fakeApp(more: Partial<BenchApp> = {}): Promise<BenchApp> {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "main.py"), "");
  await writeFile(join(folder, "requirements.txt"), "small==1\nheavy==1\n");
  return {
    ...{ name: "app", description: "", folder, requirements: "requirements.txt" },
    ...{ modules: [], start: [], env: {}, rivals: [], heavy: false },
    ...{ additions: ["one", "two", "three"], freshAddition: "fresh" },
    smallUpgrade: { before: "small==1", after: "small==2" },
    heavyUpgrade: { before: "heavy==1", after: "heavy==2" },
    secondApp: { without: ["small==1"], with: ["other"] },
    ...more,
  };
}
