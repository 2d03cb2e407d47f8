import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../src/kit/hash.ts";
import type { SigningKey } from "./openpgp.ts";

/** A package to make: fields of its control file, and files by their path. */
export interface MadePackage {
  readonly name: string;
  readonly version?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes trees for dpkg-deb; the script that {@link buildScript} gives makes packages of them. */
export async function writePackageTrees(
  root: string,
  packages: readonly MadePackage[],
): Promise<void> {
  for (const { name, version = "1.0", fields = {}, files = {} } of packages) {
    const tree = join(root, `${name}_${version.replaceAll(":", "%3a")}`);
    const control = {
      Package: name,
      Version: version,
      Architecture: "all",
      Maintainer: "Test <test@example.com>",
      Section: "libs",
      Description: "made for a test",
      ...fields,
    };
    const lines = Object.entries(control).map(([field, value]) => `${field}: ${value}\n`);
    const all = { "DEBIAN/control": lines.join(""), ...files };
    for (const [path, content] of Object.entries(all)) {
      await mkdir(join(tree, path, ".."), { recursive: true });
      await writeFile(join(tree, path), content);
    }
  }
}

/** A line of sh that makes `<to>/<tree>.deb` of each tree. */
export function buildScript(trees: string, to: string): string {
  return `umask 022; cp -r ${trees} /tmp/trees && cd /tmp/trees && chmod -R 755 . && for tree in *; do dpkg-deb --root-owner-group -Zgzip --build "$tree" ${to}/ >/dev/null || exit 1; done`;
}

export interface ArchiveOptions {
  readonly suite?: string;
  readonly key: SigningKey;
  /** In hours from now. */
  readonly validFor?: number;
  readonly dated?: number;
  /** Changes the signed text afterwards. */
  readonly spoil?: (signed: string) => string;
  /** Changes the index before it is signed. */
  readonly changeIndex?: (index: string) => string;
}

/** Makes an archive of the .debs in `<root>/pool`, below `<root>/dists`. */
export async function indexArchive(
  root: string,
  arch: string,
  { suite = "trixie", key, validFor = 24, dated = -1, spoil, changeIndex }: ArchiveOptions,
): Promise<void> {
  const index = (changeIndex ?? ((text: string) => text))(await packagesText(root));
  const path = `main/binary-${arch}/Packages`;
  const directory = join(root, "dists", suite);
  await mkdir(join(directory, path, ".."), { recursive: true });
  await writeFile(join(directory, path), index);
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toUTCString();
  const release = [
    "Origin: Test",
    "Label: Test",
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    `Date: ${at(dated)}`,
    `Valid-Until: ${at(validFor)}`,
    `Architectures: ${arch} all`,
    "Components: main",
    "SHA256:",
    ` ${sha256(index)} ${Buffer.byteLength(index)} ${path}`,
    "",
  ].join("\n");
  const signed = key.clearSign(release);
  await writeFile(join(directory, "InRelease"), spoil === undefined ? signed : spoil(signed));
}

async function packagesText(root: string): Promise<string> {
  const pool = join(root, "pool");
  const stanzas: string[] = [];
  for (const file of (await readdir(pool)).sort()) {
    const path = join(pool, file);
    const control = await readFile(`${path}.control`, "utf8").catch(() => undefined);
    if (control === undefined) continue;
    const { size } = await stat(path);
    const digest = sha256(await readFile(path));
    stanzas.push(
      `${control.trim()}\nFilename: pool/${file}\nSize: ${size}\nSHA256: ${digest}\nInstalled-Size: 1\n`,
    );
  }
  return stanzas.join("\n");
}
