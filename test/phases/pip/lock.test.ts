import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleBuildpack } from "../../../scripts/lib/bundle.ts";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { writeFiles } from "../../support/phase.ts";
import { makeWheel } from "../../support/wheels.ts";
import indexServer from "./index-server.py";

let engine: Engine;
let image: string;

beforeAll(async () => {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
  await bundleBuildpack(ROOT, "pip");
});

afterAll(cleanUp);

const INDEX = { PIP_INDEX_URL: "http://127.0.0.1:8000/index" };

/** One build after another of an app whose files and index change in between. */
interface Build {
  readonly files: Readonly<Record<string, string>>;
  /** "alpha 1.0": what the index has, besides what it had before. */
  readonly published?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A repository that the server has below `repos`, and how many commits are added first. */
  readonly repository?: string;
  readonly commits?: number;
  /** The size of the layers directory, as mount takes it; as much as the disk has, if absent. */
  readonly space?: string;
}

interface Outcome {
  readonly log: string;
  /** "alpha 1.0 wheel" each. */
  readonly locked: readonly string[];
  readonly layers: string;
}

describe("a lock", () => {
  test("is made once, and again when what is asked for has changed", async () => {
    const files = { "requirements.txt": "alpha\nbeta\n" };
    const [first, second, third] = await build([
      { files, published: ["alpha 1.0", "beta 1.0"] },
      { files, published: ["alpha 2.0", "gamma 1.0"] },
      { files: { "requirements.txt": "alpha\nbeta\ngamma\n" } },
    ]);

    expect(first?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13
      Resolved 2 packages (<time>)"
    `);
    expect(second?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Using cached lock of 2 packages"
    `);
    // alpha 2.0 exists by now, and nobody has asked for it.
    expect(third?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - requirements.txt has changed
      Resolving for Python 3.13
      Resolved 3 packages (<time>)
      Compared with the previous lock:
       - gamma 1.0 added"
    `);
    expect(third?.locked).toEqual(["alpha 1.0 wheel", "beta 1.0 wheel", "gamma 1.0 wheel"]);
  });

  test("takes the newest of everything once, with another epoch", async () => {
    const files = { "requirements.txt": "alpha\n" };
    const [, second, third] = await build([
      { files, published: ["alpha 1.0"] },
      { files, published: ["alpha 2.0"], env: { BP_LOCK_EPOCH: "2" } },
      { files, published: ["alpha 3.0"], env: { BP_LOCK_EPOCH: "2" } },
    ]);

    expect(second?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - BP_LOCK_EPOCH has changed
      Resolving for Python 3.13
      Resolved 1 package (<time>)
      Compared with the previous lock:
       - alpha 1.0 → 2.0"
    `);
    expect(third?.locked).toEqual(["alpha 2.0 wheel"]);
  });

  test("is in the image as pylock.toml, and in metadata as what is compared", async () => {
    const files = {
      "requirements.txt": "-c more/limits.txt\nalpha\n",
      "more/limits.txt": "alpha<2\n",
    };
    const [only] = await build([{ files, published: ["alpha 1.0", "alpha 2.0"] }]);

    const read = (path: string) => readFile(join(only?.layers ?? "", path), "utf8");
    expect(stable(await read("lock.toml"))).toMatchInlineSnapshot(`
      "[types]
      launch = true
      build = false
      cache = false

      [metadata]
      layout = 1
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      source = "requirements"
      index = "--index-url http://127.0.0.1:8000/index --index-strategy unsafe-best-match"
      layersDir = "/layers"

        [metadata.files]
        "requirements.txt" = "<sha256>"
        "more/limits.txt" = "<sha256>"

        [[metadata.distributions]]
        from = "wheel"
        name = "alpha"
        version = "1.0"
        sha256 = "<sha256>""
    `);
    expect(stable(await read("lock/pylock.toml"))).toMatchInlineSnapshot(`
      "lock-version = "1.0"
      created-by = "ml-buildpacks"
      requires-python = "~=3.13.0"

      [[packages]]
      name = "alpha"
      version = "1.0"

        [[packages.wheels]]
        url = "http://127.0.0.1:8000/index/alpha/alpha-1.0-py3-none-any.whl"

          [packages.wheels.hashes]
          sha256 = "<sha256>""
    `);
    expect(await readdir(join(only?.layers ?? "", "handover", "env.build"))).toEqual([
      "ML_BUILDPACKS_LOCK.override",
      "ML_BUILDPACKS_UV_CACHE.override",
    ]);
  });
});

describe("credentials", () => {
  const requirements =
    "--extra-index-url http://${USER_NAME}:${TOKEN}@127.0.0.1:8000/private/other\nalpha\nsecret-tool\n";
  const env = { USER_NAME: "me", TOKEN: "s3cret%20pass" };

  test("open an index, and are nowhere but in the netrc file", async () => {
    const files = { "requirements.txt": requirements };
    const published = ["alpha 1.0", "other/secret-tool 1.0"];
    const [first, second] = await build([
      { files, published, env },
      // Another token is no reason to resolve again.
      { files, env: { ...env, TOKEN: "an0ther" } },
    ]);

    expect(first?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13
      Resolved 2 packages (<time>)"
    `);
    expect(first?.locked).toEqual([
      "alpha 1.0 wheel",
      "secret-tool 1.0 wheel http://127.0.0.1:8000/private/other",
    ]);
    expect(second?.log).toContain("Using cached lock of 2 packages");
    const holding = await filesWith(first?.layers ?? "", /s3cret|an0ther/);
    expect(holding).toEqual(["credentials/.netrc"]);
  });

  test("that are wrong are told with their index", async () => {
    const files = { "requirements.txt": requirements };
    const [only] = await build([
      {
        files,
        published: ["alpha 1.0", "other/secret-tool 1.0"],
        env: { ...env, TOKEN: "wr0ng-token" },
      },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13

      [Error: 127.0.0.1:8000 refuses the credentials]

      http://127.0.0.1:8000/private/other answered with status 401 to those of requirements.txt, line 1.

      Needed: a user name and a password or token that may read it. One that expires has to be renewed; characters such as '@', ':' and '/' in it are written as in URLs (%40, %3A, %2F)."
    `);
    expect(only?.log).not.toContain("wr0ng");
  });
});

describe("a repository", () => {
  test("is locked to a commit, fetched with credentials, and stays there", async () => {
    const repository = await makeRepository();
    const line = "tool @ git+http://${USER_NAME}:${TOKEN}@127.0.0.1:8000/private/repos/tool.git";
    const env = { USER_NAME: "me", TOKEN: "s3cret%20pass" };
    const [first, second, third] = await build([
      { files: { "requirements.txt": line }, published: ["alpha 1.0"], env, repository },
      { files: { "requirements.txt": `${line}\nalpha\n` }, env, repository, commits: 1 },
      {
        files: { "requirements.txt": `${line}\nalpha\n` },
        env: { ...env, BP_LOCK_EPOCH: "2" },
        repository,
      },
    ]);

    expect(first?.locked).toEqual(["tool 1.0 git"]);
    expect(second?.log.replaceAll(/[0-9a-f]{12}/g, "<commit>")).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - requirements.txt has changed
      Resolving for Python 3.13
      Resolved 2 packages (<time>)
      Compared with the previous lock:
       - alpha 1.0 added"
    `);
    expect(third?.log.replaceAll(/[0-9a-f]{12}/g, "<commit>")).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - BP_LOCK_EPOCH has changed
      Resolving for Python 3.13
      Resolved 2 packages (<time>)
      Compared with the previous lock:
       - tool <commit> → <commit>"
    `);
    expect(await filesWith(first?.layers ?? "", /s3cret/)).toEqual(["credentials/.netrc"]);
  });
});

describe("a disk that is full", () => {
  test("is told as what it is", async () => {
    const [only] = await build([
      {
        files: { "requirements.txt": "alpha\n" },
        published: ["alpha 1.0"],
        space: "40k",
      },
    ]);

    expect(only?.log.replace(/Details:[^]*/, "Details:")).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13

      [Error: The disk is full]

      Found: no space is left where the build keeps its layers or its temporary files.
      Needed: a larger volume or disk for the build, or less on it. An app with torch and CUDA, for
      example, takes 12 GB while it is built.

      Nothing in the app needs to change. Once the cause is mended, build again.

      Details:"
    `);
  });
});

describe("an authority of one's own", () => {
  test("is trusted by git, too, while resolving", async () => {
    const repository = await makeRepository();

    const [only] = await build([
      {
        files: { "requirements.txt": "tool @ git+https://127.0.0.1:8443/repos/tool.git\n" },
        repository,
        env: { SSL_CERT_FILE: "/tmp/authority.pem" },
      },
    ]);

    expect(only?.log).toContain("Resolved 1 package");
    expect(only?.locked).toEqual(["tool 1.0 git"]);
  });
});

describe("local packages", () => {
  const project = (version: string) =>
    `[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = "tools"\nversion = "${version}"\ndependencies = ["alpha"]\n`;

  test("an edit of their code resolves nothing, an edit of their metadata does", async () => {
    const files = {
      "requirements.txt": "-e ./tools\n--find-links ./wheels\n",
      "wheels/README": "",
      "tools/pyproject.toml": project("1.0"),
      "tools/tools.py": "a = 1\n",
    };
    const [first, second, third] = await build([
      { files, published: ["alpha 1.0"] },
      { files: { ...files, "tools/tools.py": "a = 2\n" } },
      { files: { ...files, "tools/pyproject.toml": project("2.0") } },
    ]);

    expect(first?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Installing editable packages (-e) as ordinary ones: an image does not change
      Resolving for Python 3.13
      Resolved 2 packages (<time>)"
    `);
    expect(second?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Installing editable packages (-e) as ordinary ones: an image does not change
      Using cached lock of 2 packages"
    `);
    expect(third?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Installing editable packages (-e) as ordinary ones: an image does not change
      Discarding cached lock since:
       - tools has changed
      Resolving for Python 3.13
      Resolved 2 packages (<time>)"
    `);
    expect(first?.locked).toEqual(["alpha 1.0 wheel", "tools undefined directory"]);
  });

  test("those that only another one depends on, likewise", async () => {
    const deep = (dependency: string) =>
      project("1.0").replace('"tools"', '"deep"').replace('"alpha"', `"${dependency}"`);
    const files = {
      "requirements.txt": "./tools\n",
      "tools/pyproject.toml": `${project("1.0").replace('"alpha"', '"deep"')}\n[tool.uv.sources]\ndeep = { path = "../libs/deep" }\n`,
      "libs/deep/pyproject.toml": deep("alpha"),
      "libs/deep/deep.py": "a = 1\n",
    };
    const [first, second, third] = await build([
      { files, published: ["alpha 1.0", "beta 1.0"] },
      { files: { ...files, "libs/deep/deep.py": "a = 2\n" } },
      { files: { ...files, "libs/deep/pyproject.toml": deep("beta") } },
    ]);

    expect(first?.locked).toEqual([
      "alpha 1.0 wheel",
      "deep undefined directory",
      "tools undefined directory",
    ]);
    expect(second?.log).toContain("Using cached lock of 3 packages");
    expect(third?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - libs/deep has changed
      Resolving for Python 3.13
      Resolved 3 packages (<time>)
      Compared with the previous lock:
       - alpha 1.0 removed
       - beta 1.0 added"
    `);
  });
});

describe("what else says what is installed", () => {
  test("BP_PIP_REQUIREMENT, pip.conf and variables, each told with its origin", async () => {
    const [only] = await build([
      {
        files: {
          "requirements.txt": "nothing-of-this\n",
          "deploy/prod.txt": "alpha\n",
          "pip.conf":
            "[global]\nindex-url = https://index.invalid/simple\ntimeout = 60\n[install]\nno-binary = :none:\n",
        },
        published: ["alpha 1.0"],
        env: {
          BP_PIP_REQUIREMENT: "deploy/prod.txt",
          PIP_FIND_LINKS: "/opt/wheels",
          PIP_NO_DEPS: "1",
        },
      },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Using deploy/prod.txt (from BP_PIP_REQUIREMENT)
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Skipping /opt/wheels (from PIP_FIND_LINKS) because the build has no such directory; only the app's files are there
      Resolving for Python 3.13
      Resolved 1 package (<time>)"
    `);
    expect(only?.locked).toEqual(["alpha 1.0 wheel"]);
  });

  test("a pyproject.toml with settings of tools only asks for nothing", async () => {
    const [only] = await build([
      { files: { "pyproject.toml": "[tool.ruff]\nline-length = 100\n" } },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found pyproject.toml with settings of tools only: there is nothing to install
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Found nothing to install: the lock is empty"
    `);
    expect(only?.locked).toEqual([]);
  });

  test("a pylock.toml is narrowed to this Python and platform", async () => {
    const [only] = await build([
      { files: { "requirements.txt": "alpha\n", "pylock.toml": PYLOCK } },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found pylock.toml (it wins over requirements.txt)
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Found 4 packages for this Python and platform"
    `);
    expect(only?.locked).toEqual([
      "alpha 1.0 wheel",
      // No index is named for it, and it is not one of PyPI's files.
      "beta 1.0 url",
      "gamma 1.0 wheel https://packages.example.com/simple",
      "tools undefined directory",
    ]);
    const lock = await readFile(join(only?.layers ?? "", "handover", "lock.json"), "utf8");
    expect(lock).toContain(`"--extra-index-url","https://packages.example.com/simple"`);
  });

  test("a pylock.toml for another Python is refused", async () => {
    const [only] = await build([{ files: { "pylock.toml": PYLOCK.replace(">=3.9", "<3.12") } }]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found pylock.toml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)

      [Error: pylock.toml is not for this Python or platform]

      It needs Python <3.12; the app has 3.13.5.

      Lock again for it, or name the Python that the lock is for in a file .python-version."
    `);
  });
});

const SHA = (digit: string) => `hashes = { sha256 = "${digit.repeat(64)}" }`;

const PYLOCK = `lock-version = "1.0"
created-by = "test"
requires-python = ">=3.9"

[[packages]]
name = "Alpha"
version = "1.0"
index = "https://pypi.org/simple"
wheels = [
  { url = "https://files.pythonhosted.org/alpha-1.0-cp313-cp313-win_amd64.whl", ${SHA("1")} },
  { url = "https://files.pythonhosted.org/alpha-1.0-cp313-cp313-manylinux_2_99_x86_64.whl", ${SHA("2")} },
  { url = "https://files.pythonhosted.org/alpha-1.0-cp313-cp313-manylinux_2_28_x86_64.whl", ${SHA("3")} },
  { url = "https://files.pythonhosted.org/alpha-1.0-py3-none-any.whl", ${SHA("4")} },
]

[[packages]]
name = "beta"
version = "1.0"
marker = "python_version >= '3.10' and sys_platform == 'linux'"
sdist = { url = "https://example.com/beta-1.0.tar.gz", ${SHA("5")} }

[[packages]]
name = "windows-only"
version = "1.0"
marker = "sys_platform == 'win32'"
wheels = [{ url = "https://example.com/windows_only-1.0-py3-none-any.whl", ${SHA("6")} }]

[[packages]]
name = "tools"
directory = { path = "tools" }

[[packages]]
name = "gamma"
version = "1.0"
index = "https://packages.example.com/simple"
wheels = [{ url = "https://packages.example.com/gamma-1.0-py3-none-any.whl", ${SHA("7")} }]
`;

async function build(builds: readonly Build[]): Promise<readonly Outcome[]> {
  const root = await makeTemporaryFolder();
  const serverRoot = join(root, "server");
  await mkdir(serverRoot);
  await writeFile(join(root, "server.py"), indexServer);
  const outcomes: Outcome[] = [];
  for (const [number, one] of builds.entries()) {
    const { files, published = [], repository, commits = 0 } = one;
    await publish(serverRoot, published);
    if (repository !== undefined) await serve(repository, commits, serverRoot);
    const app = join(root, `app-${number}`);
    await mkdir(app);
    await writeFiles(app, { "tools/setup.py": "", ...files });
    const layers = join(root, `layers-${number}`);
    await mkdir(layers);
    if (number > 0) await restore(join(root, `layers-${number - 1}`), layers);
    await openTo(root);
    outcomes.push({ ...(await runBuild(root, app, layers, one)), layers });
  }
  return outcomes;
}

/** As the lifecycle gives a launch-only layer back: its metadata alone. */
async function restore(from: string, to: string): Promise<void> {
  const document = await readFile(join(from, "lock.toml"), "utf8");
  await writeFile(join(to, "lock.toml"), document.replace(/^\[types\][^[]*/, ""));
}

async function makeRepository(): Promise<string> {
  const path = await makeTemporaryFolder();
  await writeFiles(path, {
    "pyproject.toml":
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = "tool"\nversion = "1.0"\n',
  });
  await git(path, "init", "--quiet", "--initial-branch=main");
  await git(path, "add", ".");
  await git(path, "commit", "--quiet", "--message=first");
  return path;
}

/** As plain files, which git fetches over HTTP, too. */
async function serve(repository: string, commits: number, server: string): Promise<void> {
  for (let count = 0; count < commits; count += 1) {
    await git(repository, "commit", "--quiet", "--allow-empty", "--message=more");
  }
  const bare = join(server, "repos", "tool.git");
  await rm(bare, { recursive: true, force: true });
  await git(repository, "clone", "--quiet", "--bare", ".", bare);
  await git(bare, "update-server-info");
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  await promisify(execFile)("git", [...identity, ...args], { cwd });
}

/** "name version" goes to the index, "place/name version" to another one. */
async function publish(server: string, wheels: readonly string[]): Promise<void> {
  for (const wheel of wheels) {
    const [, place = "index", name = "", version = ""] =
      /^(?:(.*)\/)?(\S+) (\S+)$/.exec(wheel) ?? [];
    const folder = join(server, place, name);
    await mkdir(folder, { recursive: true });
    const module = `${name.replaceAll("-", "_")}.py`;
    const { from, ...made } = await makeWheel(folder, { name, version, files: { [module]: "" } });
    const page = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
    const file = (await readdir(folder)).find((entry) => entry.includes(`-${version}-`)) ?? "";
    const sha256 = from === "wheel" && "sha256" in made ? made.sha256 : "";
    await writeFile(
      join(folder, "index.html"),
      `${page}<a href="${file}#sha256=${sha256}">${file}</a>\n`,
    );
  }
}

async function runBuild(
  root: string,
  app: string,
  layers: string,
  { env = {}, space }: Build,
): Promise<Omit<Outcome, "layers">> {
  const variables = Object.entries({ ...INDEX, ...BUILD_ENV, ...env });
  const log = await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=none", "--volume", `${root}:${root}`],
      // The app's directory may be one that nobody writes to.
      ...["--volume", `${app}:/workspace:ro`],
      ...(space === undefined
        ? ["--volume", `${layers}:/layers`]
        : [`--tmpfs=/layers:mode=777,size=${space}`]),
      ...["--volume", `${join(ROOT, "buildpacks", "pip")}:/buildpack:ro`, "--workdir=/workspace"],
      ...variables.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...[image, "sh", "-c", RUN, "sh", root],
    ],
    { env: engine.env },
  );
  return { log: stable(log), locked: await readLocked(layers) };
}

const BUILD_ENV = {
  CNB_LAYERS_DIR: "/layers",
  CNB_PLATFORM_DIR: "/platform",
  CNB_BUILDPACK_DIR: "/buildpack",
  CNB_BP_PLAN_PATH: "/dev/null",
  CNB_TARGET_DISTRO_NAME: "debian",
  CNB_TARGET_DISTRO_VERSION: "13",
  ML_BUILDPACKS_PYTHON: "/usr/bin/python3",
  ML_BUILDPACKS_PYTHON_VERSION: "3.13.5",
};

const RUN = `root="$1"
shift
if [ -n "\${SSL_CERT_FILE:-}" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \\
    -out "$SSL_CERT_FILE" -keyout /tmp/key.pem 2>/dev/null
  set -- "$SSL_CERT_FILE" /tmp/key.pem
fi
python3 "$root/server.py" "$root/server" "$@" &
until curl --silent --output /dev/null http://127.0.0.1:8000/; do sleep 0.05; done
umask 000
/buildpack/bin/build 2>&1 || true
# Of another user than the tests' own.
find /layers -user "$(id -u)" -not -name .netrc -exec chmod a+rwX {} +
ls -l /layers/credentials/.netrc 2>/dev/null | grep -v '^-rw-------' || true
chmod a+r /layers/credentials/.netrc 2>/dev/null || true
`;

async function readLocked(layers: string): Promise<readonly string[]> {
  const text = await readFile(join(layers, "handover", "lock.json"), "utf8").catch(() => "");
  if (text === "") return [];
  const { distributions } = JSON.parse(text) as {
    distributions: readonly { name: string; version?: string; from: string; index?: string }[];
  };
  return distributions.map(({ name, version, from, index }) =>
    [name, version, from, ...(index === undefined ? [] : [index])]
      .join(" ")
      .replace("  ", " undefined "),
  );
}

/** Files whose text fits, relative to the folder; uv's cache of the index's answers among them. */
async function filesWith(root: string, pattern: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (pattern.test(await readFile(path, "latin1"))) found.push(path.slice(root.length + 1));
  }
  return found.sort();
}

async function openTo(root: string): Promise<void> {
  await chmod(root, 0o777);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  }
}

/** Durations ("(0.3 s)") and digests (64 digits) differ from build to build. */
function stable(text: string): string {
  return text
    .replaceAll(/\(\d+\.\d s\)/g, "(<time>)")
    .replaceAll(/[0-9a-f]{64}/g, "<sha256>")
    .trim();
}
