import { build } from "esbuild";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

let engine: Engine;
let image: string;

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
});

const LAYERS = "/layers/ml-buildpacks_apt";

test("Debian's packages, unpacked without root onto a volume with a setgid bit", async () => {
  const lines = await inContainer(`
    apt-get -qq update
    cd /debs
    apt-get -qq -o APT::Sandbox::User=root download jq libjq1 libonig5 libblas3 libopenblas0-pthread sudo zlib1g-dev libpq-dev postgresql-common
    mkdir -p /package/DEBIAN /package/bin /package/dev
    mknod /package/dev/thing c 1 3
    echo '#!/bin/sh' > /package/bin/thing
    printf 'Package: thing\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: x\\nDescription: x\\nSource: things (2)\\n' > /package/DEBIAN/control
    dpkg-deb --build /package thing_1.0_all.deb
    unprivileged node /driver/driver.cjs /debs ${LAYERS}

    cd ${LAYERS}
    root=${LAYERS}/root/tree
    libraries=$root/usr/lib/$(gcc -print-multiarch)
    say() { echo "$1: $(unprivileged sh -c "$2" 2>&1)"; }
    say jq "LD_LIBRARY_PATH=$libraries $root/usr/bin/jq --null-input '20 + 22'"
    say blas "realpath $libraries/libblas.so.3 | sed 's|.*/lib/[^/]*/||'"
    say zlib "realpath $libraries/libz.so | sed 's|/[^/]*linux-gnu||; s|so.*|so|'"
    say diverted "realpath $root/usr/bin/pg_config $root/usr/bin/pg_config.libpq-dev | cut -d/ -f4- | paste -sd ' '"
    say dangling "find $root/etc/alternatives -xtype l | wc -l"
    say directories "find . -path '*/tree*' -type d ! -perm 0755 | wc -l"
    say files "find . -path '*/tree/*' -type f ! -perm 0644 ! -perm 0755 | wc -l"
    say leftovers "find . -maxdepth 2 -name '.*' ! -name . | wc -l"
    query() { say "$1 $2" "$root/usr/bin/jq --compact-output '.[] | select(.name == \\"$1\\") | .$2' indexes.json"; }
    export LD_LIBRARY_PATH=$libraries
    query thing notDone
    query thing source
    query sudo notDone
    query jq licenses
    query libopenblas0-pthread 'alternatives[0].priority'
  `);

  expect(lines).toMatchInlineSnapshot(`
    "jq: 42
    blas: openblas-pthread/libblas.so.3
    zlib: /usr/lib/libz.so
    diverted: postgresql-common/tree/usr/bin/pg_config.postgresql-common libpq-dev/tree/usr/bin/pg_config
    dangling: 0
    directories: 0
    files: 0
    leftovers: 0
    thing notDone: ["makes the special file /dev/thing"]
    thing source: "things"
    sudo notDone: ["gives whoever runs /usr/bin/sudo its owner's or group's rights (setuid, setgid)","makes the directories that are listed in sudo.conf","starts the service sudo"]
    jq licenses: ["CC-BY-3.0","Expat","GPL-2.0+","MIT"]
    libopenblas0-pthread alternatives[0].priority: 100"
  `);
});

/** Runs a script as root; `unprivileged` is what builds run as. */
async function inContainer(script: string): Promise<string> {
  const driver = await temporaryDirectory();
  await chmod(driver, 0o755);
  await build({
    entryPoints: [join(import.meta.dirname, "unpack-driver.ts")],
    outfile: join(driver, "driver.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
  const prepared = `set -eu
    install -d -m 0755 /debs
    install -d -m 2775 -o 1000 -g 1000 /layers ${LAYERS}
    unprivileged() { (umask 077; setpriv --reuid=1000 --regid=1000 --clear-groups -- "$@"); }
    (${script}) 2>&1`;
  const output = await readAll(
    engine.cli,
    ["run", "--rm", "--network=host", "--user=0", `--volume=${driver}:/driver:ro`].concat(
      image,
      "sh",
      "-c",
      prepared,
    ),
    { env: engine.env },
  );
  return output.replace(/^dpkg-deb: building package.*\n/m, "");
}
