import { copyFile, chmod, realpath, rm, symlink } from "node:fs/promises";
import { posix } from "node:path";
import { makeDirectory, writeFileWhole } from "../../cnb/files.ts";
import type { Generator } from "./generator.ts";

const PROGRAMS = ["dirmngr", "gpg", "gpg-agent", "gpg-connect-agent", "gpgconf", "gpgsm", "gpgv"];

/**
 * GnuPG starts its agent from the place that is compiled in, unless a file beside the program that
 * runs says otherwise. It looks where the program really lies, so that links would not do.
 * https://www.gnupg.org/documentation/manuals/gnupg/Configuration-Options.html
 */
export const gnupgPlace: Generator = {
  name: "a place for GnuPG",
  inputs: PROGRAMS.map((name) => `usr/bin/${name}`),
  run: async ({ tree }) => {
    if (!tree.has("usr/bin/gpg-agent")) return undefined;
    const programs = PROGRAMS.map((name) => `usr/bin/${name}`).filter((path) => tree.has(path));
    for (const path of programs) {
      const original = await realpath(tree.at(path));
      await rm(tree.at(path));
      await copyFile(original, tree.at(path));
      await chmod(tree.at(path), 0o755);
    }
    await makeDirectory(tree.at("usr/libexec"));
    for (const path of tree.match("usr/lib/gnupg/*")) {
      const link = tree.at(`usr/libexec/${posix.basename(path)}`);
      await rm(link, { force: true });
      await symlink(`../lib/gnupg/${posix.basename(path)}`, link);
    }
    await writeFileWhole(
      tree.at("usr/bin/gpgconf.ctl"),
      `rootdir = ${tree.at("usr")}\nsysconfdir = /etc/gnupg\n`,
    );
    return `of ${programs.length} programs`;
  },
};
