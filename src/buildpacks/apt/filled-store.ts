import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MergedTree } from "../../debian/farm/merge-trees.ts";
import type { DebianPackage } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import { moveTree } from "../../debian/unpack/move-tree.ts";
import { settleLinks } from "../../debian/unpack/settle-links.ts";
import type { StoreLayer } from "./layers/store.ts";
import type { Known, Supply } from "./supply.ts";

export interface StoreOptions {
  readonly supply: Supply;
  readonly packages: readonly Known[];
  readonly merged: MergedTree;
  readonly rootTree: string;
}

/**
 * The directories of the store layers in this build. In those that are taken from the previous image
 * lies what stands for the packages' files, until something needs the files themselves; in the end
 * they are removed.
 */
export class FilledStore {
  readonly #options: StoreOptions;
  readonly #fresh: readonly StoreLayer[];
  readonly #reused: readonly StoreLayer[];
  readonly #itemOf: ReadonlyMap<PackageIndex, DebianPackage>;
  /** The directory in which a package's files will be. */
  readonly treeOf: ReadonlyMap<PackageIndex, string>;
  #isWhole: boolean;

  constructor(fresh: readonly StoreLayer[], reused: readonly StoreLayer[], options: StoreOptions) {
    this.#options = options;
    this.#fresh = fresh;
    this.#reused = reused;
    this.#itemOf = new Map(options.packages.map(({ item, index }) => [index, item]));
    this.treeOf = new Map(
      [...fresh, ...reused].flatMap(({ members, tree }) => members.map((index) => [index, tree])),
    );
    this.#isWhole = reused.length === 0;
  }

  /** Fetches what new layers need, and `besides`. */
  async fill(besides: readonly DebianPackage[]): Promise<void> {
    const { supply } = this.#options;
    await supply.fetch([...this.#itemsOf(this.#fresh), ...besides]);
    await this.#fillAll(this.#fresh, async (item) => supply.unpacked(item).tree);
    await this.#fillAll(this.#reused, (item) => supply.standIn(item));
  }

  /** Whether every file of every package is there. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Fetches the others, too. */
  async makeWhole(): Promise<void> {
    if (this.#isWhole) return;
    this.#isWhole = true;
    const { supply } = this.#options;
    await supply.fetch(this.#itemsOf(this.#reused));
    for (const { tree } of this.#reused) await rm(tree, { recursive: true, force: true });
    await this.#fillAll(this.#reused, async (item) => supply.unpacked(item).tree);
  }

  /**
   * Where the packages' files are for the rest of the build, as far as they are there. What would be
   * removed with its layer moves below `directory`.
   */
  async keepFiles(directory: string): Promise<ReadonlyMap<PackageIndex, string>> {
    const trees = this.#fresh.map(({ members, tree }) => ({ members, tree }));
    for (const { name, members, tree } of this.#isWhole ? this.#reused : []) {
      const moved = join(directory, name);
      await mkdir(dirname(moved), { recursive: true });
      await rename(tree, moved);
      trees.push({ members, tree: moved });
    }
    return new Map(trees.flatMap(({ members, tree }) => members.map((index) => [index, tree])));
  }

  async #fillAll(
    layers: readonly StoreLayer[],
    filesOf: (item: DebianPackage) => Promise<string>,
  ): Promise<void> {
    const { merged, rootTree } = this.#options;
    for (const { members, tree } of layers) {
      await mkdir(tree, { recursive: true });
      for (const index of members) {
        const item = this.#itemOf.get(index);
        if (item !== undefined) moveTree(await filesOf(item), tree);
        settleLinks(tree, index, merged, rootTree);
      }
    }
  }

  #itemsOf(layers: readonly StoreLayer[]): readonly DebianPackage[] {
    return layers
      .flatMap(({ members }) => members)
      .flatMap((index) => this.#itemOf.get(index) ?? []);
  }
}
