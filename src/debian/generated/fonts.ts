import { readdir, readFile, realpath, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory, writeFileWhole } from "../../cnb/files.ts";
import { capture } from "../../kit/command.ts";
import type { Generator } from "./generator.ts";

/**
 * The package's own configuration with the tree's fonts and rules in place of the system's. The
 * image's and the app's fonts are searched, too.
 * https://www.freedesktop.org/software/fontconfig/fontconfig-user.html
 */
export const fontConfiguration: Generator = {
  name: "a configuration of fontconfig",
  run: async ({ tree }) => {
    if (!tree.has(CONFIGURATION)) return undefined;
    const original = await readFile(tree.at(CONFIGURATION), "utf8");
    await rm(tree.at(CONFIGURATION));
    await writeFileWhole(tree.at(CONFIGURATION), relocateFonts(original, tree.path));
    return "for the fonts of the packages and of the image";
  },
};

/**
 * The list of fonts that fc-cache makes holds while a directory of fonts has the time of change
 * that it had. The lifecycle gives this one to everything in a layer, so that the list also
 * holds in the image. https://github.com/buildpacks/lifecycle/blob/main/archive/writer.go
 */
export const fontCache: Generator = {
  name: "the list of fonts",
  inputs: ["usr/share/fonts", "etc/fonts", "usr/share/fontconfig", "usr/bin/fc-cache"],
  run: async ({ tree, env }) => {
    const [program] = tree.match("usr/bin/fc-cache");
    const fonts = tree.files("usr/share/fonts");
    if (program === undefined || !tree.has(CONFIGURATION) || fonts.length === 0) return undefined;
    await makeDirectory(tree.at(CACHE));
    for (const directory of await directoriesBelow(tree.at("usr/share/fonts"))) {
      await utimes(directory, LAYER_TIME, LAYER_TIME);
    }
    await capture(tree.at(program), ["--system-only", "--force", tree.at("usr/share/fonts")], {
      env,
    });
    return `of ${fonts.length} files`;
  },
};

function relocateFonts(configuration: string, root: string): string {
  return configuration
    .replaceAll(/<dir>\/usr\/share\/fonts<\/dir>/g, `<dir>${root}/usr/share/fonts</dir>$&`)
    .replaceAll(/(<include[^>]*>)conf\.d<\/include>/g, `$1${root}/etc/fonts/conf.d</include>`)
    .replaceAll(
      /<cachedir>\/var\/cache\/fontconfig<\/cachedir>/g,
      `<cachedir>${root}/${CACHE}</cachedir>`,
    );
}

/** With those that links lead to, as poppler-data has them; each once. */
async function directoriesBelow(
  directory: string,
  seen: Set<string> = new Set(),
): Promise<readonly string[]> {
  const real = await realpath(directory);
  if (seen.has(real)) return [];
  seen.add(real);
  const found = [directory];
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const isDirectory = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isDirectory) found.push(...(await directoriesBelow(path, seen)));
  }
  return found;
}

const CONFIGURATION = "etc/fonts/fonts.conf";
const CACHE = "var/cache/fontconfig";
/** 1980-01-01T00:00:01Z */
const LAYER_TIME = 315_532_801;
