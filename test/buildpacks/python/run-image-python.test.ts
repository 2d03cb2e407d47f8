import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRunImagePython } from "../../../src/buildpacks/python/run-image-python.ts";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const STATUS = `Package: python3
Status: install ok installed
Version: 3.13.5-1

Package: python3.13
Status: install ok installed
Version: 3.13.5-2+deb13u5

Package: python3.13-minimal
Status: install ok installed
Version: 9.9.9-1
`;

describe("the run image's Python", () => {
  it("is the package that /usr/bin/python3 leads to", async () => {
    const { interpreter, packages } = await image("python3.13");

    expect(await findRunImagePython(interpreter, packages)).toEqual({
      path: interpreter,
      version: "3.13.5",
    });
  });

  it("must belong to a package of the run image", async () => {
    const { interpreter, packages } = await image("python3.12");

    const error: unknown = await findRunImagePython(interpreter, packages).then(
      () => undefined,
      (reason: unknown) => reason,
    );

    const message = error instanceof Failure ? renderMessage(error.userMessage) : String(error);
    expect(message.replaceAll(interpreter, "/usr/bin/python3")).toMatchInlineSnapshot(`
      "[Error: The build image has no Python interpreter]

      Found: no /usr/bin/python3 that belongs to a package of the run image
      Needed: a build image that stands on its run image, as those of this builder do

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });
});

async function image(target: string) {
  const root = await temporaryDirectory();
  await writeFiles(root, { status: STATUS });
  await symlink(target, join(root, "python3"));
  return { interpreter: join(root, "python3"), packages: join(root, "status") };
}
