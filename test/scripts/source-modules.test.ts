import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { readCompatibility, SOURCE_MODULES } from "../../scripts/lib/source-modules.ts";
import { compatibility } from "../../src/accelerator/compatibility.ts";
import { temporaryDirectory } from "../support/temporary.ts";

let text: string;

beforeAll(async () => {
  text = await readFile("src/accelerator/compatibility.toml", "utf8");
});

it("bundles hold the compatibility data as tests see it, and nothing that reads it", async () => {
  const outfile = join(await temporaryDirectory(), "data.mjs");
  const { metafile } = await build({
    stdin: {
      contents: `export { default as data } from "./src/accelerator/compatibility.toml";`,
      resolveDir: ".",
    },
    bundle: true,
    outfile,
    metafile: true,
    format: "esm",
    ...SOURCE_MODULES,
  });
  const { data } = (await import(outfile)) as { readonly data: unknown };

  expect(data).toEqual(compatibility());
  expect(Object.keys(metafile.inputs).filter((path) => path !== "<stdin>")).toHaveLength(1);
});

it.each([
  ["a wrong type", 'default = "13.0"', "default = 13", "invalid_type"],
  ["a key that nothing reads", "loader = true", "loeader = true", "loeader"],
  ["a table that nothing reads", "[rocm]", "[unread]\n[rocm]", "unread"],
  ["something else than TOML", "[cuda]", "[cuda", "expected"],
])("%s in the data stops the bundling", (_, found, wrong, message) => {
  expect(text).toContain(found);
  expect(() => readCompatibility(text.replace(found, wrong))).toThrow(message);
});
