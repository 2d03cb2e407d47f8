import { expect, test } from "vitest";
import { pinsBuild, readMatchSpec } from "../../../src/conda/inputs/match-spec.ts";

test.each<[string, string, string | undefined, string]>([
  ["numpy", "numpy", undefined, "numpy"],
  ["NumPy >=1.2,<2", "numpy", undefined, "NumPy >=1.2,<2"],
  ["python=3.11.*", "python", undefined, "python=3.11.*"],
  ["conda-forge::numpy", "numpy", "conda-forge", "numpy"],
  ["conda-forge:ns:numpy", "numpy", "conda-forge", "numpy"],
  ["conda-forge/linux-64::numpy=1", "numpy", "conda-forge", "numpy=1"],
  ["conda-forge/label/dev::numpy", "numpy", "conda-forge/label/dev", "numpy"],
  [
    "https://host.example:8080/my-channel::numpy",
    "numpy",
    "https://host.example:8080/my-channel",
    "numpy",
  ],
  ["*/linux-64::numpy", "numpy", undefined, "numpy"],
  [
    "numpy[channel=bioconda,build='*a::b*']",
    "numpy",
    "bioconda",
    "numpy[channel=bioconda,build='*a::b*']",
  ],
  [
    "numpy[version='>=1', channel=\"https://h.example/c\"]",
    "numpy",
    "https://h.example/c",
    "numpy[version='>=1', channel=\"https://h.example/c\"]",
  ],
  ["*[build=openblas]", "*", undefined, "*[build=openblas]"],
  [
    "https://h.example/c/linux-64/py-numpy-1.0-0.conda#sha256:00",
    "py-numpy",
    undefined,
    "https://h.example/c/linux-64/py-numpy-1.0-0.conda#sha256:00",
  ],
  ["ruamel.yaml~=0.18", "ruamel.yaml", undefined, "ruamel.yaml~=0.18"],
])("%s", (text, name, channel, rest) => {
  expect(readMatchSpec(text)).toMatchObject({ name, rest });
  expect(readMatchSpec(text).channel).toBe(channel);
});

test.each([
  ["numpy=1.26.4=py311h64a7726_0", true],
  ["conda-forge::numpy=1.26.4=py311h64a7726_0", true],
  ["numpy==1.26.4=py311h64a7726_0", true],
  ["numpy=1.26.4", false],
  ["numpy=1.26=*cuda*", false],
])("%s pins a build: %s", (text, expected) => {
  expect(pinsBuild(text)).toBe(expected);
});
