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
  /** One for each package, wherever it was read from: others know it by identity. */
  readonly #indexes = new Map<DebianPackage, PackageIndex>();

  constructor(options: UnpackOptions, standIns: OpenStandIns) {
    this.#options = options;
    this.#standIns = standIns;
  }

  /**
   * What is in the packages, in their order. Where that is not known, they are fetched; so are
   * those `besides`.
   */
  async learn(
    items: readonly DebianPackage[],
    besides: readonly DebianPackage[],
  ): Promise<readonly Known[]> {
    for (const item of items) {
      const index = await this.#standIns.find(item);
      if (index !== undefined) this.#indexes.set(item, index);
    }
    const unknown = items.filter((item) => !this.#indexes.has(item));
    await this.fetch([...unknown, ...besides]);
    for (const item of unknown) {
      const { index, tree } = this.unpacked(item);
      await this.#standIns.add(item, index, tree);
    }
    return items.map((item) => ({ item, index: this.#indexOf(item) }));
  }

  /** Unpacks those that are not unpacked yet. */
  async fetch(items: readonly DebianPackage[]): Promise<void> {
    const missing = [...new Set(items)].filter((item) => !this.#unpacked.has(item));
    for (const one of await fetchAndUnpack(missing, this.#options)) {
      this.#unpacked.set(one.item, one);
      if (!this.#indexes.has(one.item)) this.#indexes.set(one.item, one.index);
    }
  }

  /** Of a package that was fetched. */
  unpacked(item: DebianPackage): Unpacked {
    const found = this.#unpacked.get(item);
    if (found === undefined) throw new Error(`${item.name} was not fetched`);
    return { ...found, index: this.#indexOf(item) };
  }

  #indexOf(item: DebianPackage): PackageIndex {
    const index = this.#indexes.get(item);
    if (index === undefined) throw new Error(`What is in ${item.name} is not known`);
    return index;
  }

  /** A directory with what stands for the package's files, to be moved from there. */
  async standIn(item: DebianPackage): Promise<string> {
    const tree = join(this.#options.workDir, "copies", `${item.name}_${item.arch}`);
    await rm(tree, { recursive: true, force: true });
    this.#standIns.copy(item, tree);
    return tree;
  }
}
