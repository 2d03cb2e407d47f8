import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeStubWheels } from "../../../src/python/provided/stub-wheels.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

// Stored without compression, so that the text is in the archive as it is.
it("say the version and what extras require, and nothing else", async () => {
  const root = await temporaryDirectory();
  await writeFiles(join(root, "site"), {
    "Flask_Thing-1.0.dist-info/METADATA": [
      "Metadata-Version: 2.1",
      "Name: Flask.Thing",
      "Version: 1.0",
      "Requires-Dist: werkzeug>=3",
      "Requires-Dist: asgiref>=3.2 ; extra == 'async'",
      "Requires-Dist: local @ file:///croot/local ; extra == 'async'",
      "Requires-Dist: broken(>=1 ; extra == 'async'",
      "Provides-Extra: async",
      "",
      "Requires-Dist: not-a-header ; extra == 'async'",
    ].join("\n"),
    "legacy-2.0.egg-info/PKG-INFO": "Name: legacy\nVersion: 2.0\n",
  });
  const packages = new Map([
    ["flask-thing", "1.0"],
    ["legacy", "2.0+local"],
  ]);

  await writeStubWheels(packages, join(root, "site"), join(root, "stubs"));

  expect((await readdir(join(root, "stubs"))).sort()).toEqual([
    "flask_thing-1.0-py3-none-any.whl",
    "legacy-2.0+local-py3-none-any.whl",
  ]);
  const archive = await readFile(join(root, "stubs", "flask_thing-1.0-py3-none-any.whl"), "latin1");
  expect(/Metadata-Version[^\0]*?(?=PK)/.exec(archive)?.[0]).toMatchInlineSnapshot(`
    "Metadata-Version: 2.1
    Name: flask-thing
    Version: 1.0
    Provides-Extra: async
    Requires-Dist: asgiref>=3.2 ; extra == 'async'
    "
  `);
});
