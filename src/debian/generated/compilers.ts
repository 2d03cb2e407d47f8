import { rename } from "node:fs/promises";
import { writeFileWhole } from "../../cnb/files.ts";
import type { Generator } from "./generator.ts";

/**
 * GCC looks for its own parts beside the place where its file really lies, which is in a layer that
 * does not have all of them, and for headers and start files in /usr, which the run image does not
 * have. PyTorch and Triton call it when the app runs. The options keep it in the tree; headers come
 * after all others, since C++'s own lead on to them.
 * https://gcc.gnu.org/onlinedocs/gcc/Overall-Options.html#index-no-canonical-prefixes
 * https://gcc.gnu.org/onlinedocs/gcc/Directory-Options.html#index-idirafter
 */
export const compilers: Generator = {
  name: "a start for compilers",
  run: async ({ tree }) => {
    const programs = tree.match("usr/bin/<triplet>-*").filter((path) => PROGRAM.test(path));
    for (const path of programs) {
      await rename(tree.at(path), tree.at(`${path}.program`));
      const headers = ["usr/include/<triplet>", "usr/include"].map((directory) =>
        tree.at(directory.replace("<triplet>", tree.triplet)),
      );
      const libraries = tree.at(`usr/lib/${tree.triplet}`);
      const options = [
        "-no-canonical-prefixes",
        ...headers.map((directory) => `-idirafter ${directory}`),
        `-B${libraries}/ -L${libraries}`,
      ];
      const script = `#!/bin/sh\nexec ${tree.at(path)}.program ${options.join(" ")} "$@"\n`;
      await writeFileWhole(tree.at(path), script, 0o755);
    }
    return programs.length === 0 ? undefined : `${programs.length} of them`;
  },
};

const PROGRAM = /-linux-gnu-(gcc|g\+\+|gfortran)-\d+$/;
