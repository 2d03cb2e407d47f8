import { chmod, lstat, mkdir, readFile, readlink, realpath, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyDelta } from "../../../src/cnb/layer-env.ts";
import { scanEnvironment } from "../../../src/debian/environment/scan.ts";
import { generate } from "../../../src/debian/generated/generate.ts";
import type { PackageEntry } from "../../../src/debian/package-index.ts";
import { capture } from "../../../src/kit/command.ts";
import { createLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { writeElf } from "../environment/elf-file.ts";
import { fileEntry, packageIndex } from "../packages.ts";

const TRIPLET = "x86_64-linux-gnu";
const LIB = `usr/lib/${TRIPLET}`;

it("makes nothing where nothing is needed", async () => {
  const root = await makeTree({ "usr/bin/jq": "" });

  expect(await generateIn(root)).toEqual({ made: [], failed: [] });
});

it("starts compilers so that they find their parts in the tree", async () => {
  const program = `usr/bin/${TRIPLET}-gcc-14`;
  const root = await makeTree({ [program]: "elf", [`usr/bin/${TRIPLET}-gcc-ranlib-14`]: "elf" });
  await symlink(`${TRIPLET}-gcc-14`, join(root, "usr/bin/gcc-14"));

  await generateIn(root);

  expect(await read(root, "usr/bin/gcc-14")).toBe(
    `#!/bin/sh\nexec @/${program}.program -no-canonical-prefixes -idirafter @/usr/include/${TRIPLET} -idirafter @/usr/include -B@/${LIB}/ -L@/${LIB} "$@"\n`,
  );
  expect(await read(root, `${program}.program`)).toBe("elf");
  expect(await read(root, `usr/bin/${TRIPLET}-gcc-ranlib-14`)).toBe("elf");
});

it("sets git's filters for Git LFS", async () => {
  const root = await makeTree({ "usr/bin/git-lfs": "" });

  await generateIn(root);

  expect(await read(root, "etc/gitconfig")).toContain("process = git-lfs filter-process");
});

describe("scripts", () => {
  it("are read by the tree's interpreter, and the image's where the tree has none", async () => {
    const root = await makeTree({
      "usr/bin/tclsh": "",
      "usr/bin/a": "#!/usr/bin/tclsh\nputs hi\n",
      "usr/bin/b": "#!/bin/tclsh\n",
      "usr/bin/c": "#!/bin/sh\necho /usr/bin/tclsh-other\n",
    });

    await generateIn(root, executable("usr/bin/a", "usr/bin/b", "usr/bin/c"));

    expect(await read(root, "usr/bin/a")).toBe("#!@/usr/bin/tclsh\nputs hi\n");
    expect(await read(root, "usr/bin/b")).toBe("#!@/usr/bin/tclsh\n");
    expect(await read(root, "usr/bin/c")).toBe("#!/bin/sh\necho /usr/bin/tclsh-other\n");
  });

  it("name the tree's own directories, and what they make there", async () => {
    const root = await makeTree({
      "usr/lib/R/bin/exec/R": "",
      "usr/bin/R": '#!/bin/sh\nR_HOME_DIR=/usr/lib/R\nls "/usr/lib/R/new" /usr/lib /usr/share/x\n',
    });

    await generateIn(root, executable("usr/bin/R"));

    expect(await read(root, "usr/bin/R")).toBe(
      '#!/bin/sh\nR_HOME_DIR=@/usr/lib/R\nls "@/usr/lib/R/new" /usr/lib /usr/share/x\n',
    );
  });

  it("take the place of links, and leave the store's file alone", async () => {
    const store = await makeTree({ "usr/bin/a": "#!/usr/bin/tclsh\n" });
    const root = await makeTree({ "usr/bin/tclsh": "" });
    await symlink(join(store, "usr/bin/a"), join(root, "usr/bin/a"));

    await generateIn(root, executable("usr/bin/a"));

    expect((await lstat(join(root, "usr/bin/a"))).mode & 0o7777).toBe(0o755);
    expect(await read(root, "usr/bin/a")).toBe("#!@/usr/bin/tclsh\n");
    expect(await readFile(join(store, "usr/bin/a"), "utf8")).toBe("#!/usr/bin/tclsh\n");
  });

  it("name a directory that ends in a variable of theirs, and directories of their own in /etc", async () => {
    const root = await makeTree({
      "usr/lib/chromium/chromium": "",
      "etc/chromium.d/flags": "",
      "usr/bin/chromium":
        "#!/bin/sh\nAPPNAME=chromium\nLIBDIR=/usr/lib/$APPNAME\nOTHER=/usr/lib/$OTHER/a\nfor file in /etc/chromium.d/*; do\n  . $file\ndone\n",
    });

    await generateIn(root, executable("usr/bin/chromium"));

    expect(await read(root, "usr/bin/chromium")).toBe(
      "#!/bin/sh\nAPPNAME=chromium\nLIBDIR=@/usr/lib/$APPNAME\nOTHER=/usr/lib/$OTHER/a\nfor file in @/etc/chromium.d/*; do\n  . $file\ndone\n",
    );
  });

  it("in Python get the modules of packages, and the app's Python does not", async () => {
    const root = await makeTree({
      "usr/lib/python3/dist-packages/osgeo.py": "name = 'osgeo'\n",
      "usr/share/tool/beside.py": "name = 'beside'\n",
      "usr/share/tool/tool":
        "#! /usr/bin/python3\nfrom __future__ import annotations\nimport beside, osgeo, sys\nprint(__name__, beside.name, osgeo.name, sys.argv[1:])\n",
      "usr/bin/isolated": "#!/usr/bin/python3 -Es\nimport osgeo; print(osgeo.name)\n",
    });
    await mkdir(join(root, "usr/bin"), { recursive: true });
    await symlink("../share/tool/tool", join(root, "usr/bin/tool"));

    await generateIn(root, executable("usr/share/tool/tool", "usr/bin/isolated"));

    const run = async (...command: [string, ...string[]]) => {
      const { stdout } = await capture(join(root, command[0]), command.slice(1), { env: {} });
      return stdout.trim();
    };
    expect(await run("usr/bin/tool", "a b")).toBe("__main__ beside osgeo ['a b']");
    expect(await run("usr/bin/isolated")).toBe("osgeo");
    const { launch } = await scanEnvironment(root, TRIPLET);
    expect(launch).not.toHaveProperty("PYTHONPATH");
  });

  it("read modules that name the tree's own directories", async () => {
    const root = await makeTree({
      "usr/lib/postgresql/17/bin/psql": "",
      "usr/share/perl5/PgCommon.pm":
        'our $binroot = "/usr/lib/postgresql/";\nour $url = "file:///usr/lib/postgresql/17";\nmy $tmp = "/usr/share";\n',
    });

    await generateIn(root, [fileEntry("usr/share/perl5/PgCommon.pm", 1)]);

    expect(await read(root, "usr/share/perl5/PgCommon.pm")).toBe(
      'our $binroot = "@/usr/lib/postgresql/";\nour $url = "file://@/usr/lib/postgresql/17";\nmy $tmp = "/usr/share";\n',
    );
  });

  it("keep what is in another encoding", async () => {
    const root = await makeTree({ "usr/bin/tclsh": "" });
    const latin1 = Buffer.from("#!/usr/bin/tclsh\nputs \u00e9\n", "latin1");
    await writeFiles(root, { "usr/bin/a": latin1 });

    await generateIn(root, executable("usr/bin/a"));

    const text = (await readFile(join(root, "usr/bin/a"))).toString("latin1");
    expect(text).toBe(`#!${root}/usr/bin/tclsh\nputs \u00e9\n`);
  });

  it("that are archives are changed in their first line alone", async () => {
    const root = await makeTree({
      "usr/bin/tclsh": "",
      "usr/bin/a": "#!/usr/bin/tclsh\n/usr/bin/tclsh \0",
    });

    await generateIn(root, executable("usr/bin/a"));

    expect(await read(root, "usr/bin/a")).toBe("#!@/usr/bin/tclsh\n/usr/bin/tclsh \0");
  });

  it("that print flags for compilers mean all directories of the tree", async () => {
    const root = await makeTree({
      "usr/include/gdal/gdal.h": "",
      [`${LIB}/libgdal.so`]: "",
      "usr/bin/gdal-config": `#!/bin/sh\nCONFIG_PREFIX="/usr"\nLIBS="-L/${LIB} -lgdal"\nCFLAGS="-I/usr/include/gdal"\n`,
    });

    await generateIn(root, executable("usr/bin/gdal-config"));

    expect(await read(root, "usr/bin/gdal-config")).toBe(
      `#!/bin/sh\nCONFIG_PREFIX="@/usr"\nLIBS="-L@/${LIB} -lgdal"\nCFLAGS="-I@/usr/include/gdal"\n`,
    );
  });
});

it("gives pkg-config files the tree's place", async () => {
  const root = await makeTree({
    [`${LIB}/pkgconfig/a.pc`]:
      "prefix=/usr\nexec_prefix=${prefix}\nlibdir=/usr/lib/a\nCflags: -I/usr/include/a -I${prefix}/usr/b\n",
  });

  await generateIn(root);

  expect(await read(root, `${LIB}/pkgconfig/a.pc`)).toBe(
    "prefix=@/usr\nexec_prefix=${prefix}\nlibdir=@/usr/lib/a\nCflags: -I@/usr/include/a -I${prefix}/usr/b\n",
  );
});

it("makes fontconfig look into the tree and the image", async () => {
  const root = await makeTree({
    "etc/fonts/fonts.conf":
      '<fontconfig>\n<dir>/usr/share/fonts</dir>\n<include ignore_missing="yes">conf.d</include>\n<cachedir>/var/cache/fontconfig</cachedir>\n</fontconfig>\n',
  });

  await generateIn(root);

  expect(await read(root, "etc/fonts/fonts.conf")).toMatchInlineSnapshot(`
    "<fontconfig>
    <dir>@/usr/share/fonts</dir><dir>/usr/share/fonts</dir>
    <include ignore_missing="yes">@/etc/fonts/conf.d</include>
    <cachedir>@/var/cache/fontconfig</cachedir>
    </fontconfig>
    "
  `);
});

it("gives directories of fonts the time that they will have, also those that links lead to", async () => {
  const root = await makeTree({
    "etc/fonts/fonts.conf": "",
    "usr/share/poppler/cMap/Adobe-GB1/a": "",
    "usr/share/fonts/truetype/a.ttf": "",
    "usr/bin/fc-cache": "#!/bin/sh\n",
  });
  await mkdir(join(root, "usr/share/fonts/cmap"));
  await symlink("../../poppler/cMap/Adobe-GB1", join(root, "usr/share/fonts/cmap/adobe-gb1"));
  await symlink("..", join(root, "usr/share/fonts/cmap/loop"));
  await chmod(join(root, "usr/bin/fc-cache"), 0o755);

  const { made } = await generateIn(root);

  expect(made).toContainEqual({ name: "the list of fonts", summary: "of 3 files" });
  for (const path of ["usr/share/fonts/truetype", "usr/share/poppler/cMap/Adobe-GB1"]) {
    expect((await stat(join(root, path))).mtimeMs).toBe(315_532_801_000);
  }
});

it("lists ODBC drivers by their place in the tree", async () => {
  const root = await makeTree({
    "usr/share/psqlodbc/odbcinst.ini.template": "[PostgreSQL ANSI]\nDriver\t= psqlodbca.so\n",
    "usr/share/tdsodbc/odbcinst.ini": "[FreeTDS]\nDriver = libtdsodbc.so\nSetup = libtdsS.so\n",
    "usr/share/sqliteodbc/unixodbc.ini": "[SQLite3]\nDriver=libsqlite3odbc.so\n",
    "opt/microsoft/msodbcsql18/etc/odbcinst.ini":
      "[ODBC Driver 18 for SQL Server]\nDriver=/opt/microsoft/msodbcsql18/lib64/libmsodbcsql-18.so\n",
    "opt/microsoft/msodbcsql18/lib64/libmsodbcsql-18.so": "",
    [`${LIB}/odbc/libsqlite3odbc.so`]: "",
    [`${LIB}/odbc/psqlodbca.so`]: "",
    [`${LIB}/odbc/libtdsodbc.so`]: "",
  });

  await generateIn(root);

  expect(await read(root, "etc/odbcinst.ini")).toMatchInlineSnapshot(`
    "[FreeTDS]
    Driver = @/usr/lib/x86_64-linux-gnu/odbc/libtdsodbc.so
    Setup = libtdsS.so

    [PostgreSQL ANSI]
    Driver	= @/usr/lib/x86_64-linux-gnu/odbc/psqlodbca.so

    [SQLite3]
    Driver=@/usr/lib/x86_64-linux-gnu/odbc/libsqlite3odbc.so

    [ODBC Driver 18 for SQL Server]
    Driver=@/opt/microsoft/msodbcsql18/lib64/libmsodbcsql-18.so
    "
  `);
});

it("lets GnuPG find its programs beside the one that runs", async () => {
  const store = await makeTree({ "usr/bin/gpg": "gpg", "usr/bin/gpg-agent": "agent" });
  const root = await makeTree({ "usr/lib/gnupg/keyboxd": "" });
  await mkdir(join(root, "usr/bin"));
  for (const name of ["gpg", "gpg-agent"]) {
    await symlink(join(store, "usr/bin", name), join(root, "usr/bin", name));
  }

  await generateIn(root);

  expect(await realpath(join(root, "usr/bin/gpg-agent"))).toBe(
    await realpath(join(root, "usr/bin")).then((directory) => join(directory, "gpg-agent")),
  );
  expect((await lstat(join(root, "usr/bin/gpg"))).mode & 0o777).toBe(0o755);
  expect(await read(root, "usr/bin/gpg")).toBe("gpg");
  expect(await read(root, "usr/bin/gpgconf.ctl")).toBe(
    "rootdir = @/usr\nsysconfdir = /etc/gnupg\n",
  );
  expect(await readlink(join(root, "usr/libexec/keyboxd"))).toBe("../lib/gnupg/keyboxd");
});

describe("Python's find_library", () => {
  const FIND = "import ctypes.util, sys; print(*map(ctypes.util.find_library, sys.argv[1:]))";

  it("finds the newest library of each name on the linker's path", async () => {
    const root = await makeTree({ [`${LIB}/libnotes.so.1`]: "no library" });
    for (const soname of ["libportaudio.so.2", "libportaudio.so.10", "libblas.so.3"]) {
      await writeElf(join(root, LIB, soname), { soname });
    }
    await writeElf(join(root, LIB, "libother.so.1"), { soname: "libdifferent.so.1" });
    await generateIn(root);
    const { launch } = await scanEnvironment(root, TRIPLET);
    const env = applyDelta({ PATH: "/nowhere" }, { launch }, "launch");

    const names = ["portaudio", "blas", "other", "notes", "missing"];
    const { stdout } = await capture("/usr/bin/python3", ["-c", FIND, ...names], { env });

    expect(stdout.trim()).toBe("libportaudio.so.10 libblas.so.3 None None None");
  });

  it("leaves a real linker to everything else", async () => {
    const root = await makeTree({ "usr/lib/a": "", "usr/bin/ld": '#!/bin/sh\necho "linked $*"\n' });
    await chmod(join(root, "usr/bin/ld"), 0o755);
    await writeElf(join(root, "usr/lib/liba.so.1"), { soname: "liba.so.1" });
    await generateIn(root);
    const { launch } = await scanEnvironment(root, TRIPLET);
    const env = applyDelta({ PATH: "/nowhere" }, { launch }, "launch");

    const { stdout } = await capture("/bin/sh", ["-c", "ld -o a.out a.o -la"], { env });

    expect(stdout.trim()).toBe("linked -o a.out a.o -la");
  });
});

it("joins what packages say of Ghostscript's fonts", async () => {
  const root = await makeTree({
    "usr/sbin/update-gsfontmap": "",
    "usr/share/fonts/type1/a.t1": "",
    "etc/ghostscript/fontmap.d/10a.conf": "/A (/usr/share/fonts/type1/a.t1) ;\n",
    "etc/ghostscript/fontmap.d/20b.conf": "/B /A ;\n",
    "etc/ghostscript/cidfmap.d/90c.conf": "/C << /Path (/usr/share/fonts/c.ttf) >> ;\n",
  });

  const { made } = await generateIn(root);

  expect(made).toEqual([{ name: "the lists of Ghostscript's fonts", summary: "of 3 files" }]);
  expect(await read(root, "var/lib/ghostscript/fonts/Fontmap")).toBe(
    "/A (@/usr/share/fonts/type1/a.t1) ;\n/B /A ;\n",
  );
  expect(await read(root, "var/lib/ghostscript/fonts/cidfmap")).toBe(
    "/C << /Path (/usr/share/fonts/c.ttf) >> ;\n",
  );
});

describe("a program of the tree", () => {
  const compiler = `${LIB}/glib-2.0/glib-compile-schemas`;

  it("makes its list, with the tree's environment", async () => {
    const root = await makeTree({
      [compiler]: '#!/bin/sh\nprintf %s "$XDG_DATA_DIRS" > "$1/gschemas.compiled"\n',
      "usr/share/glib-2.0/schemas/org.app.gschema.xml": "",
    });
    await chmod(join(root, compiler), 0o755);

    const { made } = await generateIn(root);

    expect(made).toEqual([{ name: "compiled GSettings schemas", summary: "of 1 files" }]);
    expect(await read(root, "usr/share/glib-2.0/schemas/gschemas.compiled")).toMatch(
      /^@\/usr\/share:/,
    );
  });

  it("that fails is reported, with its last words", async () => {
    const root = await makeTree({
      [compiler]: "#!/bin/sh\necho one; echo two; echo three; echo four >&2; exit 3\n",
      "usr/share/glib-2.0/schemas/org.app.gschema.xml": "",
    });
    await chmod(join(root, compiler), 0o755);

    const { made, failed } = await generateIn(root);

    expect(made).toEqual([]);
    expect(failed.map(({ name }) => name)).toEqual(["compiled GSettings schemas"]);
    expect(failed[0]?.reason.replaceAll(root, "@")).toBe(
      `'@/${compiler} @/usr/share/glib-2.0/schemas' ended with exit code 3\ntwo\nthree\nfour`,
    );
  });
});

async function makeTree(files: { readonly [path: string]: string }): Promise<string> {
  const root = await temporaryDirectory();
  await writeFiles(root, files);
  return root;
}

function executable(...paths: readonly string[]): PackageEntry[] {
  return paths.map((path) => ({ kind: "file", path, mode: 0o755, size: 1 }));
}

async function generateIn(root: string, entries: readonly PackageEntry[] = []) {
  const log = createLog({ out: () => {}, err: () => {}, debug: false });
  const env = { PATH: process.env["PATH"] };
  return generate({
    rootTree: root,
    triplet: TRIPLET,
    indexes: [packageIndex("app", entries)],
    env,
    log,
  });
}

async function read(root: string, path: string): Promise<string> {
  return (await readFile(join(root, path), "utf8")).replaceAll(root, "@");
}
