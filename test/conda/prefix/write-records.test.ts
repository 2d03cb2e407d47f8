import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPrefix } from "../../../src/conda/prefix/read-prefix.ts";
import { formatHistory, writeRecords } from "../../../src/conda/prefix/write-records.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { makeTree, recordOf } from "./records.ts";

const CHANNEL = "https://conda.anaconda.org/conda-forge";

it("writes what makes a directory an environment, and whose it is", async () => {
  const prefix = await temporaryDirectory();
  await makeTree(prefix, { "CACHEDIR.TAG": "Signature", "conda-meta/history": "" });
  const records = [
    recordOf("b", ["lib/b"], { channel: CHANNEL }),
    recordOf("a", ["lib/a"], { channel: CHANNEL, subdir: "noarch" }),
  ];

  await writeRecords(prefix, records);

  expect((await readdir(prefix, { recursive: true })).sort()).toEqual([
    "conda-meta",
    "conda-meta/a-1.0-0.json",
    "conda-meta/b-1.0-0.json",
    "conda-meta/frozen",
    "conda-meta/history",
  ]);
  expect((await readPrefix(prefix)).map(({ name }) => name)).toEqual(["a", "b"]);
  expect((await lstat(join(prefix, "conda-meta/a-1.0-0.json"))).mode & 0o777).toBe(0o644);
  expect(await readFile(join(prefix, "conda-meta/frozen"), "utf8")).toMatchInlineSnapshot(`
    "{"message":"This environment is part of an image. What is installed in a container is gone with it: change the app's environment file and build the image again."}
    "
  `);
  expect(await readFile(join(prefix, "conda-meta/history"), "utf8")).toMatchInlineSnapshot(`
    "==> 1980-01-01 00:00:01 <==
    +https://conda.anaconda.org/conda-forge/linux-64::b-1.0-0
    +https://conda.anaconda.org/conda-forge/noarch::a-1.0-0
    "
  `);
});

it("tells one revision, in whatever order the packages come", () => {
  const records = ["c", "a", "b"].map((name) => recordOf(name, [], { channel: CHANNEL }));

  expect(formatHistory(records)).toBe(formatHistory(records.toReversed()));
});
