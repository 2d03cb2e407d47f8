import { expect, it } from "vitest";
import { failure } from "../../../src/buildpacks/hardware/failures.ts";
import { renderMessage } from "../../../src/kit/failure.ts";

it("names words of hardware.txt that bring no library", () => {
  const found = [
    "cufile, which CUDA 11.8 does not have",
    "nvidia-cuda-cccl-cu11 11.8.89, which holds no shared library",
  ];
  const { userMessage } = failure("nothing-to-load", {
    ...{ cuda: "11.8", names: ["cufile", "cccl"], found },
  });

  expect(renderMessage(userMessage)).toMatchInlineSnapshot(`
    "[Error: CUDA 11.8 has no library cufile or cccl for the image]

    Found:
    - cufile, which CUDA 11.8 does not have
    - nvidia-cuda-cccl-cu11 11.8.89, which holds no shared library

    Needed: in hardware.txt, after the word 'libraries', only what programs load when they run. Headers and compilers are for builds; the line 'toolkit' brings them there."
  `);
});
