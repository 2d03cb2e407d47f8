import { build } from "esbuild";
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { findCaBundle } from "../../scripts/lib/ca-bundle.ts";
import { readAll } from "../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../scripts/lib/engine.ts";
import { SOURCE_MODULES } from "../../scripts/lib/source-modules.ts";
import { prepareStack } from "../../scripts/lib/stack.ts";
import { formatToml } from "../../src/cnb/toml.ts";
import { sha256OfFile } from "../../src/kit/hash.ts";
import type { Distribution } from "../../src/python/lock.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

let engine: Engine;
let image: string;

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
});

const LAYERS = "/layers/test_wheels";

interface Machine {
  readonly name: string;
  readonly umask: string;
  /** uv's cache; the real directory, where the path is a link. */
  readonly uvCache: string;
  readonly env?: { readonly [name: string]: string };
  /** Runs after the build, in the same container. */
  readonly after?: string;
}

const PLAIN: Machine = { name: "one", umask: "022", uvCache: `${LAYERS}/uv-cache` };

/** Builds wheels in a fresh container; gives all that was printed. */
async function buildIn(
  machine: Machine,
  app: string,
  distributions: readonly Distribution[],
): Promise<string> {
  const { name, umask, uvCache, env = {}, after = "true" } = machine;
  const bundled = await bundle();
  const lock = {
    manager: "pip",
    distributions,
    uvArguments: ["--find-links", "/app/links"],
    buildArguments: [],
  };
  const variables = {
    CNB_LAYERS_DIR: LAYERS,
    CNB_PLATFORM_DIR: "/tmp",
    CNB_BUILDPACK_DIR: "/buildpack",
    CNB_BP_PLAN_PATH: "/tmp/plan.toml",
    ML_BUILDPACKS_PYTHON: "/usr/bin/python3",
    ML_BUILDPACKS_PYTHON_VERSION: "3.13.5",
    LOCK_FILE: JSON.stringify(lock),
    UV_CACHE: uvCache,
    ...(findCaBundle() === undefined ? {} : { SSL_CERT_FILE: "/buildpack/roots.pem" }),
    ...env,
  };
  const script = [
    `umask ${umask}`,
    `mkdir -p ${LAYERS}`,
    "cd /app",
    "node /buildpack/build.cjs",
    after,
  ].join(" && ");
  return readAll(
    engine.cli,
    ["run", "--rm", "--network=host", `--hostname=${name}`, "--tmpfs=/layers:exec,mode=1777"]
      .concat(Object.entries(variables).map(([key, value]) => `--env=${key}=${value}`))
      .concat(`--volume=${bundled}:/buildpack:ro`, `--volume=${app}:/app:ro`)
      .concat(image, "sh", "-c", script),
    { env: engine.env },
  );
}

async function bundle(): Promise<string> {
  const directory = await readableDirectory();
  await build({
    entryPoints: [join(import.meta.dirname, "wheels-buildpack.ts")],
    outfile: join(directory, "build.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  const roots = findCaBundle();
  if (roots !== undefined) await copyFile(roots, join(directory, "roots.pem"));
  const buildpack = { id: "test/wheels", version: "1.2.3" };
  await writeFile(join(directory, "buildpack.toml"), formatToml({ api: "0.10", buildpack }));
  return directory;
}

/** Containers that are given it run as another user. */
async function readableDirectory(): Promise<string> {
  const path = await temporaryDirectory();
  await chmod(path, 0o755);
  return path;
}

/**
 * A C extension that holds everything that tends to differ between two builds: the time, the paths
 * of the source, of a temporary directory, and of a header in the build's environment.
 */
const TELLTALE = {
  "pyproject.toml": `
[build-system]
requires = ["setuptools", "demo-headers"]
build-backend = "setuptools.build_meta"
`,
  "setup.py": `
import os, tempfile
from setuptools import Extension, setup
import demo_headers

directory = tempfile.mkdtemp()
generated = os.path.join(directory, "generated.c")
with open(generated, "w") as file:
    file.write("const char *generated_file(void) { return __FILE__ __DATE__ __TIME__; }")

setup(
    name="telltale",
    version="1.0",
    packages=["telltale"],
    package_data={"telltale": list({"b.txt", "a.txt", "c.txt"})},
    ext_modules=[
        Extension(
            "telltale.native",
            ["native.c", generated],
            include_dirs=[os.path.dirname(demo_headers.__file__)],
        )
    ],
)
`,
  "native.c": `
#include <Python.h>
#include "demo.h"
const char *generated_file(void);
static PyObject *tell(PyObject *self, PyObject *args) {
  return PyUnicode_FromFormat("%s %s %s", __FILE__, demo_file(), generated_file());
}
static PyMethodDef methods[] = {{"tell", tell, METH_NOARGS, ""}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "native", NULL, -1, methods};
PyMODINIT_FUNC PyInit_native(void) { return PyModule_Create(&module); }
`,
  "telltale/__init__.py": "",
  "telltale/a.txt": "a",
  "telltale/b.txt": "b",
  "telltale/c.txt": "c",
};

const HEADERS = {
  "setup.py": `
from setuptools import setup
setup(name="demo-headers", version="1.0", packages=["demo_headers"], package_data={"demo_headers": ["*.h"]})
`,
  "PKG-INFO": "Metadata-Version: 2.1\nName: demo-headers\nVersion: 1.0\n",
  "demo_headers/__init__.py": "",
  "demo_headers/demo.h": "static const char *demo_file(void) { return __FILE__; }\n",
};

interface App {
  readonly path: string;
  readonly telltale: Distribution;
}

async function appWithTelltale(
  files: { readonly [path: string]: string } = TELLTALE,
): Promise<App> {
  const path = await readableDirectory();
  const links = join(path, "links");
  await mkdir(links);
  await pack(links, "demo_headers-1.0", HEADERS);
  await pack(links, "telltale-1.0", {
    ...files,
    "PKG-INFO": "Metadata-Version: 2.1\nName: telltale\nVersion: 1.0\n",
  });
  const sha256 = await sha256OfFile(join(links, "telltale-1.0.tar.gz"));
  return { path, telltale: { from: "sdist", name: "telltale", version: "1.0", sha256 } };
}

async function pack(
  directory: string,
  name: string,
  files: { readonly [path: string]: string },
): Promise<void> {
  const source = await temporaryDirectory();
  await writeFiles(join(source, name), files);
  const archive = join(directory, `${name}.tar.gz`);
  await promisify(execFile)("tar", ["--create", "--gzip", "--file", archive, name], {
    cwd: source,
  });
}

/** The digest and mode of each file, as the wheels are installed. */
const INSTALLED = [
  "umask 022",
  "uv venv --quiet /tmp/venv",
  `uv pip install --quiet --no-deps --python /tmp/venv ${LAYERS}/wheels/*/*.whl`,
  "cd /tmp/venv/lib/python3.13/site-packages",
  "echo INSTALLED",
  "find . -type f ! -name direct_url.json ! -name RECORD ! -name uv_cache.json -exec sha256sum {} + | sort",
  "find . -type f -printf '%m %p\\n' | sort",
  `echo WHEELS; sha256sum ${LAYERS}/wheels/*/*.whl`,
  "echo TOLD; /tmp/venv/bin/python -c 'import telltale.native as n; print(n.tell())'",
].join(" && ");

const after = (output: string, mark: string) => output.slice(output.indexOf(mark));

describe("a wheel from a source distribution", () => {
  it("is the same wherever and whenever it is built", async () => {
    const { path, telltale } = await appWithTelltale();
    const one = { ...PLAIN, after: INSTALLED };
    const two = {
      ...one,
      name: "two",
      umask: "077",
      uvCache: "/tmp/elsewhere/uv",
      env: { HOME: "/tmp" },
    };

    const outputs = [await buildIn(one, path, [telltale]), await buildIn(two, path, [telltale])];

    const [first = "", second] = outputs.map((output) => after(output, "INSTALLED"));
    expect(first).toBe(second);
    expect(first).toContain("telltale/native.cpython-313-");
    expect(after(first, "TOLD")).toMatchInlineSnapshot(`
      "TOLD
      native.c /build/environment/lib/python3.13/site-packages/demo_headers/demo.h /build/tmp/tmp00000001/generated.cJan  1 198000:00:01"
    `);
  });

  it("is not built again as long as the cached layer has it", async () => {
    const { path, telltale } = await appWithTelltale();
    const restore = `sed -i /^.types.$/,/^$/d ${LAYERS}/wheels.toml`;

    const output = await buildIn(
      { ...PLAIN, after: `${restore} && node /buildpack/build.cjs` },
      path,
      [telltale],
    );

    expect(output.match(/^Building telltale 1\.0 from source$/gm)).toHaveLength(1);
    expect(output).toContain("Using 1 cached wheel");
  });

  it("that needs what the build image lacks: a failure that names Debian's package", async () => {
    const native = TELLTALE["native.c"].replace('"demo.h"', "<libpq-fe.h>");
    const { path, telltale } = await appWithTelltale({ ...TELLTALE, "native.c": native });

    const output = await buildIn(PLAIN, path, [telltale]).catch(
      (error: { readonly output?: string }) => error.output ?? "",
    );

    expect(output).toContain("[Error: telltale 1.0 could not be built from source]");
    expect(output).toContain("the header libpq-fe.h (Debian package libpq-dev)");
  });
});

describe("a directory of the app", () => {
  it("is built with what its backend asks for, and the backend is told of no credentials, nor writes to the app", async () => {
    const path = await readableDirectory();
    await writeFiles(path, {
      "libs/demo/pyproject.toml": `
[build-system]
requires = []
build-backend = "backend"
backend-path = ["tools"]
`,
      // Asks for a requirement in its hook, as old setuptools did for wheel.
      "libs/demo/tools/backend.py": `
import zipfile

def get_requires_for_build_wheel(config_settings=None):
    return ["six"]

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    import os, six
    credentials = "NETRC" in os.environ or os.path.exists(os.path.expanduser("~/.netrc"))
    if credentials:
        raise RuntimeError("credentials")
    name = "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as wheel:
        wheel.writestr("demo.py", "six = %r" % six.__name__)
        wheel.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
        wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("demo-1.0.dist-info/RECORD", "")
    return name
`,
      "links/.keep": "",
    });

    await writeFiles(path, { ".netrc": "machine a.com login me password s3cret\n" });
    const machine = { ...PLAIN, env: { NETRC_FILE: "/app/.netrc" } };

    const output = await buildIn(machine, path, [
      { from: "directory", name: "demo", path: "libs/demo", sha256: "0" },
    ]);

    expect(output).toContain("Building demo (libs/demo) from source");
    expect(output).toMatch(/ - \/layers\/test_wheels\/wheels\/\w{16}\/demo-1\.0-py3-none-any\.whl/);
  });
});
