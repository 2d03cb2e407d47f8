import { expect, test } from "vitest";
import { findEarlierCuda } from "../../src/cuda/earlier-cuda.ts";
import { Settings } from "../../src/kit/settings.ts";

test.each<[string, Record<string, unknown> | undefined, string | undefined, string | undefined]>([
  ["stays", { cuda: "12.8" }, undefined, "12.8"],
  ["stays with the same BP_LOCK_EPOCH", { cuda: "12.8", epoch: "2" }, "2", "12.8"],
  ["goes with another BP_LOCK_EPOCH", { cuda: "12.8", epoch: "1" }, "2", undefined],
  ["goes with the first BP_LOCK_EPOCH", { cuda: "12.8" }, "1", undefined],
  ["stays without the BP_LOCK_EPOCH of before", { cuda: "12.8", epoch: "1" }, undefined, "12.8"],
  ["is not there in an image without libraries", undefined, undefined, undefined],
  ["is not there in metadata of another form", { cuda: 12.8 }, undefined, undefined],
])("an earlier CUDA version %s", async (_, metadata, epoch, expected) => {
  const found = metadata === undefined ? [] : [{ name: "libraries", metadata, hasContents: false }];
  const context = {
    foundLayers: async () => new Map(found.map((layer) => [layer.name, layer])),
    settings: new Settings(epoch === undefined ? {} : { BP_LOCK_EPOCH: epoch }),
  };

  expect(await findEarlierCuda(context)).toBe(expected);
});
