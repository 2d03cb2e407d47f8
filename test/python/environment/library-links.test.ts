import { readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkCudaLibraries } from "../../../src/python/environment/library-links.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("all of CUDA's libraries are in one directory, plugins below the library that loads them", async () => {
  const layer = await realpath(await temporaryDirectory());
  const site = join(layer, "site-packages");
  await writeFiles(site, {
    "cutensor/lib/libcutensor.so.2": "",
    "nvidia/cudnn/lib/libcudnn.so.9": "",
    "nvidia/libnvcomp/lib64/libnvcomp.so.6": "",
    "nvidia/nvimgcodec/extensions/libnvjpeg_ext.so.0.9.0": "",
    "nvidia/nvimgcodec/libnvimgcodec.so.0": "",
  });

  await linkCudaLibraries(site, layer);

  const links = join(layer, "cuda-libraries");
  expect((await readdir(links, { recursive: true })).sort()).toEqual([
    ...["extensions", "extensions/libnvjpeg_ext.so.0.9.0", "libcudnn.so.9", "libcutensor.so.2"],
    ...["libnvcomp.so.6", "libnvimgcodec.so.0"],
  ]);
  expect(await readlink(join(links, "libcutensor.so.2"))).toBe(
    "../site-packages/cutensor/lib/libcutensor.so.2",
  );
  expect(await realpath(join(links, "extensions/libnvjpeg_ext.so.0.9.0"))).toBe(
    join(site, "nvidia/nvimgcodec/extensions/libnvjpeg_ext.so.0.9.0"),
  );
});

test("a layer without them has no such directory", async () => {
  const layer = await temporaryDirectory();
  await writeFiles(layer, { "site-packages/nvidia/__init__.py": "" });

  await linkCudaLibraries(join(layer, "site-packages"), layer);

  expect(await readdir(layer)).toEqual(["site-packages"]);
});
