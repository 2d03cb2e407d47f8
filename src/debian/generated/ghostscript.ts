import { readFile, rm } from "node:fs/promises";
import { writeFileWhole } from "../../cnb/files.ts";
import type { Generator } from "./generator.ts";
import { relocatePaths } from "./texts.ts";

/**
 * Which files the fonts of PostScript and the character collections of PDF are: `update-gsfontmap`
 * joins what packages say of them. https://ghostscript.readthedocs.io/en/latest/Fonts.html
 */
export const ghostscriptFonts: Generator = {
  name: "the lists of Ghostscript's fonts",
  run: async ({ tree }) => {
    if (!tree.has("usr/sbin/update-gsfontmap")) return undefined;
    const counts: number[] = [];
    for (const [list, pattern] of LISTS) {
      const parts = tree.match(pattern);
      const texts = await Promise.all(parts.map(async (path) => readFile(tree.at(path), "utf8")));
      await rm(tree.at(list), { force: true });
      await writeFileWhole(tree.at(list), relocatePaths(texts.join(""), tree));
      counts.push(parts.length);
    }
    return `of ${counts.reduce((sum, count) => sum + count)} files`;
  },
};

const LISTS = [
  ["var/lib/ghostscript/fonts/Fontmap", "etc/ghostscript/fontmap.d/*.conf"],
  ["var/lib/ghostscript/fonts/cidfmap", "etc/ghostscript/cidfmap.d/*.conf"],
] as const;
