import { once } from "node:events";
import { chmod, cp, link, lstat, mkdir, readdir, readlink, stat, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { moveTree } from "../../../src/debian/unpack/move-tree.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("modes are those of the files, whatever umask and volume made of them", async () => {
  const { from, to, volume } = await folders();
  await writeFiles(from, { "usr/bin/tool": "tool", "etc/secret": "secret" });
  await chmod(join(from, "usr/bin/tool"), 0o700);
  await chmod(join(from, "etc/secret"), 0o440);
  await chmod(join(from, "etc"), 0o2770);
  await chmod(volume, 0o2777);

  const umask = process.umask(0o077);
  try {
    expect(moveTree(from, to).entries).toEqual([
      { kind: "directory", path: "etc" },
      { kind: "file", path: "etc/secret", mode: 0o644, size: 6 },
      { kind: "directory", path: "usr" },
      { kind: "directory", path: "usr/bin" },
      { kind: "file", path: "usr/bin/tool", mode: 0o755, size: 4 },
    ]);
  } finally {
    process.umask(umask);
  }
  const modes = Object.entries({ etc: 0o755, "etc/secret": 0o644, "usr/bin/tool": 0o755 });
  for (const [path, mode] of modes) {
    expect((await stat(join(to, path))).mode & 0o7777).toBe(mode);
  }
});

test("setuid and setgid bits are taken off and told", async () => {
  const { from, to } = await folders();
  await writeFiles(from, { "usr/bin/sudo": "", "usr/bin/wall": "" });
  await chmod(join(from, "usr/bin/sudo"), 0o4755);
  await chmod(join(from, "usr/bin/wall"), 0o2755);

  expect(moveTree(from, to).setId).toEqual(["usr/bin/sudo", "usr/bin/wall"]);
  expect((await stat(join(to, "usr/bin/sudo"))).mode & 0o7777).toBe(0o755);
});

test("what is in /bin and /lib goes below /usr, and links go along", async () => {
  const { from, to } = await folders();
  await writeFiles(from, { "bin/tool": "", "lib/x86/libfoo.so.1": "", "usr/lib/x86/keep": "" });
  await symlink("../../../lib/x86/libfoo.so.1", join(from, "usr/lib/x86/libfoo.so"));
  await symlink("libfoo.so.1", join(from, "lib/x86/libfoo.so.0"));
  await symlink("../../usr/lib/x86/keep", join(from, "lib/x86/keep-too"));
  await symlink("/lib/x86/libfoo.so.1", join(from, "usr/lib/x86/absolute"));

  const { entries } = moveTree(from, to);

  expect(
    entries.flatMap((one) => (one.kind === "link" ? [`${one.path} ${one.target}`] : [])),
  ).toEqual([
    "usr/lib/x86/absolute /usr/lib/x86/libfoo.so.1",
    "usr/lib/x86/keep-too keep",
    "usr/lib/x86/libfoo.so libfoo.so.1",
    "usr/lib/x86/libfoo.so.0 libfoo.so.1",
  ]);
  expect(await readdir(to)).toEqual(["usr"]);
  expect(await readlink(join(to, "usr/lib/x86/keep-too"))).toBe("keep");
  expect(await stat(join(to, "usr/lib/x86/absolute")).catch(() => "outside")).toBe("outside");
  expect((await stat(join(to, "usr/bin/tool"))).isFile()).toBe(true);
});

test("a link from the old place to the merged one is not needed", async () => {
  const { from, to } = await folders();
  await writeFiles(from, { "usr/bin/tool": "" });
  await mkdir(join(from, "bin"));
  await symlink("/usr/bin/tool", join(from, "bin/tool"));

  moveTree(from, to);

  expect((await lstat(join(to, "usr/bin/tool"))).isFile()).toBe(true);
});

test("hard links stay one file", async () => {
  const { from, to } = await folders();
  await writeFiles(from, { "usr/bin/git": "git" });
  await link(join(from, "usr/bin/git"), join(from, "usr/bin/git-add"));

  moveTree(from, to);

  const inodes = await Promise.all(
    ["git", "git-add"].map(async (name) => (await stat(join(to, "usr/bin", name))).ino),
  );
  expect(inodes[0]).toBe(inodes[1]);
});

test("files of two packages stand side by side", async () => {
  const { from, to } = await folders();
  await writeFiles(from, { "usr/bin/one": "" });
  await writeFiles(to, { "usr/bin/other": "" });

  moveTree(from, to);

  expect((await readdir(join(to, "usr/bin"))).sort()).toEqual(["one", "other"]);
});

test("a file or a directory stays where another package has a link, in whatever order", async () => {
  const { from, to, volume } = await folders();
  await writeFiles(from, { "usr/bin/tool": "file", "usr/share/doc/a": "" });
  const other = join(volume, "other");
  await mkdir(join(other, "usr/bin"), { recursive: true });
  await mkdir(join(other, "usr/share"));
  await symlink("tool.other", join(other, "usr/bin/tool"));
  await symlink("man", join(other, "usr/share/doc"));

  for (const [first, second] of [
    ["one", "other"],
    ["other", "one"],
  ]) {
    const tree = join(to, `${first}`);
    for (const name of [first, second]) {
      const copy = join(volume, `copy-${first}-${name}`);
      await cp(name === "one" ? from : other, copy, { recursive: true, verbatimSymlinks: true });
      moveTree(copy, tree);
    }
    expect((await lstat(join(tree, "usr/bin/tool"))).isFile()).toBe(true);
    expect(await readdir(join(tree, "usr/share/doc"))).toEqual(["a"]);
  }
});

test("pipes and sockets stay behind and are told", async () => {
  const { from, to } = await folders();
  await writeFiles(from, { "usr/bin/one": "" });
  const server = createServer().listen(join(from, "usr/socket"));
  onTestFinished(() => void server.close());
  await once(server, "listening");

  expect(moveTree(from, to).special).toEqual(["usr/socket"]);
  expect(await readdir(join(to, "usr"))).toEqual(["bin"]);
});

async function folders() {
  const volume = await temporaryDirectory();
  const from = join(volume, "files");
  await mkdir(from);
  return { volume, from, to: join(volume, "tree") };
}
