import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askEngine, findEngine } from "../../scripts/lib/engine.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import { sha256OfFile } from "../../src/kit/hash.ts";
import { prepareStack } from "../../scripts/lib/stack.ts";
import makeRelease from "./make-python-release.sh";

/** A folder to be served as a mirror, with one release of Python. */
export interface Mirror {
  readonly path: string;
  /** "3.11.2" */
  readonly version: string;
  /** Of the release's archive. */
  readonly sha256: string;
}

export async function makeMirror(): Promise<Mirror> {
  const path = await makeTemporaryFolder();
  await chmod(path, 0o777);
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  await askEngine(
    engine,
    [
      ...["run", "--rm", "--interactive", "--network=host", "--user=0"],
      ...["--volume", `${path}:/out`, build, "sh"],
    ],
    { input: makeRelease },
  );
  const version = (await readFile(join(path, "version"), "utf8")).trim();
  await mkdir(join(path, "20230101"));
  await copyFile(join(path, "release.tar.gz"), join(path, "20230101", fileOf(version)));
  const sha256 = await sha256OfFile(join(path, "release.tar.gz"));
  await writeFile(join(path, "releases.json"), listOf(version, sha256));
  const wrong = sha256.slice(32) + sha256.slice(0, 32);
  await writeFile(join(path, "wrong-checksum.json"), listOf(version, wrong));
  return { path, version, sha256 };
}

function fileOf(version: string): string {
  return `cpython-${version}+20230101-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz`;
}

/** https://docs.astral.sh/uv/reference/environment/#uv_python_downloads_json_url */
function listOf(version: string, sha256: string): string {
  const [major, minor, patch] = version.split(".").map(Number);
  const base = "https://github.com/astral-sh/python-build-standalone/releases/download";
  const families = { x64: "x86_64", arm64: "aarch64" } as Record<string, string>;
  const family = families[process.arch] ?? process.arch;
  return JSON.stringify({
    [`cpython-${version}-linux-${family}-gnu`]: {
      ...{ name: "cpython", arch: { family, variant: null }, os: "linux", libc: "gnu" },
      ...{ major, minor, patch, prerelease: "", variant: null, build: "20230101" },
      url: `${base}/20230101/${encodeURIComponent(fileOf(version))}`,
      sha256,
    },
  });
}
