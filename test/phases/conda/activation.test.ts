import { build } from "esbuild";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SOURCE_MODULES } from "../../../scripts/lib/source-modules.ts";
import { applyDelta } from "../../../src/cnb/layer-env.ts";
import type { Activation } from "../../../src/conda/activation/activate.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { runInBuildImage } from "../python/build-image.ts";

const PREFIX = "/tmp/layers/ml-buildpacks_conda/environment/prefix";

/** Of the kinds that packages have, in our own words. */
const SCRIPTS = {
  "activate-gcc.sh": `
    _set_tool() { eval "export CONDA_BACKUP_$1=\\"\\$$1\\""; export "$1=$CONDA_PREFIX/bin/x86_64-conda-linux-gnu-$2"; }
    for _pair in CC:cc AR:ar; do _set_tool "\${_pair%%:*}" "\${_pair##*:}"; done
    unset _pair
    export CFLAGS="\${CFLAGS:--O2 -isystem $CONDA_PREFIX/include}"
  `,
  "geotiff.sh": `
    [ -n "\${GEOTIFF_CSV:-}" ] && export _CONDA_SET_GEOTIFF_CSV="$GEOTIFF_CSV"
    [ -d "$CONDA_PREFIX/share/epsg_csv" ] && export GEOTIFF_CSV="$CONDA_PREFIX/share/epsg_csv"
  `,
  "jdk.sh": `
    export JAVA_HOME_CONDA_BACKUP="\${JAVA_HOME:-}"
    export JAVA_HOME="$CONDA_PREFIX/lib/jvm"
    export PATH="$JAVA_HOME/bin:$PATH"
  `,
  "libraries.sh": `export LD_LIBRARY_PATH="$CONDA_PREFIX/lib/extra:$LD_LIBRARY_PATH"`,
  "xml.sh": `
    own="file://$(printf %s "$CONDA_PREFIX" | sed 's/ /%20/g')/etc/xml/catalog"
    export XML_CATALOG_FILES="\${XML_CATALOG_FILES:+$XML_CATALOG_FILES }$own"
    unset own
  `,
};

describe("the static environment of a prefix", () => {
  it.each([
    ["nothing", {}],
    [
      "variables of its own",
      {
        CFLAGS: "-O0",
        GEOTIFF_CSV: "/mine",
        JAVA_HOME: "/opt/java",
        LD_LIBRARY_PATH: "/opt/lib",
        XML_CATALOG_FILES: "file:///mine",
      },
    ],
  ])("is what sourcing gives where a deployment sets %s", async (_, own) => {
    const base = { ...IMAGE, ...own };

    const { delta, shells } = await activateAndSource(base);

    const applied = Object.entries(applyDelta(base, delta, "launch"));
    const lines = applied.map(([name, value]) => `${name}=${value}`).sort();
    expect(lines).toEqual(shells);
  });

  it("tells what it leaves out, and prints no warning of a sound script", async () => {
    const { reports, usesPrograms } = await activateAndSource(IMAGE);

    expect(reports).toEqual([
      { script: "conda-meta/state", what: "sets lower_case as LOWER_CASE, as conda does" },
    ]);
    expect(usesPrograms).toBe(false);
  });

  it("tells whether a script has used a program of the prefix", async () => {
    const scripts = { ...SCRIPTS, "moved.sh": `mv --version >"$(mktemp -u)" 2>&1 || :` };

    expect((await activateAndSource(IMAGE, scripts)).usesPrograms).toBe(true);
  });
});

/** As the run image has it. */
const IMAGE = {
  HOME: "/home/cnb",
  LANG: "C.UTF-8",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/** What the buildpack makes of it, and the environment of a shell that sources all scripts. */
async function activateAndSource(
  base: Readonly<Record<string, string>>,
  scripts: Readonly<Record<string, string>> = SCRIPTS,
): Promise<Activation & { readonly shells: readonly string[] }> {
  const { prefix, driver } = await prepare(scripts);
  const set = Object.entries(base).map(([name, value]) => `${name}='${value}'`);
  const sourcing = [
    `export CONDA_PREFIX=${PREFIX} CONDA_DEFAULT_ENV=${PREFIX} CONDA_SHLVL=1`,
    "export MODEL_DIR=/models LOWER_CASE=told",
    `export PATH=${PREFIX}/bin:$PATH`,
    ...Object.keys(scripts).map((name) => `. ${PREFIX}/etc/conda/activate.d/${name}`),
    "/usr/bin/env -0",
  ];
  const output = await runInBuildImage(
    [
      `mkdir -p ${PREFIX} && cp -R /given/prefix/. ${PREFIX}`,
      `node /given/driver/driver.cjs ${PREFIX}`,
      "printf '\\n====\\n'",
      `env -i ${set.join(" ")} /usr/bin/bash -c '${sourcing.join("\n")}'`,
    ].join("\n"),
    { [prefix]: "/given/prefix", [driver]: "/given/driver" },
  );
  const [activation = "", environment = ""] = output.split("\n====\n");
  const shells = environment.split("\0").filter((line) => line !== "" && !isDropped(line));
  // An empty entry of LD_LIBRARY_PATH is the working directory, which nobody means.
  const meant = shells.map((line) => line.replace(/^(LD_LIBRARY_PATH=.*):$/, "$1"));
  return { ...(JSON.parse(activation) as Activation), shells: meant.sort() };
}

/** What is for a shell or for deactivation. */
function isDropped(line: string): boolean {
  return /^(?:_|PWD|SHLVL|CONDA_BACKUP_\w+|_CONDA_SET_\w+|JAVA_HOME_CONDA_BACKUP)=/.test(line);
}

async function prepare(
  given: Readonly<Record<string, string>>,
): Promise<{ readonly prefix: string; readonly driver: string }> {
  const [prefix, driver] = [await readableDirectory(), await readableDirectory()];
  const scripts = Object.entries(given).map(([name, text]) => [
    `etc/conda/activate.d/${name}`,
    `${text.trim()}\n`,
  ]);
  await writeFiles(prefix, {
    ...Object.fromEntries(scripts),
    "share/epsg_csv/units.csv": "1\n",
    // Packages bring programs of these names, too.
    ...Object.fromEntries(["bash", "env", "mv", "timeout"].map((name) => [`bin/${name}`, BROKEN])),
  });
  for (const name of ["bash", "env", "mv", "timeout"])
    await chmod(join(prefix, "bin", name), 0o755);
  await build({
    entryPoints: [join(import.meta.dirname, "activation-driver.ts")],
    outfile: join(driver, "driver.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  return { prefix, driver };
}

const BROKEN = "#!/bin/sh\necho broken >&2\nexit 1\n";

/** The container's user is another one. */
async function readableDirectory(): Promise<string> {
  const path = await temporaryDirectory();
  await chmod(path, 0o755);
  return path;
}
