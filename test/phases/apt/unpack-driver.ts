import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFarm } from "../../../src/debian/farm/farm.ts";
import { mergeTrees } from "../../../src/debian/farm/merge-trees.ts";
import { settleLinks } from "../../../src/debian/unpack/settle-links.ts";
import { unpackPackage } from "../../../src/debian/unpack/unpack-package.ts";

/** Unpacks the packages of one directory into the layers of another, each into one of its own. */
async function main([debs = "", layers = ""]: readonly string[]): Promise<void> {
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  const rootTree = join(layers, "root/tree");
  const storeTree = ({ name }: { readonly name: string }) => join(layers, name, "tree");
  await mkdir(join(layers, "root"));
  const files = (await readdir(debs)).sort();
  const indexes = await Promise.all(
    files.map(async (file) => {
      const tree = storeTree({ name: file.split("_", 1)[0] ?? "" });
      await mkdir(tree, { recursive: true });
      return unpackPackage({ deb: join(debs, file), tree, arch, env: process.env });
    }),
  );
  const merged = mergeTrees(indexes);
  for (const index of indexes) settleLinks(storeTree(index), index, merged, rootTree);
  writeFarm(merged, storeTree, rootTree);
  await writeFile(join(layers, "indexes.json"), JSON.stringify(indexes));
}

void main(process.argv.slice(2));
