import { expect, test } from "vitest";
import type { Hardware } from "../../src/accelerator/hardware.ts";
import { librariesLacking, withCudaOf } from "../../src/conda/cuda.ts";
import { packageAt } from "../../src/conda/lock.ts";

const said = (text: string) => ({ text, origin: { file: "hardware.txt", line: 1 } });

const HARDWARE: Hardware = {
  accelerator: { name: "cuda", specifier: "", assumed: false, ...said("cuda") },
  gpus: [],
  libraries: ["cudnn", "nccl", "unheard"].map((name) => ({ name, ...said(name) })),
};

const PACKAGES = ["cuda-version-12.8-0", "cudnn-9.1-0"].flatMap(
  (file) => packageAt(`https://channels.example/a/linux-64/${file}.conda`, { md5: "0" }) ?? [],
);

test("libraries of hardware.txt that the packages don't have", () => {
  expect(librariesLacking(HARDWARE, PACKAGES)).toEqual(["nccl", "unheard"]);
  const accelerator = { ...HARDWARE.accelerator, name: "cpu" as const };
  expect(librariesLacking({ ...HARDWARE, accelerator }, PACKAGES)).toEqual([]);
});

test("pip is to install those alone, for the CUDA version that the packages bring", () => {
  const { accelerator, libraries } = withCudaOf(HARDWARE, PACKAGES, "conda-lock.yml");

  expect(libraries.map(({ name }) => name)).toEqual(["nccl", "unheard"]);
  expect(accelerator.specifier).toBe("==12.8");
});
