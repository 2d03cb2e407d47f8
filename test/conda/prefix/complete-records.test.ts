import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CondaPackage } from "../../../src/conda/lock.ts";
import { completeRecords } from "../../../src/conda/prefix/complete-records.ts";
import { readPrefix } from "../../../src/conda/prefix/read-prefix.ts";
import { formatRecord } from "../../../src/conda/prefix/write-records.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { makeTree, pathNames, recordOf } from "./records.ts";

const ITEM: CondaPackage = {
  name: "pure",
  version: "1.0",
  build: "py_0",
  channel: "https://conda.anaconda.org/conda-forge",
  subdir: "noarch",
  file: "pure-1.0-py_0.conda",
  digest: { sha256: "ab".repeat(32) },
};

const INDEX = {
  arch: null,
  build: "py_0",
  build_number: 3,
  depends: ["python >=3.8"],
  license: "MIT",
  license_family: "MIT",
  name: "pure",
  noarch: "python",
  platform: null,
  subdir: "noarch",
  timestamp: 1700000000000,
  version: "1.0",
};

/** As the engine writes it: the cache's paths in it, and a token in the URL. */
const WRITTEN = {
  build: "py_0",
  build_number: 0,
  depends: [],
  name: "pure",
  subdir: "noarch",
  version: "1.0",
  fn: "pure-1.0-py_0.conda",
  url: "https://host/t/secret/noarch/pure-1.0-py_0.conda",
  channel: "https://host/t/secret/",
  extracted_package_dir: "/cache/pure-1.0-py_0",
  requested_specs: ["pure"],
  files: ["lib/b.py", "bin/pure", "lib/a.py"],
  paths_data: {
    paths_version: 1,
    paths: [
      { _path: "lib/b.py", path_type: "hardlink", sha256: "cd", size_in_bytes: 3 },
      { _path: "bin/pure", path_type: "unix_python_entry_point" },
      { _path: "lib/a.py", path_type: "softlink" },
    ],
  },
  link: { source: "/cache/pure-1.0-py_0", type: 1 },
};

/** The record of a package, completed with files of its `info`. */
async function completed(
  info: { readonly [path: string]: string },
  item: CondaPackage = ITEM,
): Promise<string> {
  const root = await temporaryDirectory();
  await makeTree(root, {
    "prefix/conda-meta/pure-1.0-py_0.json": JSON.stringify(WRITTEN),
    ...Object.fromEntries(Object.entries(info).map(([path, text]) => [`cache/info/${path}`, text])),
  });
  const records = await readPrefix(join(root, "prefix"));
  const [record] = await completeRecords(records, [item], { pure: join(root, "cache") });
  return record === undefined ? "" : formatRecord(record);
}

describe("the record of a package", () => {
  it("is what the package says of itself, where the lock has it from, and its paths", async () => {
    expect(await completed({ "index.json": JSON.stringify(INDEX) })).toMatchInlineSnapshot(`
      "{
        "arch": null,
        "build": "py_0",
        "build_number": 3,
        "channel": "https://conda.anaconda.org/conda-forge",
        "constrains": [],
        "depends": [
          "python >=3.8"
        ],
        "files": [
          "bin/pure",
          "lib/a.py",
          "lib/b.py"
        ],
        "fn": "pure-1.0-py_0.conda",
        "license": "MIT",
        "license_family": "MIT",
        "name": "pure",
        "noarch": "python",
        "paths_data": {
          "paths": [
            {
              "_path": "bin/pure",
              "path_type": "unix_python_entry_point"
            },
            {
              "_path": "lib/a.py",
              "path_type": "softlink"
            },
            {
              "_path": "lib/b.py",
              "path_type": "hardlink",
              "sha256": "cd",
              "size_in_bytes": 3
            }
          ],
          "paths_version": 1
        },
        "platform": null,
        "sha256": "abababababababababababababababababababababababababababababababab",
        "subdir": "noarch",
        "timestamp": 1700000000000,
        "url": "https://conda.anaconda.org/conda-forge/noarch/pure-1.0-py_0.conda",
        "version": "1.0"
      }
      "
    `);
  });

  it("does not depend on how the package's own files are written", async () => {
    const backwards = Object.fromEntries(Object.entries(INDEX).toReversed());

    expect(await completed({ "index.json": JSON.stringify(backwards, undefined, 8) })).toBe(
      await completed({ "index.json": JSON.stringify(INDEX) }),
    );
  });

  it("has the digest that the lock has", async () => {
    const record = await completed(
      { "index.json": JSON.stringify(INDEX) },
      { ...ITEM, digest: { md5: "ef".repeat(16) } },
    );

    expect(JSON.parse(record)).toMatchObject({ md5: "ef".repeat(16) });
    expect(record).not.toContain('sha256": "ab');
  });

  it.each([
    [{ "about.json": '{"license":"PSF-2.0"}' }, "PSF-2.0"],
    [{ "about.json": "{}", "licenses/LICENSE": "\nMIT License\n\nPermission is" }, "MIT"],
    [{ "licenses/LICENSE": "You may do as you like." }, undefined],
    [{ "licenses/A": "MIT License", "licenses/B": "MIT License" }, undefined],
    [{}, undefined],
  ])("has the licence of %j where index.json has none", async (info, license) => {
    const { license: _, ...index } = INDEX;

    const record = JSON.parse(
      await completed({ "index.json": JSON.stringify(index), ...info }),
    ) as { license?: string };

    expect(record.license).toBe(license);
  });

  it("stays as it is where the package was kept from an earlier build", async () => {
    const root = await temporaryDirectory();
    const record = await completed({ "index.json": JSON.stringify(INDEX) });
    await makeTree(root, { "conda-meta/pure-1.0-py_0.json": record });

    const [again] = await completeRecords(await readPrefix(root), [ITEM], {});

    expect(again && formatRecord(again)).toBe(record);
  });
});

describe("the records of a prefix", () => {
  it("are those of conda-meta, by name", async () => {
    const root = await temporaryDirectory();
    await makeTree(root, {
      "conda-meta/zlib-1.0-0.json": JSON.stringify(recordOf("zlib", ["lib/libz.so"])),
      "conda-meta/attr-1.0-0.json": JSON.stringify(recordOf("attr")),
      "conda-meta/history": "",
    });

    const records = await readPrefix(root);

    expect(records.map(({ name }) => name)).toEqual(["attr", "zlib"]);
    expect(pathNames(records[1])).toEqual(["lib/libz.so"]);
  });

  it.each([
    ["{", "is not JSON: SyntaxError"],
    ['{"name":"a","version":1}', "is not as expected: ✖"],
  ])("are told by file where they can't be read: %s", async (text, what) => {
    const root = await temporaryDirectory();
    await makeTree(root, { "conda-meta/a-1-0.json": text });

    await expect(readPrefix(root)).rejects.toThrow(
      `${join(root, "conda-meta/a-1-0.json")} ${what}`,
    );
  });
});
