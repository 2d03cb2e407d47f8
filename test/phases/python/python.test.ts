import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { bundled, runInBuildImage } from "./build-image.ts";
import { makeMirror, type Mirror } from "../../support/python-mirror.ts";

let mirror: Mirror;
let buildpack: string;

beforeAll(async () => {
  buildpack = await bundled("python");
  mirror = await makeMirror();
});

afterAll(cleanUp);

describe("the run image's Python", () => {
  it.each([
    ["", "no version was asked for"],
    ["echo 3.13 >.python-version", "from .python-version"],
    ["echo python-3.13 >runtime.txt", "from runtime.txt"],
    ["printf '[project]\\nrequires-python = \">=3.9\"\\n' >pyproject.toml", "from pyproject.toml"],
    ["export BP_CPYTHON_VERSION='~=3.10'", "from BP_CPYTHON_VERSION"],
  ])("is used, and adds no layer, after %j", async (prepare, reason) => {
    const output = await runSteps(`${prepare}\nbuild\nls $CNB_LAYERS_DIR; variables`);

    expect(withoutPatch(output)).toBe(
      `\n[Choosing Python]\nUsing Python 3.13.x of the run image (${reason})\n` +
        "handover\nhandover.toml\nstore.toml\n" +
        "ML_BUILDPACKS_PYTHON=/usr/bin/python3\nML_BUILDPACKS_PYTHON_VERSION=3.13.x",
    );
  });

  it("is what a warning is about where the project does not allow it", async () => {
    const output = await runSteps(`
      printf '[project]\\nrequires-python = "<3.13"\\n' >pyproject.toml
      BP_CPYTHON_VERSION=3.13 build
    `);

    expect(withoutPatch(output)).toMatchInlineSnapshot(`
      "
      [Choosing Python]
      Using Python 3.13.x of the run image (from BP_CPYTHON_VERSION)

      [Warning: Python 3.13.x is not what pyproject.toml allows]
      Found: requires-python = "<3.13""
    `);
  });
});

describe("another Python", () => {
  it("is installed once, stands in later builds, and is made again as the same bytes", async () => {
    const output = await runSteps(`
      serve
      echo 3.11 >.python-version
      build
      cat $CNB_LAYERS_DIR/cpython.toml
      $CNB_LAYERS_DIR/cpython/python/bin/python3.11 -c 'import sys; print(sys.version_info[:2], sys.prefix)'
      variables
      digest $CNB_LAYERS_DIR/cpython >/tmp/first

      echo --- as the lifecycle restores it, with another umask, and a list that has moved on
      umask 077
      rm -r $CNB_LAYERS_DIR/cpython
      sed -i '/types/,/cache/d' $CNB_LAYERS_DIR/cpython.toml
      export BP_PYTHON_DOWNLOADS_JSON_URL=http://127.0.0.1:8123/none.json
      build
      ls $CNB_LAYERS_DIR
      eval "$(cat $CNB_LAYERS_DIR/handover/env.build/ML_BUILDPACKS_RECREATE_PYTHON.override)"
      digest $CNB_LAYERS_DIR/cpython >/tmp/second
      test -s /tmp/first && cmp /tmp/first /tmp/second && echo the same bytes
    `);

    expect(filtered(output)).toMatchInlineSnapshot(`
      "
      [Choosing Python]
      Using Python 3.11.x (from .python-version)
      Installing Python 3.11.x
      [types]
      launch = true
      build = false
      cache = false

      [metadata]
      layout = 1
      version = "3.11.x"
      archive = "20230101/cpython-3.11.x%2B20230101-<machine>-unknown-linux-gnu-install_only_stripped.tar.gz"
      arch = "<arch>"
      libc = "glibc"
      layersDir = "/tmp/layers"
      sha256 = "<sha256>"
      (3, 11) /tmp/layers/cpython/python
      ML_BUILDPACKS_PYTHON=/tmp/layers/cpython/python/bin/python3.11
      ML_BUILDPACKS_PYTHON_VERSION=3.11.x
      --- as the lifecycle restores it, with another umask, and a list that has moved on

      [Choosing Python]
      Using Python 3.11.x (from .python-version)
      Reusing Python 3.11.x of the previous image
      cpython.toml
      handover
      handover.toml
      store.toml
      Installing Python 3.11.x again because its layer is not restored
      the same bytes"
    `);
  });

  it("is chosen anew where BP_LOCK_EPOCH has changed, and not where it is taken away", async () => {
    const output = await runSteps(`
      serve
      export BP_CPYTHON_VERSION=3.11
      BP_LOCK_EPOCH=2026-10 build >/tmp/log
      export BP_PYTHON_DOWNLOADS_JSON_URL=http://127.0.0.1:8123/none.json
      build | grep Reusing
      BP_LOCK_EPOCH=2026-11 build
    `);

    expect(output).toContain("Reusing Python");
    expect(output).toContain("[Error: The list of Python releases can't be read]");
  });
});

describe("what a user reads", () => {
  it("about a version that can't be had", async () => {
    const output = await runSteps(`
      serve
      (unset BP_PYTHON_DOWNLOADS_JSON_URL; BP_CPYTHON_VERSION=3.12.99 build)
      BP_CPYTHON_VERSION=3.99 build
      echo 2.7.18 >.python-version; build
      echo '<3.9' >.python-version; build
    `);

    // What uv knows differs from one version of it to the next.
    expect(filtered(output).replaceAll(/3\.12\.(?!99)\d+/g, "3.12.x")).toMatchInlineSnapshot(`
      "
      [Choosing Python]

      [Error: The Python version that the app asks for is not available]

      Found: BP_CPYTHON_VERSION=3.12.99
      Available: 3.12.x, 3.12.x and 3.12.x, and other minor versions

      A release that is very new becomes available with a newer builder.


      [Choosing Python]

      [Error: The Python version that the app asks for is not available]

      Found: BP_CPYTHON_VERSION=3.99
      Available: 3.11.x

      A release that is very new becomes available with a newer builder.


      [Choosing Python]

      [Error: The app asks for a Python before 3.9]

      Found: "2.7.18" (.python-version, line 1)
      Needed: one of 3.11.x

      Older versions get no security fixes (https://devguide.python.org/versions/).


      [Choosing Python]

      [Error: The app asks for a Python before 3.9]

      Found: "<3.9" (.python-version, line 1)
      Needed: one of 3.11.x

      Older versions get no security fixes (https://devguide.python.org/versions/).
      "
    `);
  });

  it("about a download that fails", async () => {
    const output = await runSteps(`
      serve
      export BP_CPYTHON_VERSION=3.11
      BP_PYTHON_DOWNLOADS_JSON_URL=http://127.0.0.1:8123/wrong-checksum.json build
      BP_PYTHON_DOWNLOADS_JSON_URL=http://127.0.0.1:8123/none.json build
      BP_PYTHON_INSTALL_MIRROR=http://user:secret@127.0.0.1:8123/nowhere build
      BP_PYTHON_INSTALL_MIRROR=http://mirror.invalid build
    `);

    expect(output).not.toContain("secret");
    expect(filtered(withoutDetails(output))).toMatchInlineSnapshot(`
      "
      [Choosing Python]
      Using Python 3.11.x (from BP_CPYTHON_VERSION)
      Installing Python 3.11.x

      [Error: Python 3.11.x from 127.0.0.1:8123 is not the file that was expected]

      Found: another SHA-256 than the list of releases tells
      Needed: the unchanged file of http://127.0.0.1:8123/20230101/cpython-3.11.x%2B20230101-<machine>-unknown-linux-gnu-install_only_stripped.tar.gz

      A mirror or a proxy between the build and the release has changed or cut the file.

      Nothing in the app needs to change. Once the cause is mended, build again.


      [Choosing Python]

      [Error: The list of Python releases can't be read]

      Found: BP_PYTHON_DOWNLOADS_JSON_URL=http://127.0.0.1:8123/none.json
      Needed: a list of releases in uv's format
      (https://docs.astral.sh/uv/reference/environment/#uv_python_downloads_json_url)

      Nothing in the app needs to change. Once the cause is mended, build again.



      [Choosing Python]
      Using Python 3.11.x (from BP_CPYTHON_VERSION)
      Installing Python 3.11.x

      [Error: Python 3.11.x can't be downloaded from 127.0.0.1:8123]

      Found: the server answers with status 404
      Needed: access to http://****@127.0.0.1:8123/nowhere/20230101/cpython-3.11.x%2B20230101-<machine>-unknown-linux-gnu-install_only_stripped.tar.gz

      1. If the build has no access to 127.0.0.1:8123, set BP_PYTHON_INSTALL_MIRROR to the
         address of a mirror of python-build-standalone's releases.
      2. If it goes through a proxy, set HTTPS_PROXY, and bind the proxy's certificate
         (type ca-certificates) if it has one of its own.
      3. Or use the run image's Python, which needs no download: remove or widen
         BP_CPYTHON_VERSION.


      [Choosing Python]
      Using Python 3.11.x (from BP_CPYTHON_VERSION)
      Installing Python 3.11.x

      [Error: Python 3.11.x can't be downloaded from mirror.invalid]

      Found: the name of the server is not known where the build runs
      Needed: access to http://mirror.invalid/20230101/cpython-3.11.x%2B20230101-<machine>-unknown-linux-gnu-install_only_stripped.tar.gz

      1. If the build has no access to mirror.invalid, set BP_PYTHON_INSTALL_MIRROR to the
         address of a mirror of python-build-standalone's releases.
      2. If it goes through a proxy, set HTTPS_PROXY, and bind the proxy's certificate
         (type ca-certificates) if it has one of its own.
      3. Or use the run image's Python, which needs no download: remove or widen
         BP_CPYTHON_VERSION.
      "
    `);
  });
});

/** Helpers for the scripts: the buildpack as the lifecycle runs it, and a server for the mirror. */
const SETUP = `
exec 2>&1
mkdir -p /tmp/app /tmp/platform /tmp/layers
cd /tmp/app
export CNB_LAYERS_DIR=/tmp/layers CNB_PLATFORM_DIR=/tmp/platform CNB_BUILDPACK_DIR=/buildpack
export CNB_BP_PLAN_PATH=/tmp/plan.toml CNB_TARGET_OS=linux CNB_TARGET_ARCH=$(dpkg --print-architecture)
touch /tmp/plan.toml
build() { /buildpack/bin/build; }
variables() {
  for file in $CNB_LAYERS_DIR/handover/env.build/*PYTHON.override $CNB_LAYERS_DIR/handover/env.build/*VERSION.override; do
    case $file in *RECREATE*) ;; *) echo "$(basename $file .override)=$(cat $file)";; esac
  done
}
digest() { (cd $1 && find . -printf '%p %m %l\\n' | sort; find . -type f -exec sha256sum {} + | sort); }
serve() {
  (cd /mirror && exec python3 -m http.server 8123 --bind 127.0.0.1 >/dev/null 2>&1) &
  until curl --silent http://127.0.0.1:8123/version >/dev/null; do sleep 0.1; done
  export BP_PYTHON_INSTALL_MIRROR=http://127.0.0.1:8123
  export BP_PYTHON_DOWNLOADS_JSON_URL=http://127.0.0.1:8123/releases.json
}
`;

/** A step that fails does not end the script: what it prints is looked at. */
async function runSteps(steps: string): Promise<string> {
  const volumes = { [buildpack]: "/buildpack", [mirror.path]: "/mirror" };
  return await runInBuildImage(`${SETUP}\n${steps}\nkill $! 2>/dev/null; exit 0\n`, volumes);
}

/** Debian's patches change it. */
function withoutPatch(text: string): string {
  return text.replaceAll(/(?<=\b3\.13\.)\d+/g, "x");
}

function filtered(text: string): string {
  return (
    text
      // A program's own lines: "  Installed Python 3.11.2 in 516ms"
      .replaceAll(/^ {2}(?: ?(?:Download|Extract|Install)| \+).*\n/gm, "")
      .replaceAll(mirror.version, "3.11.x")
      .replaceAll(mirror.sha256, "<sha256>")
      .replaceAll(/x86_64|aarch64/g, "<machine>")
      .replaceAll(/(?<=arch = ")\w+/g, "<arch>")
  );
}

/** uv's words, with durations and addresses of its sources. */
function withoutDetails(text: string): string {
  return text
    .replaceAll(/\nDetails:\n[^]*?(?=\n\n\n|$)/g, "")
    .replaceAll(/(Installing Python .*\n)[^]*?(?=\n\[Error)/g, "$1");
}
