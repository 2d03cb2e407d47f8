import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeLeftOut } from "../../../src/debian/unpack/left-out.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

it("leaves out manuals, translations and documents, never what their licences ask for", async () => {
  const files = await temporaryDirectory();
  await writeFiles(files, {
    "usr/bin/app": "",
    "usr/share/app/doc/read": "",
    "usr/share/doc/app/copyright": "",
    "usr/share/doc/app/changelog.gz": "",
    "usr/share/doc/app/examples/a": "",
    "usr/share/locale/de/LC_MESSAGES/app.mo": "",
    "usr/share/man/man1/app.1.gz": "",
  });
  await symlink("app", join(files, "usr/share/doc/app-data"));

  await removeLeftOut(files);

  const left = await readdir(files, { recursive: true, withFileTypes: true });
  const paths = left
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(files.length + 1));
  expect(paths.sort()).toEqual([
    "usr/bin/app",
    "usr/share/app/doc/read",
    "usr/share/doc/app-data",
    "usr/share/doc/app/copyright",
  ]);
});
