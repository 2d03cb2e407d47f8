import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  changedLayers,
  condaLayersOf,
  condaLog,
  diffIdsOf,
  environmentFile,
  inImage,
  inProcess,
  makeLastingApp,
  serveTestChannels,
  type TestChannels,
} from "../support/conda-builds.ts";
import {
  compareTrees,
  type Entry,
  installDirectly,
  PREFIX,
  type Rule,
  treeOf,
} from "../support/conda-comparison.ts";
import { buildAndPublish } from "../support/platform.ts";

type Published = Awaited<ReturnType<typeof buildAndPublish>>;

const DEPENDENCIES = [
  ...["python=3.11", "tinyserver", "purelib", "libfoo", "activator", "accel"],
  ...["chain-a", "with-post-link"],
];
/** They have a path in common. Where there are such, all packages are downloaded for a new environment. */
const CLOBBERING = ["clobber-a", "clobber-b"];

let channels: TestChannels;
let first: Published;

/** The environment file with further lines. */
function environment(...more: readonly string[]): string {
  return environmentFile(
    [channels.real],
    [...DEPENDENCIES, ...more],
    "variables:\n  APP_MODE: production\n",
  );
}

beforeAll(async () => {
  channels = await serveTestChannels();
  const app = await makeLastingApp({
    "environment.yml": environment(...CLOBBERING),
    Procfile: "web: tinyserver\n",
  });
  first = await buildAndPublish("conda/app", { path: app });
});

describe("an image of an environment", () => {
  it("has what the log says", () => {
    expect(condaLog(first.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Solving for linux-64
      Solved: 16 packages (… s)
      Installing 16 packages
      Compiling bytecode
      Packages with layers of their own: heavypkg (12 MB), libheavy (23 MB)
      Leaving out static-libraries (2 files, 11 MB) and docs (3 files, 40 B); BP_CONDA_KEEP keeps them

      [Warning: with-post-link has a script to be run after the installation]
      Not run: such a script may do anything, and most only print or register what an image does not need.
      If the package does not work without it, set BP_CONDA_LINK_SCRIPTS to true.
      Activation: etc/conda/activate.d/activator.sh leaves the function activator_greet in the shell, which programs of the image do not have
      Done (… s)"
    `);
    expect(Object.keys(condaLayersOf(first.image))).toEqual([
      ...["environment", "heavypkg", "libheavy", "lock"],
    ]);
  });

  it("runs compiled libraries, C extensions, entry points and what knows its prefix", async () => {
    const script = `foo; bar; heavypkg; purelib; accel; activated
      python -c 'import heavypkg, sys; print(sys.prefix, heavypkg._native.__file__)'
      readlink -f $(python -c 'import heavypkg._native as native; print(native.__file__)')
      cat ${PREFIX}/lib/pkgconfig/foo.pc | head -n 1; cat ${PREFIX}/share/clobbered/one
      head -qn 1 ${PREFIX}/bin/purelib ${PREFIX}/bin/heavypkg`;

    expect(await inProcess(first.reference, script)).toMatchInlineSnapshot(`
      "foo 1.3 reads its prefix
      bar 30
      heavy 130319 12000000
      purelib 1.1 in /layers/ml-buildpacks_conda/environment/prefix
      accel for cpu
      activated in /layers/ml-buildpacks_conda/environment/prefix/share/activator, fast
      /layers/ml-buildpacks_conda/environment/prefix /layers/ml-buildpacks_conda/environment/prefix/lib/python3.11/site-packages/heavypkg/_native.abi3.so
      /layers/ml-buildpacks_conda/environment/prefix/lib/python3.11/site-packages/heavypkg/_native.abi3.so
      prefix=/layers/ml-buildpacks_conda/environment/prefix
      of clobber-a
      #!/layers/ml-buildpacks_conda/environment/prefix/bin/python3.11
      #!/layers/ml-buildpacks_conda/environment/prefix/bin/python3.11"
    `);
  });

  it("starts its web server", async () => {
    const script = `tinyserver & for each in $(seq 50); do
      curl --silent --fail http://127.0.0.1:$PORT/health && exit; sleep 0.1; done`;
    const args = ["--entrypoint=launcher", "--env=PORT=18431"];

    expect(JSON.parse(await inImage(first.reference, ["--", "sh", "-c", script], args)))
      .toMatchInlineSnapshot(`
      {
        "heavy": 130319,
        "prefix": "/layers/ml-buildpacks_conda/environment/prefix",
        "purelib": "1.1",
      }
    `);
  });

  it("has the environment as activation leaves it", async () => {
    const script = "env | grep -E '^(ACTIVATOR|APP_|CONDA|LD_|PATH)' | sort";

    expect(await inProcess(first.reference, script)).toMatchInlineSnapshot(`
      "ACTIVATOR_HOME=/layers/ml-buildpacks_conda/environment/prefix/share/activator
      ACTIVATOR_MODE=fast
      APP_MODE=production
      CONDA_DEFAULT_ENV=/layers/ml-buildpacks_conda/environment/prefix
      CONDA_PREFIX=/layers/ml-buildpacks_conda/environment/prefix
      CONDA_SHLVL=1
      LD_LIBRARY_PATH=/layers/ml-buildpacks_conda/environment/prefix/lib/activator
      PATH=/layers/ml-buildpacks_conda/environment/prefix/share/activator/bin:/layers/ml-buildpacks_conda/environment/prefix/bin:/layers/ml-buildpacks_site-packages/environment/venv/bin:/layers/ml-buildpacks_conda/environment/prefix/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    `);
  });

  it.each([
    ["without the launcher", []],
    [
      "with a root file system that can't be written to, for any user",
      ["--read-only", "--user=12345:0"],
    ],
  ])("runs %s", async (_, args) => {
    const program = "import heavypkg, purelib, sys; print(heavypkg.sum(), sys.executable)";

    expect(
      await inImage(first.reference, ["-c", program], ["--entrypoint=python", ...args]),
    ).toMatch(new RegExp(`^\\d+ ${PREFIX}/bin/python$`));
  });

  it("loads a heavy library through its link in the prefix, beside those that it needs", async () => {
    const program =
      "import heavypkg._native, re; print(*sorted(set(re.findall(r'/layers.*\\.so.*', open('/proc/self/maps').read()))), sep='\\n')";
    const links = `cd ${PREFIX} && find . -type l -lname '/*' | sort | while read each; do echo "$each -> $(readlink $each)"; done`;

    expect(await inImage(first.reference, ["-c", program], ["--entrypoint=python"]))
      .toMatchInlineSnapshot(`
      "/layers/ml-buildpacks_conda/environment/prefix/lib/libbar.so.1.0
      /layers/ml-buildpacks_conda/environment/prefix/lib/libfoo.so.1.3
      /layers/ml-buildpacks_conda/environment/prefix/lib/python3.11/site-packages/heavypkg/_native.abi3.so
      /layers/ml-buildpacks_conda/libheavy/files/lib/libheavy.so.1.1"
    `);
    expect(await inImage(first.reference, ["-c", links], ["--entrypoint=sh"]))
      .toMatchInlineSnapshot(`
      "./lib/libheavy.so.1.1 -> /layers/ml-buildpacks_conda/libheavy/files/lib/libheavy.so.1.1
      ./lib/python3.11/site-packages/heavypkg/weights.bin -> /layers/ml-buildpacks_conda/heavypkg/files/lib/python3.11/site-packages/heavypkg/weights.bin
      ./share/heavy/model.bin -> /layers/ml-buildpacks_conda/libheavy/files/share/heavy/model.bin"
    `);
  });

  it("has neither the engine nor a package cache, nor bytecode that is checked", async () => {
    const find = `find / -xdev \\( -name '*rattler*' -o -name '*.conda' -o -name '*.tar.bz2' -o -name 'repodata*' -o -name '*.tar.zst' -o -name pkgs -o -name conda-cache \\) 2>/dev/null
      test ! -e /layers/ml-buildpacks_conda/handover
      find ${PREFIX}/lib -name '*.py' | wc -l`;
    const flags = `import glob
files = glob.glob("${PREFIX}/lib/**/*.pyc", recursive=True)
print(len(files), {open(file, "rb").read(8)[4] for file in files})`;

    const found = await inImage(first.reference, ["-c", find], ["--entrypoint=sh"]);
    const compiled = await inImage(first.reference, ["-c", flags], ["--entrypoint=python"]);
    expect(found).toMatch(/^\d+$/);
    // https://peps.python.org/pep-0552/: by a hash that is not checked.
    expect(compiled).toBe(`${found} {1}`);
  });

  it("has what conda wants to know of it", async () => {
    const script = `cd ${PREFIX}/conda-meta; ls; cat frozen state history; cat ../../../lock/conda-explicit.txt`;
    const found = await inImage(first.reference, ["-c", script], ["--entrypoint=sh"]);

    expect(
      withoutPatch(
        found.replaceAll(channels.url, "http://channels").replaceAll(/[0-9a-f]{64}/g, "…"),
      ),
    ).toMatchInlineSnapshot(`
      "accel-2.0-cpu_0.json
      activator-1.0-0.json
      chain-a-2.0-0.json
      chain-b-1.1-0.json
      chain-c-1.2-0.json
      clobber-a-1.0-0.json
      clobber-b-1.0-0.json
      frozen
      heavypkg-1.0-py311_0.json
      history
      libbar-1.0-0.json
      libfoo-1.3-0.json
      libheavy-1.1-0.json
      purelib-1.1-pyhd8ed1ab_0.json
      python-3.11.…-h1a2b3c4_0_cpython.json
      python_abi-3.11-8_cp311.json
      state
      tinyserver-1.0-pyhd8ed1ab_0.json
      with-post-link-1.0-0.json
      {"message":"This environment is part of an image. What is installed in a container is gone with it: change the app's environment file and build the image again."}
      {"env_vars":{"APP_MODE":"production"}}
      ==> 1980-01-01 00:00:01 <==
      +http://channels/real/linux-64::accel-2.0-cpu_0
      +http://channels/real/linux-64::activator-1.0-0
      +http://channels/real/linux-64::clobber-a-1.0-0
      +http://channels/real/linux-64::clobber-b-1.0-0
      +http://channels/real/linux-64::heavypkg-1.0-py311_0
      +http://channels/real/linux-64::libbar-1.0-0
      +http://channels/real/linux-64::libfoo-1.3-0
      +http://channels/real/linux-64::libheavy-1.1-0
      +http://channels/real/linux-64::python-3.11.…-h1a2b3c4_0_cpython
      +http://channels/real/linux-64::python_abi-3.11-8_cp311
      +http://channels/real/linux-64::with-post-link-1.0-0
      +http://channels/real/noarch::chain-a-2.0-0
      +http://channels/real/noarch::chain-b-1.1-0
      +http://channels/real/noarch::chain-c-1.2-0
      +http://channels/real/noarch::purelib-1.1-pyhd8ed1ab_0
      +http://channels/real/noarch::tinyserver-1.0-pyhd8ed1ab_0
      # platform: linux-64
      @EXPLICIT
      http://channels/real/linux-64/accel-2.0-cpu_0.conda#sha256:…
      http://channels/real/linux-64/activator-1.0-0.conda#sha256:…
      http://channels/real/noarch/chain-a-2.0-0.tar.bz2#sha256:…
      http://channels/real/noarch/chain-b-1.1-0.tar.bz2#sha256:…
      http://channels/real/noarch/chain-c-1.2-0.tar.bz2#sha256:…
      http://channels/real/linux-64/clobber-a-1.0-0.tar.bz2#sha256:…
      http://channels/real/linux-64/clobber-b-1.0-0.tar.bz2#sha256:…
      http://channels/real/linux-64/heavypkg-1.0-py311_0.conda#sha256:…
      http://channels/real/linux-64/libbar-1.0-0.conda#sha256:…
      http://channels/real/linux-64/libfoo-1.3-0.conda#sha256:…
      http://channels/real/linux-64/libheavy-1.1-0.conda#sha256:…
      http://channels/real/noarch/purelib-1.1-pyhd8ed1ab_0.conda#sha256:…
      http://channels/real/linux-64/python-3.11.…-h1a2b3c4_0_cpython.conda#sha256:…
      http://channels/real/linux-64/python_abi-3.11-8_cp311.conda#sha256:…
      http://channels/real/noarch/tinyserver-1.0-pyhd8ed1ab_0.conda#sha256:…
      http://channels/real/linux-64/with-post-link-1.0-0.conda#sha256:…"
    `);
  });

  it("has a bill of materials for each layer", async () => {
    const script =
      "cd /layers/sbom/launch/ml-buildpacks_conda; for each in *; do echo $each; cat $each/sbom.cdx.json; echo; done";
    const found = await inImage(first.reference, ["-c", script], ["--entrypoint=sh"]);
    const channel = `channel=${encodeURIComponent(channels.real).replace("%3A", ":").replace("%3A", ":")}`;
    const lines = found.matchAll(/^(\w+)$|"(?:id|name|purl)": "(.*)"/gm);

    expect(
      [...lines].map(
        ([, layer, value]) => layer ?? withoutPatch(value ?? "").replace(channel, "channel=…"),
      ),
    ).toMatchInlineSnapshot(`
      [
        "environment",
        "accel",
        "MIT",
        "pkg:conda/accel@2.0?build=cpu_0&channel=…&subdir=linux-64&type=conda",
        "activator",
        "MIT",
        "pkg:conda/activator@1.0?build=0&channel=…&subdir=linux-64&type=conda",
        "chain-a",
        "MIT",
        "pkg:conda/chain-a@2.0?build=0&channel=…&subdir=noarch&type=tar.bz2",
        "chain-b",
        "MIT",
        "pkg:conda/chain-b@1.1?build=0&channel=…&subdir=noarch&type=tar.bz2",
        "chain-c",
        "MIT",
        "pkg:conda/chain-c@1.2?build=0&channel=…&subdir=noarch&type=tar.bz2",
        "clobber-a",
        "MIT",
        "pkg:conda/clobber-a@1.0?build=0&channel=…&subdir=linux-64&type=tar.bz2",
        "clobber-b",
        "MIT",
        "pkg:conda/clobber-b@1.0?build=0&channel=…&subdir=linux-64&type=tar.bz2",
        "libbar",
        "MIT",
        "pkg:conda/libbar@1.0?build=0&channel=…&subdir=linux-64&type=conda",
        "libfoo",
        "Zlib",
        "pkg:conda/libfoo@1.3?build=0&channel=…&subdir=linux-64&type=conda",
        "purelib",
        "MIT",
        "pkg:conda/purelib@1.1?build=pyhd8ed1ab_0&channel=…&subdir=noarch&type=conda",
        "python",
        "PSF-2.0",
        "pkg:conda/python@3.11.…?build=h1a2b3c4_0_cpython&channel=…&subdir=linux-64&type=conda",
        "python_abi",
        "BSD-3-Clause",
        "pkg:conda/python_abi@3.11?build=8_cp311&channel=…&subdir=linux-64&type=conda",
        "tinyserver",
        "MIT",
        "pkg:conda/tinyserver@1.0?build=pyhd8ed1ab_0&channel=…&subdir=noarch&type=conda",
        "with-post-link",
        "MIT",
        "pkg:conda/with-post-link@1.0?build=0&channel=…&subdir=linux-64&type=conda",
        "heavypkg",
        "heavypkg",
        "BSD-3-Clause",
        "pkg:conda/heavypkg@1.0?build=py311_0&channel=…&subdir=linux-64&type=conda",
        "libheavy",
        "libheavy",
        "Apache-2.0",
        "pkg:conda/libheavy@1.1?build=0&channel=…&subdir=linux-64&type=conda",
      ]
    `);
  });

  it("is what the engine installs by itself from the same lock, but by rule", async () => {
    const lock = ["-c", "cat /layers/ml-buildpacks_conda/lock/conda-explicit.txt"];
    const explicit = await inImage(first.reference, lock, ["--entrypoint=sh"]);
    const ours = await treeOf(first.reference);
    const isRecord = (path: string) => /^conda-meta\/.*-.*\.json$/.test(path);
    const records = Object.entries(ours).flatMap(([path, { text = "" }]) =>
      isRecord(path) ? [[path.replace("conda-meta/", ""), text] as const] : [],
    );
    const { tree, read } = await installDirectly(explicit, Object.fromEntries(records));
    // Which directories without files stay there depends on which package came first.
    const isStray = (path: string) => path.startsWith("__clobbers__/") && path.endsWith("/");
    const theirs = Object.fromEntries(Object.entries(tree).filter(([path]) => !isStray(path)));

    const { unexplained, ...explained } = compareTrees(ours, theirs, RULES);
    expect(unexplained).toBeUndefined();
    expect(
      Object.fromEntries(
        Object.entries(explained).map(([why, paths]) => [
          why,
          paths.length > 20 ? "many" : paths.map(withoutPatch),
        ]),
      ),
    ).toMatchInlineSnapshot(`
      {
        "a heavy package's file is a link to the same bytes in a layer of its own": [
          "lib/libheavy.so.1.1",
          "lib/python3.11/site-packages/heavypkg/weights.bin",
          "share/heavy/model.bin",
        ],
        "a replaced file is left out": [
          "__clobbers__/clobber-b/share/clobbered/one",
        ],
        "bytecode is made again, without times, for every module": "many",
        "conda-meta has what conda writes besides": [
          "conda-meta/frozen",
          "conda-meta/history",
          "conda-meta/state",
        ],
        "documentation is left out": [
          "share/doc/heavy/README",
          "share/man/man1/foo.1",
          "share/man/man3/heavy.3",
        ],
        "records say nothing of the cache, and list what is there": [
          "conda-meta/accel-2.0-cpu_0.json",
          "conda-meta/activator-1.0-0.json",
          "conda-meta/chain-a-2.0-0.json",
          "conda-meta/chain-b-1.1-0.json",
          "conda-meta/chain-c-1.2-0.json",
          "conda-meta/clobber-a-1.0-0.json",
          "conda-meta/clobber-b-1.0-0.json",
          "conda-meta/heavypkg-1.0-py311_0.json",
          "conda-meta/libbar-1.0-0.json",
          "conda-meta/libfoo-1.3-0.json",
          "conda-meta/libheavy-1.1-0.json",
          "conda-meta/purelib-1.1-pyhd8ed1ab_0.json",
          "conda-meta/python-3.11.…-h1a2b3c4_0_cpython.json",
          "conda-meta/python_abi-3.11-8_cp311.json",
          "conda-meta/tinyserver-1.0-pyhd8ed1ab_0.json",
          "conda-meta/with-post-link-1.0-0.json",
        ],
        "static libraries are left out": [
          "lib/libfoo.a",
          "lib/libheavy.a",
        ],
        "the directory is no cache": [
          "CACHEDIR.TAG",
        ],
        "what pip installs beside the prefix is seen, too": [
          "lib/python3.11/site-packages/00_ml_buildpacks_venv.pth",
          "lib/python3.11/site-packages/_ml_buildpacks_venv.py",
        ],
      }
    `);
    expect(read.map(withoutPatch)).toMatchInlineSnapshot(`
      [
        "accel 2.0 cpu_0",
        "activator 1.0 0",
        "chain-a 2.0 0",
        "chain-b 1.1 0",
        "chain-c 1.2 0",
        "clobber-a 1.0 0",
        "clobber-b 1.0 0",
        "heavypkg 1.0 py311_0",
        "libbar 1.0 0",
        "libfoo 1.3 0",
        "libheavy 1.1 0",
        "purelib 1.1 pyhd8ed1ab_0",
        "python 3.11.… h1a2b3c4_0_cpython",
        "python_abi 3.11 8_cp311",
        "tinyserver 1.0 pyhd8ed1ab_0",
        "with-post-link 1.0 0",
      ]
    `);
    const paths = Object.keys(ours).filter(isRecord);
    expect(paths.map((path) => factsIn(ours[path]))).toEqual(
      paths.map((path) => factsIn(theirs[path])),
    );
  });
});

/** Debian 12's Python has a newer patch from time to time. */
function withoutPatch(text: string): string {
  return text.replaceAll(/\b3\.11\.\d+/g, "3.11.…");
}

/** What of a record does not depend on who has written it. */
function factsIn(entry: Entry | undefined): object {
  const record = JSON.parse(entry?.text ?? "{}") as Readonly<Record<string, unknown>>;
  const facts = ["name", "version", "build", "build_number", "subdir", "fn", "url", "sha256"];
  const more = ["depends", "license", "noarch", "timestamp"];
  const files = (record["files"] as readonly string[]).filter(
    (path) => !/\.pyc$|^share\/(?:doc|man)\/|\.a$|^__clobbers__\//.test(path),
  );
  return {
    ...Object.fromEntries([...facts, ...more].map((key) => [key, record[key]])),
    constrains: record["constrains"] ?? [],
    channel: String(record["channel"]).replace(/\/$/, ""),
    files: files.toSorted(),
  };
}

/** In the order of their precedence. */
const RULES: readonly Rule[] = [
  {
    why: "static libraries are left out",
    applies: (path, ours) => ours === undefined && /^lib\/.*\.a$/.test(path),
  },
  {
    why: "documentation is left out",
    applies: (path, ours) => ours === undefined && /^share\/(?:doc|man)\//.test(path),
  },
  {
    why: "a replaced file is left out",
    applies: (path, ours) => ours === undefined && path.startsWith("__clobbers__/"),
  },
  {
    why: "bytecode is made again, without times, for every module",
    applies: (path) => /\/__pycache__\/[^/]+\.pyc$/.test(path),
  },
  {
    why: "a heavy package's file is a link to the same bytes in a layer of its own",
    applies: (_, ours, theirs) =>
      /^\/layers\/ml-buildpacks_conda\/(?:heavypkg|libheavy)\/files\//.test(ours?.target ?? "") &&
      ours?.digest === theirs?.digest &&
      ours?.runs === theirs?.runs,
  },
  {
    why: "records say nothing of the cache, and list what is there",
    applies: (path, ours, theirs) =>
      /^conda-meta\/.*-.*\.json$/.test(path) && ours !== undefined && theirs !== undefined,
  },
  {
    why: "conda-meta has what conda writes besides",
    applies: (path, _, theirs) =>
      /^conda-meta\/(?:frozen|history|state)$/.test(path) && (theirs?.text ?? "") === "",
  },
  {
    why: "what pip installs beside the prefix is seen, too",
    applies: (path, _, theirs) =>
      theirs === undefined && /\/site-packages\/(?:00)?_ml_buildpacks_venv\./.test(path),
  },
  {
    why: "the directory is no cache",
    applies: (path, ours) => ours === undefined && path === "CACHEDIR.TAG",
  },
];

describe("an app that is built again", () => {
  let app: string;

  const build = async (text: string, options = {}) => {
    await writeFile(join(app, "environment.yml"), text);
    return await buildAndPublish("conda/rebuilt", { path: app, ...options });
  };

  let base: Published;

  beforeAll(async () => {
    app = await makeLastingApp({ Procfile: "web: tinyserver\n" });
    base = await build(environment());
  });

  it("asks the channel for nothing and reuses everything when nothing has changed", async () => {
    const before = channels.requests.length;
    const again = await build(environment());

    expect(channels.requests.slice(before)).toEqual([]);
    expect(condaLog(again.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Using cached lock of 14 packages
      Reusing the environment, heavypkg, libheavy (3 layers)"
    `);
    expect(again.image.digest).toBe(base.image.digest);
  });

  it("changes only small layers when a small package is added, and is as before without it", async () => {
    const before = channels.requests.length;
    const added = await build(environment("humanize"));

    expect(changedLayers(base.image, added.image)).toEqual(["environment", "lock"]);
    const paths = channels.requests.slice(before).map(({ path }) => path);
    expect(paths).toContain("/real/noarch/humanize-4.9.0-pyhd8ed1ab_0.conda");
    expect(paths.filter((path) => path.includes("heavy"))).toEqual([]);
    expect(condaLog(added.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Discarding cached lock since:
       - humanize is new
      Solving for linux-64
      Solved: 15 packages (… s)
      Compared with the previous lock:
       - humanize 4.9.0 added
      Discarding the environment since:
       - The set of packages has changed
      Installing 13 packages
      Compiling bytecode
      Reusing the layers of heavypkg (12 MB), libheavy (23 MB)
      Leaving out static-libraries (1 file, 2 kB) and docs (1 file, 10 B); BP_CONDA_KEEP keeps them

      [Warning: with-post-link has a script to be run after the installation]
      Not run: such a script may do anything, and most only print or register what an image does not need.
      If the package does not work without it, set BP_CONDA_LINK_SCRIPTS to true.
      Activation: etc/conda/activate.d/activator.sh leaves the function activator_greet in the shell, which programs of the image do not have
      Done (… s)"
    `);
    expect(
      await inProcess(
        added.reference,
        "heavypkg; python -c 'import humanize; print(humanize.origin)'",
      ),
    ).toMatch(/^heavy \d+ 12000000\nconda$/);

    // Without what earlier builds have kept of heavy packages, too.
    const uncached = await build(environment("humanize"), { clearCache: true });
    expect(uncached.image.digest).toBe(added.image.digest);
    const again = await build(environment("humanize", "needs-glibc"), { clearCache: true });
    expect(changedLayers(added.image, again.image)).toEqual(["environment", "lock"]);

    const back = await build(environment());
    expect(diffIdsOf(back.image)).toEqual(diffIdsOf(base.image));
    expect(back.image.digest).toBe(base.image.digest);
  });

  it("has the same layers when the lines have another order", async () => {
    const text = environmentFile(
      [channels.real],
      DEPENDENCIES.toReversed(),
      "variables: {APP_MODE: production} # as before\n",
    );
    const reversed = await build(text);

    expect(diffIdsOf(reversed.image)).toEqual(diffIdsOf(base.image));
  });

  it("keeps a heavy package's layer when another heavy package has a new version", async () => {
    const moved = await build(environment("libheavy=1.0"));

    expect(changedLayers(base.image, moved.image)).toEqual(["environment", "libheavy", "lock"]);
    expect(condaLog(moved.output, channels)).toContain(" - libheavy 1.1 → 1.0\n");
  });
});

it("two builds without a past give one image", async () => {
  const path = await makeLastingApp({
    "environment.yml": environment(...CLOBBERING),
    Procfile: "web: tinyserver\n",
  });
  const second = await buildAndPublish("conda/second", { path });

  expect(diffIdsOf(second.image)).toEqual(diffIdsOf(first.image));
  expect(second.image.digest).toBe(first.image.digest);
});
