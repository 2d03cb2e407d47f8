import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestOf, packagesForCompilers } from "../../../src/buildpacks/apt/development.ts";
import type { DebianPackage } from "../../../src/debian/lock.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function locked(name: string, more: Partial<DebianPackage> = {}): DebianPackage {
  return {
    ...{ name, version: "1.0", arch: "amd64", sha256: `digest of ${name}`, url: "", size: 1 },
    ...{ installedSize: 1, launch: false, build: true, requested: true, request: name },
    ...more,
  };
}

it("gives compilers what the build image does not have in the same version", async () => {
  const status = join(await temporaryDirectory(), "status");
  const paragraph = (name: string, version: string) =>
    `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`;
  await writeFile(status, [paragraph("libc6-dev", "1.0"), paragraph("cmake", "0.9")].join("\n"));
  const lock = [
    ...[locked("libpq-dev"), locked("libc6-dev"), locked("cmake")],
    locked("ffmpeg", { launch: true, build: false }),
  ];

  const names = (await packagesForCompilers(lock, status)).map(({ name }) => name);

  expect(names).toEqual(["libpq-dev", "cmake"]);
});

it("is built against anew where a file is another one, not where lines change places", () => {
  const digest = digestOf([locked("a"), locked("b")]);

  expect(digestOf([locked("b"), locked("a")])).toBe(digest);
  expect(digestOf([locked("a"), locked("b", { sha256: "other" })])).not.toBe(digest);
  expect(digestOf([])).toBeUndefined();
});
