import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DebianPackage } from "../../debian/lock.ts";
import type { PackageIndex } from "../../debian/package-index.ts";
import type { OpenStandIns } from "./layers/stand-ins.ts";
import { fetchAndUnpack, type Unpacked, type UnpackOptions } from "./unpack.ts";

/** A package of which is known what is in it. */
export interface Known {
  readonly item: DebianPackage;
  readonly index: PackageIndex;
}

/** The packages of a lock, of which only those are fetched whose files are needed. */
export class Supply {
  readonly #options: UnpackOptions;
  readonly #standIns: OpenStandIns;
  readonly #unpacked = new Map<DebianPackage, Unpacked>();

  constructor(options: UnpackOptions, standIns: OpenStandIns) {
    this.#options = options;
    this.#standIns = standIns;
  }

  /** What is in the packages. Where that is not known, they are fetched; so are those `besides`. */
  async learn(
    items: readonly DebianPackage[],
    besides: readonly DebianPackage[],
  ): Promise<readonly Known[]> {
    const known = new Map<DebianPackage, PackageIndex>();
    for (const item of items) {
      const index = await this.#standIns.find(item);
      if (index !== undefined) known.set(item, index);
    }
    await this.fetch([...items.filter((item) => !known.has(item)), ...besides]);
    for (const item of items.filter((one) => !known.has(one))) {
      const { index, tree } = this.unpacked(item);
      await this.#standIns.add(item, index, tree);
      known.set(item, index);
    }
    return [...known].map(([item, index]) => ({ item, index }));
  }

  /** Unpacks those that are not unpacked yet. */
  async fetch(items: readonly DebianPackage[]): Promise<void> {
    const missing = [...new Set(items)].filter((item) => !this.#unpacked.has(item));
    for (const one of await fetchAndUnpack(missing, this.#options)) {
      this.#unpacked.set(one.item, one);
    }
  }

  /** Of a package that was fetched. */
  unpacked(item: DebianPackage): Unpacked {
    const found = this.#unpacked.get(item);
    if (found === undefined) throw new Error(`${item.name} was not fetched`);
    return found;
  }

  /** A directory with what stands for the package's files, to be moved from there. */
  async standIn(item: DebianPackage): Promise<string> {
    const tree = join(this.#options.workDir, "copies", `${item.name}_${item.arch}`);
    await rm(tree, { recursive: true, force: true });
    this.#standIns.copy(item, tree);
    return tree;
  }
}
