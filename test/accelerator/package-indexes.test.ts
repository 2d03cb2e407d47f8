import { expect, test } from "vitest";
import { packageIndexes } from "../../src/accelerator/package-indexes.ts";

test("AWS Neuron's packages come from Amazon's own index, all others from the app's", () => {
  expect(packageIndexes("neuron")).toEqual(["https://pip.repos.neuron.amazonaws.com"]);
  expect(packageIndexes("cuda")).toEqual([]);
});
