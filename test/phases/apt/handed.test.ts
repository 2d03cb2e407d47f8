import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { HANDOVER } from "../../../src/debian/handover.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { ARCHIVE, buildIn, makeScene, prepareImage } from "./archive.ts";

beforeAll(prepareImage);

test("packages of another buildpack come from its archive, and headers are whole", async () => {
  const scene = await makeScene([
    { name: "runtime", files: { "opt/aws/neuron/lib/librt.so.1": "library" } },
    {
      name: "libpython3-dev",
      fields: { Section: "libdevel" },
      files: { "usr/include/python3.13/Python.h": "header" },
    },
  ]);
  const layers = await temporaryDirectory();
  const origin = { file: "hardware.txt", line: 2 };
  const requests = [
    {
      ...{ origin, text: "neuron", packages: ["runtime"], whole: [] },
      archive: { uri: ARCHIVE, suite: "trixie", component: "main", key: scene.key.publicKey },
    },
    { origin, text: "compiler", packages: ["libpython3-dev"], whole: ["libpython3-dev"] },
  ];
  const run = {
    files: { "requests.json": JSON.stringify(requests) },
    env: { [HANDOVER.requests]: "/app/requests.json" },
    sources: "",
  };

  expect(await buildIn(scene, layers, run)).toMatchInlineSnapshot(`
    "[Installing Debian packages]
    Found neuron (hardware.txt, line 2)
    Found compiler (hardware.txt, line 2)
    Resolved 2 packages
    Fetching 2 packages (<size>)
    Unpacking
    Done (<time>)"
  `);

  const env = async (name: string) =>
    readFile(join(layers, "root/env.launch", `${name}.prepend`), "utf8");
  expect(await env("LD_LIBRARY_PATH")).toBe("/layers/test_apt/root/tree/opt/aws/neuron/lib");
  expect(await env("C_INCLUDE_PATH")).toBe("/layers/test_apt/root/tree/usr/include/python3.13");
  expect(await buildIn(scene, layers, run)).toContain("Reusing 2 packages of the previous image");
});
