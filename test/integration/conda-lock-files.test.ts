import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RemoteImage } from "../../scripts/lib/registry-client.ts";
import {
  changedLayers,
  condaLog,
  environmentFile,
  inProcess,
  type LockedFile,
  lockedFiles,
  makeLastingApp,
  serveTestChannels,
  type TestChannels,
} from "../support/conda-builds.ts";
import { realChannel } from "../support/conda/real-channel.ts";
import { buildAndPublish } from "../support/platform.ts";

let channels: TestChannels;
/** Of an environment file, without any lock file. */
let solved: RemoteImage;
let files: readonly LockedFile[];

beforeAll(async () => {
  channels = await serveTestChannels();
  const dependencies = ["python=3.13", "purelib", "libheavy", "chain-a"];
  const built = await build("solved", {
    "environment.yml": environmentFile([channels.real], dependencies),
  });
  solved = built.image;
  files = lockedFiles(solved);
});

describe("a lock file gives the layers of the environment that it was made of", () => {
  const urlOf = ({ directory, file }: LockedFile) => `${directory}/${file}`;
  const explicit = (lines: readonly string[]) => ["@EXPLICIT", ...lines, ""].join("\n");

  it("an explicit file with SHA-256, in any order", async () => {
    const lines = files.map((one) => `${urlOf(one)}#sha256:${one.sha256}`).toReversed();
    const { image, output, reference } = await build("sha256", {
      "conda-linux-64.lock": explicit(lines),
    });

    expect(changedLayers(solved, image)).toEqual([]);
    expect(condaLog(output, channels)).toMatchInlineSnapshot(`
      "Found conda-linux-64.lock
      Found 8 packages
      Installing 8 packages
      Compiling bytecode
      Packages with layers of their own: libheavy (23 MB)
      Leaving out static-libraries (2 files, 11 MB) and docs (3 files, 40 B); BP_CONDA_KEEP keeps them
      Done (… s)"
    `);
    expect(await inProcess(reference, "purelib")).toContain("purelib 1.1");
  });

  it("an explicit file without digests, which are computed once", async () => {
    const text = explicit(files.map(urlOf));
    const app = { "package-list.txt": text };
    const { image, output } = await build("bare", app);

    expect(changedLayers(solved, image)).toEqual([]);
    expect(condaLog(output, channels)).toMatchInlineSnapshot(`
      "Found package-list.txt
      Found 8 packages
      Computing the digests of 8 packages that package-list.txt names without
      Installing 8 packages
      Compiling bytecode
      Packages with layers of their own: libheavy (23 MB)
      Leaving out static-libraries (2 files, 11 MB) and docs (3 files, 40 B); BP_CONDA_KEEP keeps them
      Done (… s)"
    `);
    const before = channels.requests.length;
    const again = await build("bare", app);
    expect(channels.requests.slice(before)).toEqual([]);
    expect(again.image.digest).toBe(image.digest);
  });

  it("an explicit file with MD5, but for what the records say of it", async () => {
    const text = explicit(
      await Promise.all(files.map(async (one) => `${urlOf(one)}#${await md5Of(one)}`)),
    );
    const { image, reference } = await build("md5", { "conda-linux-64.lock": text });

    expect(changedLayers(solved, image)).toEqual(["environment", "lock"]);
    expect(await inProcess(reference, "purelib")).toContain("purelib 1.1");
  });

  it("conda-lock.yml", async () => {
    const items = await Promise.all(
      files.map(async (one) => {
        const [, name, version] = /^(.+)-([^-]+)-[^-]+$/.exec(one.file) ?? [];
        return [
          `- name: ${name}`,
          `  version: '${version}'`,
          "  manager: conda",
          "  platform: linux-64",
          "  dependencies: {}",
          `  url: ${urlOf(one)}`,
          "  hash:",
          `    md5: ${await md5Of(one)}`,
          `    sha256: ${one.sha256}`,
          "  category: main",
          "  optional: false",
          "",
        ].join("\n");
      }),
    );
    const head = `version: 1
metadata:
  content_hash:
    linux-64: ${"0".repeat(64)}
  channels:
  - url: ${channels.real}
    used_env_vars: []
  platforms:
  - linux-64
  sources:
  - environment.yml
package:
`;
    const { image, output } = await build("conda-lock", {
      "conda-lock.yml": head + items.join(""),
      "environment.yml": environmentFile([channels.real], ["something-else"]),
    });

    expect(changedLayers(solved, image)).toEqual([]);
    expect(condaLog(output, channels)).toMatchInlineSnapshot(`
      "Found conda-lock.yml
      Skipping environment.yml because conda-lock.yml comes before it
      Found 8 packages for linux-64

      [Warning: something-else (environment.yml, line 4) is not in conda-lock.yml]
      What conda-lock.yml lists is installed, and no more. Make it anew:

        conda-lock lock --file environment.yml
      Installing 8 packages
      Compiling bytecode
      Packages with layers of their own: libheavy (23 MB)
      Leaving out static-libraries (2 files, 11 MB) and docs (3 files, 40 B); BP_CONDA_KEEP keeps them
      Done (… s)"
    `);
  });

  it("pixi.lock, with the environment that a setting names", async () => {
    const lock = `version: 6
environments:
  production:
    channels:
    - url: ${channels.real}/
    packages:
      linux-64:
${files.map((one) => `      - conda: ${urlOf(one)}\n`).join("")}
  test:
    channels:
    - url: ${channels.real}/
    packages:
      linux-64: []
packages:
${files.map((one) => `- conda: ${urlOf(one)}\n  sha256: ${one.sha256}\n`).join("")}`;
    const app = { "pixi.lock": lock, "pixi.toml": '[workspace]\nname = "app"\n' };
    const { image, output } = await build("pixi", app, { BP_PIXI_ENVIRONMENT: "production" });

    expect(changedLayers(solved, image)).toEqual([]);
    expect(condaLog(output, channels)).toMatchInlineSnapshot(`
      "Found pixi.lock
      Found 8 packages for linux-64
      Installing 8 packages
      Compiling bytecode
      Packages with layers of their own: libheavy (23 MB)
      Leaving out static-libraries (2 files, 11 MB) and docs (3 files, 40 B); BP_CONDA_KEEP keeps them
      Done (… s)"
    `);
  });
});

async function build(
  name: string,
  app: { readonly [path: string]: string },
  env: Readonly<Record<string, string>> = {},
) {
  const path = await makeLastingApp({ ...app, Procfile: "web: purelib\n" });
  return await buildAndPublish(`conda-lock/${name}`, { path, env });
}

/** As the channel's index has it. */
async function md5Of({ directory, file }: LockedFile): Promise<string> {
  const subdir = directory.split("/").at(-1) ?? "";
  const text = await readFile(join(await realChannel(), subdir, "repodata.json"), "utf8");
  const index = JSON.parse(text) as Record<string, Record<string, { readonly md5: string }>>;
  const found = index["packages.conda"]?.[file] ?? index["packages"]?.[file];
  return found?.md5 ?? "";
}
