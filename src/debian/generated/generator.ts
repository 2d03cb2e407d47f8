import type { Env } from "../../cnb/env.ts";
import type { Tree } from "../environment/tree.ts";
import type { PackageIndex } from "../package-index.ts";

/** What a generator works on: the tree with its links and alternatives, and who brought what. */
export interface Workplace {
  readonly tree: Tree;
  readonly indexes: readonly PackageIndex[];
  /** For programs of the tree, its own variables included. */
  readonly env: Env;
}

/** Makes files that a package's maintainer script or trigger would make on a real system. */
export interface Generator {
  /** What it makes, as the log says it: "the list of fonts". */
  readonly name: string;
  /**
   * Of one that runs a program of the tree: the directories and files that decide what the program
   * makes. Where they are those of an earlier build, what it made then is taken, and the program is
   * not needed, nor the packages' files.
   */
  readonly inputs?: readonly string[];
  /** Gives how much was made, in words; undefined where the tree needs none of it. */
  readonly run: (place: Workplace) => Promise<string | undefined>;
}
