import { chmod, lstat, readFile, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generate } from "../../../src/debian/generated/generate.ts";
import type { PackageEntry } from "../../../src/debian/package-index.ts";
import { createLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { packageIndex } from "../packages.ts";

const TRIPLET = "x86_64-linux-gnu";
const LIB = `usr/lib/${TRIPLET}`;

it("makes nothing where nothing is needed", async () => {
  const root = await makeTree({ "usr/bin/jq": "" });

  expect(await generateIn(root)).toEqual({ made: [], failed: [] });
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

it("lists ODBC drivers by their place in the tree", async () => {
  const root = await makeTree({
    "usr/share/psqlodbc/odbcinst.ini.template": "[PostgreSQL ANSI]\nDriver\t= psqlodbca.so\n",
    "usr/share/tdsodbc/odbcinst.ini": "[FreeTDS]\nDriver = libtdsodbc.so\nSetup = libtdsS.so\n",
    [`${LIB}/odbc/psqlodbca.so`]: "",
    [`${LIB}/odbc/libtdsodbc.so`]: "",
  });

  await generateIn(root);

  expect(await read(root, "etc/odbcinst.ini")).toMatchInlineSnapshot(`
    "[PostgreSQL ANSI]
    Driver	= @/usr/lib/x86_64-linux-gnu/odbc/psqlodbca.so

    [FreeTDS]
    Driver = @/usr/lib/x86_64-linux-gnu/odbc/libtdsodbc.so
    Setup = libtdsS.so
    "
  `);
});

it("settles packages' links to what it makes", async () => {
  const root = await makeTree({ "usr/lib/R/etc/Renviron.ucf": "R_ZIPCMD=/usr/bin/zip\n" });
  await symlink("/etc/R/Renviron", join(root, "usr/lib/R/etc/Renviron"));

  await generateIn(root, [
    { kind: "link", path: "usr/lib/R/etc/Renviron", target: "/etc/R/Renviron" },
  ]);

  expect(await readlink(join(root, "usr/lib/R/etc/Renviron"))).toBe("../../../../etc/R/Renviron");
  expect(await read(root, "usr/lib/R/etc/Renviron")).toBe("R_ZIPCMD=/usr/bin/zip\n");
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
