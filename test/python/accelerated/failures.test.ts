import { expect, test } from "vitest";
import { type Failure, renderMessage } from "../../../src/kit/failure.ts";
import { failure } from "../../../src/python/accelerated/failures.ts";

const rendered = ({ userMessage }: Failure) => renderMessage(userMessage);

test("two CUDA versions", () => {
  const thrown = failure("two-cuda-majors", {
    sides: [
      {
        major: "12",
        packages: ["nvidia-cublas-cu12 12.9.1.4"],
        brought: ["requirements.txt, line 1: tensorflow[and-cuda]"],
      },
      { major: "13", packages: ["nvidia-cublas 13.1.0.3"], brought: [] },
    ],
  });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: The packages need CUDA 12 and 13, and an image can have one of them]

    CUDA 12: nvidia-cublas-cu12 12.9.1.4
    They come with:
    - requirements.txt, line 1: tensorflow[and-cuda]

    CUDA 13: nvidia-cublas 13.1.0.3

    Choose versions that are made for the same CUDA, or write the CUDA version that all of them have into hardware.txt, for example: cuda==12.8"
  `);
});

test("what can't run on the hardware", () => {
  const thrown = failure("hardware-unfit", {
    problems: [
      {
        origin: { file: "requirements.txt", line: 2 },
        line: "vllm",
        needed: "It runs on GPUs only. Write into hardware.txt\ncuda",
      },
    ],
  });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: What is to be installed can't run on the hardware that is asked for]

    requirements.txt, line 2: vllm
      It runs on GPUs only. Write into hardware.txt:

        cuda"
  `);
});
