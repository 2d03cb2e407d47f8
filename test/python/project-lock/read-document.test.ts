import { expect, it } from "vitest";
import * as z from "zod/mini";
import { readDocument } from "../../../src/python/project-lock/read-document.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const file = z.object({ hash: z.string() });
const schema = z.object({
  package: z.array(z.object({ name: z.string(), files: z.array(file) })),
});

it.each<[string, string, string]>([
  ["nothing", " \n", "the file is empty."],
  [
    "a file without a hash",
    '[[package]]\nname = "numpy"\nfiles = [{ file = "numpy.whl" }]\n',
    "package numpy has a file without a hash.",
  ],
  [
    "another form",
    '[[package]]\nname = "numpy"\nfiles = 1\n',
    "package numpy: files is not of the expected form.",
  ],
])("a lock with %s", async (_what, text, issue) => {
  const app = await temporaryDirectory();
  await writeFiles(app, { "a.lock": text });

  expect(await readDocument(app, "a.lock", schema)).toEqual({ line: undefined, issue });
});
