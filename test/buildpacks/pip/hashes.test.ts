import { expect, test } from "vitest";
import type { Asked } from "../../../src/buildpacks/pip/asked.ts";
import { checkHashes } from "../../../src/buildpacks/pip/hashes.ts";
import type { Lock } from "../../../src/python/lock.ts";
import { NO_INDEX_OPTIONS } from "../../../src/python/requirements/index-options.ts";

const LOCK: Lock = ["humanize", "cuda-toolkit", "nvidia-cublas-cu12"].map((name) => ({
  ...{ from: "wheel", name, version: "1.0", sha256: "aa" },
}));
const ASKED = {
  options: NO_INDEX_OPTIONS,
  set: {
    requirements: [
      {
        ...{ name: "humanize", hashes: ["sha256:aa"], source: { kind: "index" } },
        origin: { file: "requirements.txt", line: 1 },
      },
    ],
    constraints: [],
  },
} as unknown as Asked;

test("what hardware.txt asks for needs no hash in the files, which can't have one", () => {
  const additions = [{ line: "cuda-toolkit[cublas]==12.8.*", because: "hardware.txt, line 1" }];

  expect(() => checkHashes(ASKED, LOCK, { additions })).not.toThrow();
  expect(() => checkHashes(ASKED, LOCK, { additions: [] })).toThrow("hash");
});
