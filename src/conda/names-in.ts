import { readdirSync } from "node:fs";
import { compareTexts } from "../kit/text.ts";

/** What lies in a directory, sorted; nothing where there is no such directory. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort(compareTexts);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
