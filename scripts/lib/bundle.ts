import { build } from "esbuild";
import { chmod, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { detectScript } from "../../src/cnb/detect-script.ts";
import type { BuildpackDefinition } from "../../src/kit/buildpack.ts";
import { SOURCE_MODULES } from "./source-modules.ts";

/** Writes `bin/detect` and `bin/build` of every buildpack; gives their names. */
export async function bundleBuildpacks(root: string): Promise<readonly string[]> {
  const names = (await readdir(join(root, "src", "buildpacks"), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  await Promise.all(names.map((name) => bundleBuildpack(root, name)));
  return names;
}

export async function bundleBuildpack(root: string, name: string): Promise<void> {
  const source = join(root, "src", "buildpacks", name, "index.ts");
  const bin = join(root, "buildpacks", name, "bin");
  await mkdir(bin, { recursive: true });

  // CommonJS, since a file without an ending is read as such. Modules that are imported
  // dynamically (execa, yaml) are then evaluated on first use only, which is what keeps a build
  // that has nothing to do quick.
  const { outputFiles } = await build({
    stdin: {
      contents: `import { main } from ${JSON.stringify(join(root, "src/kit/buildpack.ts"))};
import definition from ${JSON.stringify(source)};
void main(definition);`,
      resolveDir: root,
      loader: "ts",
    },
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: "none",
    ...SOURCE_MODULES,
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "warning",
  });
  await writeProgram(join(bin, "build"), outputFiles[0]?.text ?? "");
  const definition = await loadDefinition(root, name, source);
  await writeProgram(join(bin, "detect"), detectScript(definition.detect));
}

/** As a whole: another test may be running the program. */
async function writeProgram(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, text);
  await chmod(partial, 0o755);
  await rename(partial, path);
}

async function loadDefinition(
  root: string,
  name: string,
  source: string,
): Promise<BuildpackDefinition> {
  // Of this process alone: two commands may bundle at once.
  const outfile = join(root, ".cache", "definitions", `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  try {
    const module = (await import(`${pathToFileURL(outfile).href}?${Date.now()}`)) as {
      default: BuildpackDefinition;
    };
    return module.default;
  } finally {
    await rm(outfile);
  }
}
