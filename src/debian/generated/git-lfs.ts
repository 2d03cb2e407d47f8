import { writeFileWhole } from "../../cnb/files.ts";
import type { Generator } from "./generator.ts";

/**
 * `git lfs install --system`, without which git leaves pointers where the files should be.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/man/git-lfs-install.adoc
 */
export const gitLfs: Generator = {
  name: "git's filters for Git LFS",
  run: async ({ tree }) => {
    if (!tree.has("usr/bin/git-lfs") || tree.has(CONFIGURATION)) return undefined;
    await writeFileWhole(tree.at(CONFIGURATION), FILTERS);
    return "as its own installation sets them";
  },
};

const CONFIGURATION = "etc/gitconfig";
const FILTERS = `[filter "lfs"]
	clean = git-lfs clean -- %f
	smudge = git-lfs smudge -- %f
	process = git-lfs filter-process
	required = true
`;
