import { writeFileWhole } from "../../cnb/files.ts";
import type { Tree } from "../environment/tree.ts";
import type { Generator } from "./generator.ts";

/**
 * Scripts of packages, such as `gdal_merge.py`, need the Python modules of packages. No variable tells
 * them: it would tell the app's Python, too. A program that begins such scripts does.
 */
export const pythonScripts: Generator = {
  name: "a start for scripts in Python",
  run: async ({ tree }) => {
    if (!tree.has(MODULES) || tree.has("usr/bin/python3")) return undefined;
    await writeFileWhole(tree.at(START), start(tree), 0o755);
    return "with the modules of the packages";
  },
};

/** `#!/usr/bin/python3 -Es` becomes `#!/usr/bin/env -S /usr/bin/python3 -Es <start>`. */
export function withModules(text: string, tree: Tree): string {
  if (!tree.has(START)) return text;
  return text.replace(
    /^#! *(\/usr\/bin\/python3)( +-\w+)? *\n/,
    (_, python: string, options = "") =>
      options === ""
        ? `#!${python} ${tree.at(START)}\n`
        : `#!/usr/bin/env -S ${python}${options} ${tree.at(START)}\n`,
  );
}

function start(tree: Tree): string {
  return `import os, runpy, site, sys

del sys.argv[0]
sys.path[0] = os.path.dirname(os.path.realpath(sys.argv[0]))
site.addsitedir("${tree.at(MODULES)}")
runpy.run_path(sys.argv[0], run_name="__main__")
`;
}

const MODULES = "usr/lib/python3/dist-packages";
const START = "usr/lib/ml-buildpacks/python-script";
