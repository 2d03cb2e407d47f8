import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { makeDirectory, writeFileWhole } from "../../cnb/files.ts";
import { capture } from "../../kit/command.ts";
import type { Tree } from "../environment/tree.ts";
import type { Generator } from "./generator.ts";

/**
 * TeX reads every texmf.cnf on its path, and the first that sets a variable wins: what the
 * packages add, then the trees' places. https://www.tug.org/texinfohtml/kpathsea.html#Config-files
 */
export const texConfiguration: Generator = {
  name: "a configuration of TeX",
  run: async ({ tree }) => {
    if (!tree.has("usr/share/texlive/texmf-dist/web2c/texmf.cnf")) return undefined;
    // The scripts of tex-common are made to fit the places that are there.
    await makeDirectory(tree.at("var/lib/texmf"));
    const additions = await Promise.all(
      tree.match("etc/texmf/texmf.d/*.cnf").map(async (path) => readFile(tree.at(path), "utf8")),
    );
    const places = Object.entries(TREES).map(([name, path]) => `${name} = ${tree.at(path)}`);
    await writeFileWhole(tree.at(CONFIGURATION), [...additions, ...places, ""].join("\n"));
    return `with ${places.length} places`;
  },
};

/**
 * What tex-common's triggers make: the lists of files, hyphenation patterns and font maps, and
 * the formats, which are TeX's memory after it has read LaTeX. LuaTeX's formats differ each time
 * that they are made, since Lua's tables are seeded with the time.
 * https://www.debian.org/doc/packaging-manuals/debian-tex-policy/
 */
export const texFormats: Generator = {
  name: "TeX's lists of files, fonts and hyphenation, and its formats",
  inputs: [
    ...["usr/share/texlive", "usr/share/texmf", "etc/texmf", "var/lib/tex-common"],
    ...["usr/bin/*tex", "usr/bin/fmtutil-sys", "usr/sbin/update-language"],
  ],
  run: async ({ tree, env }) => {
    if (!tree.has(CONFIGURATION) || !tree.has("usr/bin/fmtutil-sys")) return undefined;
    const run = async (program: string, ...args: string[]) =>
      capture(program, args, { env: { ...env, ...UNCHANGING } });
    const trees = ["usr/share/texlive/texmf-dist", "usr/share/texmf", "var/lib/texmf"];
    await writeSnippets(tree, "fontmap-cfg", "updmap.cfg");
    await writeSnippets(tree, "fmtutil-cnf", "fmtutil.cnf");
    await writeLanguages(tree, { ...env, ...UNCHANGING });
    for (const path of trees) await rm(tree.at(join(path, "ls-R")), { force: true });
    const lists = async () => run("mktexlsr", ...trees.map((path) => tree.at(path)));
    await lists();
    await run("updmap-sys", "--nohash");
    await run(
      "fmtutil-sys",
      "--all",
      "--strict",
      "--no-error-if-no-engine=luajittex,mfluajit,luajithbtex",
    );
    await lists();
    return `${await removeLogs(tree.at("var/lib/texmf"))} formats`;
  },
};

/** `update-updmap` and `update-fmtutil` pass over links, and take files as the disk gives them. */
async function writeSnippets(tree: Tree, kind: string, name: string): Promise<void> {
  for (const [component, suffix] of [
    ["texmf", "DEBIAN"],
    ["texlive", "TEXLIVEDIST"],
  ] as const) {
    const snippets = tree.match(`var/lib/tex-common/${kind}/${component}/*.c*`);
    const texts = await Promise.all(snippets.map(async (path) => readFile(tree.at(path), "utf8")));
    await writeFileWhole(tree.at(`var/lib/texmf/${name}-${suffix}`), texts.join("\n"));
  }
}

/** `update-language` does nothing unless dpkg says that texlive-base is there. */
async function writeLanguages(tree: Tree, env: Env): Promise<void> {
  if (!tree.has("usr/sbin/update-language")) return;
  await makeDirectory(tree.at("var/lib/texmf/tex/generic/config"));
  const programs = await mkdtemp(join(tmpdir(), "tex-"));
  try {
    const answer = "#!/bin/sh\nprintf 'install ok installed'\n";
    await writeFileWhole(join(programs, "dpkg-query"), answer, 0o755);
    const path = [programs, env["PATH"]].join(":");
    await capture(tree.at("usr/sbin/update-language"), [], { env: { ...env, PATH: path } });
  } finally {
    await rm(programs, { recursive: true });
  }
}

/** They hold times, and nobody reads them. Gives how many formats are there. */
async function removeLogs(root: string): Promise<number> {
  const files = await readdir(root, { recursive: true });
  for (const file of files) if (file.endsWith(".log")) await rm(join(root, file));
  return files.filter((file) => /\.(fmt|base)$/.test(file)).length;
}

const CONFIGURATION = "etc/texmf/web2c/texmf.cnf";
const TREES = {
  TEXMFROOT: "usr/share/texlive",
  TEXMFDEBIAN: "usr/share/texmf",
  TEXMFSYSVAR: "var/lib/texmf",
  TEXMFSYSCONFIG: "etc/texmf",
};
/** https://reproducible-builds.org/specs/source-date-epoch/ */
const UNCHANGING = {
  SOURCE_DATE_EPOCH: "315532801",
  FORCE_SOURCE_DATE: "1",
  LC_ALL: "C",
  // The order of languages is that of a hash.
  PERL_HASH_SEED: "0",
  PERL_PERTURB_KEYS: "0",
};
