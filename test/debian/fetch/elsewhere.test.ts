import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findElsewhere } from "../../../src/debian/fetch/elsewhere.ts";
import { createLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

// The real server is out of reach: what curl would say is said by a script in its place.
const ANSWER = `echo '{"result": [{"architecture": "all", "hash": "abc"}]}'`;

test("packages of Debian that its archive no longer has are found in the snapshots", async () => {
  const { urls, asked, log } = await find(`case "$*" in *tool*) ${ANSWER};; *) exit 22;; esac`);

  expect(urls).toEqual([["tool", "https://snapshot.debian.org/file/abc"]]);
  expect(asked.map((line) => line.split(" ").at(-1))).toEqual([
    "https://snapshot.debian.org/mr/binary/lib%2B%2B/1%3A1.0/binfiles",
    "https://snapshot.debian.org/mr/binary/tool/1%3A1.0/binfiles",
  ]);
  expect(log).toMatchInlineSnapshot(`
    "Using snapshot.debian.org for tool 1:1.0, which deb.debian.org no longer has
    "
  `);
});

test("snapshots that do not answer are asked once", async () => {
  const { urls, asked } = await find("exit 28");

  expect(urls).toEqual([]);
  expect(asked).toHaveLength(1);
});

async function find(script: string) {
  const directory = await temporaryDirectory();
  await writeFiles(directory, {
    curl: `#!/bin/sh\necho "$*" >>${join(directory, "asked")}\n${script}\n`,
  });
  await chmod(join(directory, "curl"), 0o755);
  let log = "";
  const sink = (text: string) => {
    log += text;
  };
  const found = await findElsewhere(
    [
      lockedAt("lib++", "http://deb.debian.org/debian/pool/lib.deb"),
      lockedAt("other", "https://apt.example.com/other.deb"),
      lockedAt("tool", "http://deb.debian.org/debian/pool/tool.deb"),
    ],
    {
      env: { PATH: `${directory}:${process.env["PATH"]}` },
      log: createLog({ out: sink, err: sink, debug: false }),
    },
  );
  const asked = (await readFile(join(directory, "asked"), "utf8")).trim().split("\n");
  return { urls: [...found].map(([{ name }, url]) => [name, url]), asked, log };
}

function lockedAt(name: string, url: string) {
  const facts = { version: "1:1.0", arch: "all", sha256: "", size: 1, installedSize: 1 };
  return { name, url, ...facts, launch: true, build: false, requested: true, request: name };
}
