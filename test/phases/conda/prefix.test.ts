import { build } from "esbuild";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { SOURCE_MODULES } from "../../../scripts/lib/source-modules.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

let engine: Engine;
let image: string;

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
});

const LAYERS = "/layers/ml-buildpacks_conda";
const PREFIX = `${LAYERS}/environment/prefix`;

it("an environment runs, also where a heavy package comes from the previous image", async () => {
  const output = await inContainer(`
    umask 022
    make
    ${PREFIX}/bin/python3.13 -c "$RUN"
    ${PREFIX}/bin/heavy
    echo "link: $(readlink ${PREFIX}/lib/libheavy.so.1)"
    echo "soname: $(readlink ${PREFIX}/lib/libheavy.so)"
    echo "layer: $(cd ${LAYERS}/heavy && find . -type f | sort | tr '\\n' ' ')"
    ls -d ${PREFIX}/var/empty
    echo "kept: $(tar --list --file ${LAYERS}/light-parts/heavy.tar.zst | tr '\\n' ' ')"
    digest > /tmp/first

    # What the lifecycle doesn't restore is gone, and whoever builds has another umask.
    rm -r ${LAYERS}/environment ${LAYERS}/heavy
    umask 077
    make
    digest > /tmp/second
    diff /tmp/first /tmp/second && echo "the same bytes and modes"

    before=$(sha256sum ${LAYERS}/light-parts/*)
    rm -r ${LAYERS}/*
    make > /dev/null
    digest > /tmp/third
    diff /tmp/first /tmp/third && echo "the same without an earlier build"
    [ "$before" = "$(sha256sum ${LAYERS}/light-parts/*)" ] && echo "the same light parts"
  `);

  expect(output).toMatchInlineSnapshot(`
    "installed: heavy libdep python
    heavy: heavy
    left out: bytecode, static-libraries, docs
    distributions: {"heavy":"1.0"}
    records: {"missing":[],"unlisted":[]}
    heavy says 42
    prefix /layers/ml-buildpacks_conda/environment/prefix
    heavy 1
    json 1
    os 1
    []
    heavy says 42
    link: /layers/ml-buildpacks_conda/heavy/files/lib/libheavy.so.1
    soname: libheavy.so.1
    layer: ./files/lib/libheavy.so.1 
    /layers/ml-buildpacks_conda/environment/prefix/var/empty
    kept: bin/heavy conda-meta/heavy-1.0-0.json lib/libheavy.so lib/libheavy.so.1 lib/python3.13/site-packages/heavy-1.0.dist-info/METADATA lib/python3.13/site-packages/heavy/__init__.py share/doc/heavy/LICENSE var/empty/ 
    installed: libdep python
    heavy: 
    left out: bytecode, static-libraries
    distributions: {"heavy":"1.0"}
    records: {"missing":[],"unlisted":[]}
    the same bytes and modes
    the same without an earlier build
    the same light parts"
  `);
});

it("a kept package whose places others have taken is not put back", async () => {
  const output = await inContainer(`
    make > /dev/null
    cp -r /tmp/packages /tmp/with-another
    mkdir -p /tmp/with-another/another/bin /tmp/with-another/another/lib /tmp/with-another/another/info
    echo '{"name":"another"}' > /tmp/with-another/another/info/index.json
    echo '#!/bin/sh' > /tmp/with-another/another/bin/heavy
    echo other > /tmp/with-another/another/lib/libheavy.so.1
    node /driver/driver.cjs /tmp/with-another ${LAYERS} 2>&1 | grep -o '^Error: colliding: .*'
    [ -e ${PREFIX}/lib/python3.13/site-packages ] || echo "nothing of it is there"
    head -c 3 ${LAYERS}/light-parts/heavy.tar.zst > /tmp/half
    mv /tmp/half ${LAYERS}/light-parts/heavy.tar.zst
    node /driver/driver.cjs /tmp/packages ${LAYERS} 2>&1 | grep -o "^CommandError: 'tar --list"
  `);

  expect(output).toMatchInlineSnapshot(`
    "Error: colliding: bin/heavy lib/libheavy.so.1
    nothing of it is there
    CommandError: 'tar --list"
  `);
});

/** Packages: Python as Debian has it, a library, and a heavy one that is linked with it. */
const PACKAGES = `
  cd /tmp/packages
  mkdir -p python/bin python/lib libdep/lib heavy/lib heavy/bin heavy/share/doc/heavy python/info libdep/info heavy/info
  cp /usr/bin/python3.13 python/bin/
  cp -r --dereference /usr/lib/python3.13 python/lib/
  rm -rf python/lib/python3.13/test python/lib/python3.13/config-*
  # Debian's own site knows no site-packages.
  rm python/lib/python3.13/sitecustomize.py
  printf 'import sys\\nsys.path.append(sys.prefix + "/lib/python3.13/site-packages")\\n' > python/lib/python3.13/sitecustomize.py
  touch python/lib/libpython3.13.a
  mkdir -p python/lib/python3.13/__pycache__
  echo stale > python/lib/python3.13/__pycache__/os.cpython-313.pyc
  echo stale > python/lib/python3.13/__pycache__/os.cpython-313.opt-1.pyc
  for name in python libdep heavy; do echo "{\\"name\\":\\"$name\\",\\"license\\":\\"MIT\\"}" > $name/info/index.json; done

  echo 'int dep(void) { return 42; }' > dep.c
  gcc -shared -fPIC -o libdep/lib/libdep.so dep.c
  printf 'int dep(void);\\nconst char weight[11000000] = {1};\\nint heavy(void) { return dep(); }\\n' > heavy.c
  gcc -shared -fPIC -Wl,-soname,libheavy.so.1 -Wl,-rpath,'$ORIGIN' -o heavy/lib/libheavy.so.1 heavy.c -Llibdep/lib -ldep
  ln -s libheavy.so.1 heavy/lib/libheavy.so
  rm dep.c heavy.c
  site=heavy/lib/python3.13/site-packages
  mkdir -p $site/heavy $site/heavy-1.0.dist-info
  printf 'import ctypes, sys\\nlibrary = ctypes.CDLL(sys.prefix + "/lib/libheavy.so")\\ndef main(): print("heavy says", library.heavy())\\n' > $site/heavy/__init__.py
  printf 'Name: Heavy\\nVersion: 1.0\\n' > $site/heavy-1.0.dist-info/METADATA
  printf '#!${PREFIX}/bin/python3.13\\nimport heavy\\nheavy.main()\\n' > heavy/bin/heavy
  chmod 755 heavy/bin/heavy
  echo text > heavy/share/doc/heavy/README
  echo text > heavy/share/doc/heavy/LICENSE
  echo static > heavy/lib/libheavy.a
  mkdir -p heavy/var/empty
`;

/** Bytecode's second word is 1 where it is never checked: https://peps.python.org/pep-0552/ */
const RUN = `
import heavy, json, os, sys
from importlib.util import cache_from_source as cached
heavy.main()
print("prefix", sys.prefix)
for module in (heavy, json, os):
    print(module.__name__, open(cached(module.__file__), "rb").read(8)[4])
print([name for name in os.listdir(os.path.dirname(cached(os.__file__))) if ".opt-" in name])
`;

/** Runs a script as the user that builds run as. */
async function inContainer(script: string): Promise<string> {
  const driver = await temporaryDirectory();
  await chmod(driver, 0o755);
  await build({
    entryPoints: [join(import.meta.dirname, "prefix-driver.ts")],
    outfile: join(driver, "driver.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  const whole = `set -eu
    install -d -m 0755 -o 1000 -g 1000 /layers ${LAYERS} /tmp/packages
    cat > /tmp/script <<'END'
set -eu
make() { node /driver/driver.cjs /tmp/packages ${LAYERS}; }
digest() { (cd ${LAYERS} && find environment -printf '%M %p %l\\n' | sort; find ${PREFIX} -type f | sort | xargs -d '\\n' sha256sum); }
(${PACKAGES})
${script}
END
    setpriv --reuid=1000 --regid=1000 --clear-groups sh /tmp/script 2>&1 || echo "ended with $?"`;
  return readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=none", "--user=0", `--env=RUN=${RUN}`],
      `--volume=${driver}:/driver:ro`,
      image,
      ...["sh", "-c", whole],
    ],
    { env: engine.env },
  );
}
