import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../../src/debian/environment/rules.ts";
import { scanEnvironment } from "../../../src/debian/environment/scan.ts";
import { tripletOf } from "../../../src/debian/environment/tree.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { writeElf } from "./elf-file.ts";

const TRIPLET = tripletOf("amd64");
const LIB = `usr/lib/${TRIPLET}`;

describe("variables of programs", () => {
  it("are set only for what is there", async () => {
    const root = await makeTree({ "usr/bin/jq": "" });

    expect(await scan(root)).toEqual({ PATH: "prepend : @/usr/bin" });
  });

  it("name what is there, with the version that is there", async () => {
    const root = await makeTree({
      "usr/share/tesseract-ocr/5/tessdata/eng.traineddata": "",
      "usr/share/proj/proj.db": "",
      "usr/lib/git-core/git": "",
      "usr/lib/libreoffice/program/soffice": "",
    });

    expect(await scan(root)).toMatchObject({
      TESSDATA_PREFIX: "default @/usr/share/tesseract-ocr/5/tessdata",
      PROJ_DATA: "default @/usr/share/proj",
      GIT_EXEC_PATH: "default @/usr/lib/git-core",
      BRAND_BASE_DIR: "default file://@/usr/lib/libreoffice",
    });
  });

  it("keep the image's own places where they would replace them", async () => {
    const root = await makeTree({ "usr/share/terminfo/k/kitty": "" });

    expect(await scan(root)).toMatchObject({
      TERMINFO_DIRS:
        "prepend : @/usr/share/terminfo:/etc/terminfo:/usr/lib/terminfo:/usr/share/terminfo",
    });
  });

  it("name each place once where several rules' patterns match files of it", async () => {
    const root = await makeTree({
      [`${LIB}/gio/modules/a.so`]: "",
      [`${LIB}/gio/modules/b.so`]: "",
    });

    expect(await scan(root)).toMatchObject({ GIO_MODULE_DIR: `default @/${LIB}/gio/modules` });
  });

  it("leave compilers' paths to builds", async () => {
    const root = await makeTree({
      "usr/include/libpq-fe.h": "",
      [`${LIB}/pkgconfig/libpq.pc`]: "",
    });

    expect(Object.keys(await scan(root, "launch"))).toEqual([]);
    expect(await scan(root, "build")).toEqual({
      CMAKE_PREFIX_PATH: "prepend : @/usr",
      CPATH: "prepend : @/usr/include",
      LIBRARY_PATH: `prepend : @/${LIB}:@/usr/lib`,
      PKG_CONFIG_PATH: `prepend : @/${LIB}/pkgconfig`,
    });
  });

  it("never are Python's", () => {
    expect(RULES.filter(({ variable }) => variable.startsWith("PYTHON"))).toEqual([]);
  });

  it("have one row each, with the document that defines them", () => {
    const names = RULES.map(({ variable }) => variable);

    expect(new Set(names).size).toBe(names.length);
    expect(RULES.every(({ source }) => source.startsWith("https://"))).toBe(true);
  });
});

describe("LD_LIBRARY_PATH", () => {
  it("has the standard directories that hold libraries", async () => {
    const root = await makeTree({ [`${LIB}/libjq.so.1`]: "", "usr/lib/bash/sleep": "" });

    expect(await libraryPath(root)).toBe(`@/${LIB}`);
  });

  it("has a directory of a library that something needs, and none of plugins", async () => {
    const root = await makeTree({ [`${LIB}/libpulse.so.0`]: "" });
    await elf(root, `${LIB}/libpulse.so.0`, { needed: ["libpulsecommon.so", "libc.so.6"] });
    await elf(root, `${LIB}/pulseaudio/libpulsecommon.so`, {});
    await elf(root, `${LIB}/gstreamer-1.0/libgstpulse.so`, { needed: ["libpulse.so.0"] });

    expect(await libraryPath(root)).toBe(`@/${LIB}:@/${LIB}/pulseaudio`);
  });

  it("has no directory that a RUNPATH from the object's own place reaches", async () => {
    const root = await makeTree({});
    await elf(root, "usr/lib/jvm/lib/libjava.so", {
      needed: ["libjvm.so"],
      runpath: "$ORIGIN:$ORIGIN/server",
    });
    await elf(root, "usr/lib/jvm/lib/server/libjvm.so", {});

    expect(await libraryPath(root)).toBeUndefined();
  });

  it("has the directory of a RUNPATH that names a real system's place", async () => {
    const root = await makeTree({});
    await elf(root, "usr/bin/tool", { needed: ["libown.so"], runpath: `/${LIB}/tool` });
    await elf(root, `${LIB}/tool/libown.so`, {});

    expect(await libraryPath(root)).toBe(`@/${LIB}/tool`);
  });

  it("finds the place of a program where its file really lies", async () => {
    const root = await makeTree({});
    const store = await makeTree({});
    await elf(store, "usr/bin/tool", { needed: ["libown.so"], runpath: "$ORIGIN/../lib/tool" });
    await elf(root, "usr/lib/tool/libown.so", {});
    await mkdir(join(root, "usr/bin"), { recursive: true });
    await symlink(join(store, "usr/bin/tool"), join(root, "usr/bin/tool"));

    expect(await libraryPath(root)).toBe("@/usr/lib/tool");
  });

  it("has no private copy of a library of the image", async () => {
    const root = await makeTree({});
    const image = await makeTree({ "libz.so.1": "" });
    await elf(root, "usr/bin/tool", { needed: ["libz.so.1"] });
    await elf(root, "usr/lib/other/libz.so.1", {});

    const { launch } = await scanEnvironment(root, TRIPLET, { systemLibraries: [image] });

    expect(launch).not.toHaveProperty("LD_LIBRARY_PATH");
  });

  it("begins with a directory that the standard ones have links to, not other libraries", async () => {
    const root = await makeTree({});
    await elf(root, "usr/bin/office", { needed: ["libown.so"] });
    await elf(root, "usr/lib/office/libown.so", {});
    await elf(root, "usr/lib/office/libshared.so.3", {});
    await mkdir(join(root, LIB), { recursive: true });
    await symlink("../office/libshared.so.3", join(root, LIB, "libshared.so.3"));

    expect(await libraryPath(root)).toBe(`@/usr/lib/office:@/${LIB}`);

    await elf(root, "usr/lib/office/libz.so.1", {});
    await elf(root, `${LIB}/libz.so.1`, {});

    expect(await libraryPath(root)).toBe(`@/${LIB}:@/usr/lib/office`);
  });

  it("has what a package adds to ld.so.conf", async () => {
    const root = await makeTree({
      "etc/ld.so.conf.d/tool.conf": "# its own\n/opt/tool/lib\n/opt/none\n",
      "opt/tool/lib/libtool.so": "",
    });

    expect(await libraryPath(root)).toBe("@/opt/tool/lib");
  });
});

async function makeTree(files: { readonly [path: string]: string }): Promise<string> {
  const root = await temporaryDirectory();
  await writeFiles(root, files);
  return root;
}

async function elf(root: string, path: string, parts: Parameters<typeof writeElf>[1]) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeElf(join(root, path), parts);
}

/** The changes in one line each, the tree as `@`; what all trees with usr/share have left out. */
async function scan(root: string, phase: "launch" | "build" = "launch") {
  const environment = await scanEnvironment(root, TRIPLET, { systemLibraries: [] });
  const lines = Object.entries(environment[phase]).map(([name, change]) => {
    const how = "delimiter" in change ? `${change.kind} ${change.delimiter}` : change.kind;
    return [name, `${how} ${change.value.replaceAll(root, "@")}`] as const;
  });
  return Object.fromEntries(lines.filter(([name]) => name !== "XDG_DATA_DIRS"));
}

async function libraryPath(root: string): Promise<string | undefined> {
  return (await scan(root))["LD_LIBRARY_PATH"]?.replace("prepend : ", "");
}
