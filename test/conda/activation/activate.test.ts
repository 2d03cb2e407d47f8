import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { exists } from "../../../src/cnb/files.ts";
import { override, prepend } from "../../../src/cnb/layer-env.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { ofBuildBetween } from "../../../src/conda/activation/run-thrice.ts";
import { activateWith, changesOf, reportsOf } from "./prefix.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("without scripts and variables", () => {
  test("the prefix is on PATH, and known as conda makes it known", async () => {
    const { prefix, delta, reports } = await activateWith({});

    expect(delta).toEqual({
      launch: {
        PATH: prepend(`${prefix}/bin`, ":"),
        CONDA_PREFIX: override(prefix),
        CONDA_DEFAULT_ENV: override(prefix),
        CONDA_SHLVL: override("1"),
      },
    });
    expect(reports).toEqual([]);
    expect(await exists(join(prefix, "conda-meta/state"))).toBe(false);
  });
});

describe("variables", () => {
  test("of packages come in the order of the files, and those of the environment last", async () => {
    const result = await activateWith({
      files: {
        "etc/conda/env_vars.d/b.json": `{"ONE": "b", "TWO": "b", "GONE": "b"}`,
        "etc/conda/env_vars.d/a.json": `{"ONE": "a", "THREE": "a 'quoted' $HOME\\n"}`,
      },
      variables: { TWO: "environment", GONE: "***unset***", LANG: "de_DE.UTF-8" },
    });

    expect(changesOf(result)).toMatchInlineSnapshot(`
      "LANG override de_DE.UTF-8
      ONE default b
      THREE default a 'quoted' $HOME

      TWO default environment"
    `);
    expect(reportsOf(result)).toBe("");
    expect(await readFile(join(result.prefix, "conda-meta/state"), "utf8")).toMatchInlineSnapshot(`
      "{"env_vars":{"GONE":"***unset***","LANG":"de_DE.UTF-8","TWO":"environment"}}
      "
    `);
  });

  test("that conda writes otherwise, or no shell can have, are told", async () => {
    const result = await activateWith({
      files: {
        "etc/conda/env_vars.d/broken.json": `{"A": `,
        "etc/conda/env_vars.d/number.json": `{"A": 1}`,
      },
      variables: { PATH: "/x", CONDA_PREFIX: "/y", "my-name": "1", http_timeout: "30" },
    });

    expect(changesOf(result)).toMatchInlineSnapshot(`"HTTP_TIMEOUT default 30"`);
    expect(reportsOf(result)).toMatchInlineSnapshot(`
      "etc/conda/env_vars.d/broken.json is no JSON object of texts and has no effect
      etc/conda/env_vars.d/number.json is no JSON object of texts and has no effect
      conda-meta/state names the variable 'PATH', which conda reserves for itself; it is left out
      conda-meta/state names the variable 'CONDA_PREFIX', which conda reserves for itself; it is left out
      conda-meta/state names the variable 'my-name', which no shell can set; it is left out
      conda-meta/state sets http_timeout as HTTP_TIMEOUT, as conda does"
    `);
  });
});

describe("scripts", () => {
  test("find the prefix, what variables say, and nothing of the build", async () => {
    vi.stubEnv("BP_SECRET", "s3cret");
    vi.stubEnv("HTTPS_PROXY", "http://proxy.example");
    vi.stubEnv("BASH_ENV", "/nowhere");

    const { debug, prefix } = await activateWith({
      variables: { MODEL: "small" },
      scripts: { "a.sh": `echo "$# parameters, in $PWD"\n/usr/bin/env | LC_ALL=C /usr/bin/sort\n` },
    });

    expect(debug.join("\n").replaceAll(prefix, "<prefix>")).toMatchInlineSnapshot(`
      "etc/conda/activate.d/a.sh: 0 parameters, in /
      etc/conda/activate.d/a.sh: CONDA_DEFAULT_ENV=<prefix>
      etc/conda/activate.d/a.sh: CONDA_PREFIX=<prefix>
      etc/conda/activate.d/a.sh: CONDA_PROMPT_MODIFIER=
      etc/conda/activate.d/a.sh: CONDA_SHLVL=1
      etc/conda/activate.d/a.sh: HOME=/home/cnb
      etc/conda/activate.d/a.sh: LANG=C.UTF-8
      etc/conda/activate.d/a.sh: MODEL=small
      etc/conda/activate.d/a.sh: PATH=<prefix>/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      etc/conda/activate.d/a.sh: PWD=/
      etc/conda/activate.d/a.sh: SHLVL=1
      etc/conda/activate.d/a.sh: _=/usr/bin/env"
    `);
  });

  test("run in the order of their names, each with what the ones before have set", async () => {
    const result = await activateWith({
      scripts: {
        "b.sh": `export LIST="$LIST b $unexported"\n`,
        "a.sh": `export LIST=a\nunexported=seen\n`,
        "c.fish": `set -x LIST c\n`,
      },
    });

    expect(changesOf(result)).toBe("LIST override a b seen");
  });

  test("replace what is set, keep it, or add to it, as they do at each activation", async () => {
    const result = await activateWith({
      scripts: {
        "libxml2.sh": `export XML_CATALOG_FILES="\${XML_CATALOG_FILES:+$XML_CATALOG_FILES }file://$CONDA_PREFIX/etc/xml/catalog file:///etc/xml/catalog"\n`,
        "geotiff.sh": `[ -n "$GEOTIFF_CSV" ] && export _CONDA_SET_GEOTIFF_CSV=$GEOTIFF_CSV\nexport GEOTIFF_CSV=$CONDA_PREFIX/share/epsg_csv\n`,
        "glib.sh": `export GSETTINGS_SCHEMA_DIR_CONDA_BACKUP="\${GSETTINGS_SCHEMA_DIR:-}"\nexport GSETTINGS_SCHEMA_DIR="$CONDA_PREFIX/share/glib-2.0/schemas"\n`,
        "openjdk.sh": `export JAVA_LD_LIBRARY_PATH_BACKUP=$JAVA_LD_LIBRARY_PATH\nexport JAVA_LD_LIBRARY_PATH=$CONDA_PREFIX/lib/jvm/lib/server\nexport JAVA_HOME=\${JAVA_HOME:-$CONDA_PREFIX/lib/jvm}\n`,
        "libraries.sh": `export LD_LIBRARY_PATH=$CONDA_PREFIX/lib:$LD_LIBRARY_PATH\n`,
        "gcc.sh": `export CFLAGS="\${CFLAGS:--O2 -isystem $CONDA_PREFIX/include}"\nexport CONDA_BACKUP_CC=$CC\nexport CC=$CONDA_PREFIX/bin/x86_64-conda-linux-gnu-cc\n`,
        "both.sh": `export AROUND="a:$AROUND:b"\nexport GLUED="x$GLUED"\nexport TWICE=/a\nexport TWICE=$TWICE:/b\n`,
      },
    });

    expect(changesOf(result)).toMatchInlineSnapshot(`
      "AROUND override a::b
      CC override <prefix>/bin/x86_64-conda-linux-gnu-cc
      CFLAGS default -O2 -isystem <prefix>/include
      GEOTIFF_CSV override <prefix>/share/epsg_csv
      GLUED override x
      GSETTINGS_SCHEMA_DIR override <prefix>/share/glib-2.0/schemas
      JAVA_HOME default <prefix>/lib/jvm
      JAVA_LD_LIBRARY_PATH override <prefix>/lib/jvm/lib/server
      LD_LIBRARY_PATH prepend ':' <prefix>/lib
      TWICE override /a:/b
      XML_CATALOG_FILES append ' ' file://<prefix>/etc/xml/catalog file:///etc/xml/catalog"
    `);
    expect(reportsOf(result)).toBe("");
  });

  test("that change PATH leave the other directories of it in place", async () => {
    const before = `export PATH="$CONDA_PREFIX/nvvm/bin:$PATH"\n`;
    const behind = `PATH=$PATH:$CONDA_PREFIX/libexec\n`;
    const without = `PATH=$CONDA_PREFIX/only\n`;

    const [first, second, third] = await Promise.all(
      [before, behind, without].map((text) => activateWith({ scripts: { "a.sh": text } })),
    );

    expect([first, second, third].map((one) => pathOf(one!))).toMatchInlineSnapshot(`
      [
        "<prefix>/nvvm/bin:<prefix>/bin",
        "<prefix>/bin:<prefix>/libexec",
        "<prefix>/only",
      ]
    `);
    expect([first, second, third].map((one) => reportsOf(one!))).toMatchInlineSnapshot(`
      [
        "",
        "etc/conda/activate.d/a.sh changes PATH; in the image, <prefix>/bin:<prefix>/libexec stands in front of it",
        "etc/conda/activate.d/a.sh changes PATH; in the image, <prefix>/only stands in front of it",
      ]
    `);
  });

  test("that unset what others have set", async () => {
    const result = await activateWith({
      variables: { DECLARED: "1" },
      scripts: { "a.sh": "export SHORT=1\n", "b.sh": "unset SHORT DECLARED PYTHONPATH\n" },
    });

    expect(changesOf(result)).toBe("");
    expect(reportsOf(result)).toMatchInlineSnapshot(
      `"etc/conda/activate.d unsets PYTHONPATH, which an image's environment can't"`,
    );
  });

  test("whose values are of the moment or the process are left out, and told", async () => {
    const result = await activateWith({
      scripts: {
        "a.sh": `export RUN_ID=run-$$ SCRATCH=$(/usr/bin/mktemp -u)\n`,
        "b.sh": `export STARTED=at-$(/usr/bin/date +%s%N) DAY=$(/usr/bin/date +%Y%m%d) FIXED=1\n`,
        "c.sh": `export RUN_ID="$RUN_ID-again" SERIAL=12345678901234\n`,
      },
    });

    expect(changesOf(result)).toBe("FIXED override 1\nSERIAL override 12345678901234");
    expect(reportsOf(result)).toMatchInlineSnapshot(`
      "etc/conda/activate.d/b.sh sets DAY to another value at each start; it is left out
      etc/conda/activate.d/c.sh sets RUN_ID to another value at each start; it is left out
      etc/conda/activate.d/a.sh sets SCRATCH to another value at each start; it is left out
      etc/conda/activate.d/b.sh sets STARTED to another value at each start; it is left out"
    `);
  });

  test("that read the time once are told, too, where that differs by seconds alone", async () => {
    const result = await activateWith({
      scripts: { "a.sh": `export STARTED=$(/usr/bin/date +%s)\n` },
    });

    expect(changesOf(result)).toBe("");
  });

  test("whose values name the machine", () => {
    const isOfBuild = ofBuildBetween(0, 1000, "4c5f0e9ab812");

    expect(isOfBuild("node-4c5f0e9ab812")).toBe(true);
    expect(isOfBuild("node-4c5f0e9ab81")).toBe(false);
    // A short name may be any word.
    expect(ofBuildBetween(0, 1000, "gpu")("gpu-mode")).toBe(false);
  });

  test("that leave more in the shell than variables", async () => {
    const result = await activateWith({
      scripts: {
        "a.sh": `alias ll='ls -l'\nalias la='ls\n-a'\ngo() { :; }\n_helper() { :; }\nexport -f go\ntrap 'echo bye' EXIT\ntrap 'exit 9' ERR\nset -eu\nshopt -s globstar\ncd /tmp\n`,
        "b.sh": `echo "$UNSET_NAME"; false; export REACHED=b\n`,
      },
    });

    expect(changesOf(result)).toBe("REACHED override b");
    expect(reportsOf(result)).toMatchInlineSnapshot(`
      "etc/conda/activate.d/a.sh leaves the aliases la and ll, the traps EXIT and ERR, the options errexit, nounset and globstar and the directory /tmp in the shell, which programs of the image do not have
      etc/conda/activate.d/a.sh exports the function go, which bash alone knows"
    `);
  });

  test("that fail are named with their last lines, and the others go on", async () => {
    const result = await activateWith({
      scripts: {
        "a.sh": `export A=1\nfor n in 1 2 3 4 5 6 7; do echo "line $n"; done\nexit 3\n`,
        "b.sh": `export B=1\necho "ERROR: no compiler" >&2\nreturn 4\n`,
        "c.sh": `export C=1\nif then\n`,
        "d.sh": `set -e\nexport D=1\nfalse\nexport D=2\n`,
        "e.sh": `exit 0\n`,
        "f.sh": `export F=1\n[ -n "$NOTHING" ] && export G=1\n`,
      },
    });

    expect(changesOf(result)).toBe("B override 1\nC override 1\nF override 1");
    expect(reportsOf(result)).toMatchInlineSnapshot(`
      "etc/conda/activate.d/a.sh ended the shell with exit code 3; what it had set until then is left out
        line 3
        line 4
        line 5
        line 6
        line 7
      etc/conda/activate.d/b.sh returned 4
        ERROR: no compiler
      etc/conda/activate.d/c.sh returned 2
        <prefix>/etc/conda/activate.d/c.sh: line 2: syntax error near unexpected token \`then'
        <prefix>/etc/conda/activate.d/c.sh: line 2: \`if then'
      etc/conda/activate.d/d.sh ended the shell with exit code 1; what it had set until then is left out
      etc/conda/activate.d/e.sh ended the shell with exit code 0; what it had set until then is left out"
    `);
    expect(result.debug).toContain("etc/conda/activate.d/b.sh: ERROR: no compiler");
  });

  test("that do not end are ended, with what they have started", async () => {
    const result = await activateWith({
      seconds: 1,
      scripts: {
        "a.sh": `export A=1\necho waiting\n/usr/bin/sleep 300\n`,
        "b.sh": `export B=1\n`,
      },
    });

    expect(changesOf(result)).toBe("B override 1");
    expect(reportsOf(result)).toMatchInlineSnapshot(`
      "etc/conda/activate.d/a.sh did not end within 1 second; what it had set until then is left out
        waiting"
    `);
  });

  test("that write into the prefix are told", async () => {
    const result = await activateWith({
      files: { "lib/R/etc/ldpaths": "old\n", "lib/R/etc/other": "same\n" },
      scripts: {
        "r.sh": `echo new > $CONDA_PREFIX/lib/R/etc/ldpaths\necho x > $CONDA_PREFIX/made\n`,
      },
    });

    expect(reportsOf(result)).toMatchInlineSnapshot(
      `"etc/conda/activate.d/r.sh writes into the prefix, which activation should not: lib/R/etc/ldpaths and made"`,
    );
  });

  test("leave nothing behind in the directory for temporary files", async () => {
    const directory = await temporaryDirectory();
    vi.stubEnv("TMPDIR", directory);

    const { prefix } = await activateWith({
      scripts: { "a.sh": "exit 1\n", "b.sh": "export B=1\n" },
    });

    expect(await readdir(directory)).toEqual([basename(dirname(prefix))]);
  });
});

function pathOf({ prefix, delta }: { prefix: string; delta: { launch?: object } }): string {
  const { PATH } = delta.launch as { readonly PATH: { readonly value: string } };
  return PATH.value.replaceAll(prefix, "<prefix>");
}
