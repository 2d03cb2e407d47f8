import type { BuildOptions } from "esbuild";
import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";
import { parseToml } from "../../src/cnb/toml.ts";
import { compatibilitySchema } from "../../src/accelerator/compatibility-schema.ts";

/**
 * What sources import besides TypeScript, for esbuild: scripts that run elsewhere are text, and the
 * compatibility data are read and checked here, since each build would take 30 ms for it.
 */
export const SOURCE_MODULES = {
  loader: { ".py": "text", ".sh": "text" },
  plugins: [
    {
      name: "compatibility-data",
      setup: (build) =>
        build.onLoad({ filter: COMPATIBILITY }, async ({ path }) => ({
          contents: readCompatibility(await readFile(path, "utf8")),
          loader: "json",
        })),
    },
  ],
} satisfies BuildOptions;

/** The same for Vite, and so for tests. */
export const viteSourceModules: Plugin = {
  name: "source-modules",
  transform(code, id) {
    if (/\.(sh|py)$/.test(id)) return `export default ${JSON.stringify(code)};`;
    return COMPATIBILITY.test(id) ? `export default ${readCompatibility(code)};` : undefined;
  },
};

const COMPATIBILITY = /[/\\]compatibility\.toml$/;

/** As JSON. Throws where the text is not TOML, or not of the schema. */
export function readCompatibility(text: string): string {
  return JSON.stringify(compatibilitySchema.parse(parseToml(text)));
}
