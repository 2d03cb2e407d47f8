import { readFile, rm } from "node:fs/promises";
import { writeFileWhole } from "../../cnb/files.ts";
import type { Generator } from "./generator.ts";
import { relocatePaths } from "./texts.ts";

/** r-base-core registers it with ucf in its maintainer script. */
export const rEnvironment: Generator = {
  name: "R's environment",
  run: async ({ tree }) => {
    const [template] = tree.match("usr/lib/R/etc/Renviron.ucf");
    if (template === undefined) return undefined;
    const text = await readFile(tree.at(template), "utf8");
    await rm(tree.at("etc/R/Renviron"), { force: true });
    await writeFileWhole(tree.at("etc/R/Renviron"), relocatePaths(text, tree));
    return "from its template";
  },
};
