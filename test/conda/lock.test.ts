import { expect, test } from "vitest";
import { packageAt, pythonIn } from "../../src/conda/lock.ts";

const lock = (...files: readonly string[]) =>
  files.flatMap(
    (file) => packageAt(`https://channels.example/a/linux-64/${file}.conda`, { md5: "0" }) ?? [],
  );

test.each<[string, readonly string[], string | undefined]>([
  ["none", ["zlib-1.3-0"], undefined],
  ["conda-forge's", ["python-3.13.1-ha99a958_105_cp313", "python_abi-3.13-8_cp313"], "3.13"],
  ["the older kind", ["python-3.12.3-hab00c5b_0_cpython"], "3.12"],
  ["one without the GIL", ["python-3.13.1-h9a34b6e_5_cp313t"], "3.13t"],
  ["one with the package for it", ["python-3.13.1-0", "python-freethreading-3.13.1-0"], "3.13t"],
])("the Python of a lock: %s", (_what, files, tag) => {
  const python = pythonIn(lock(...files));

  expect(python?.tag).toBe(tag);
  expect(python?.minor).toBe(tag?.replace("t", ""));
});
