import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { build, filesWith, makeRepository, prepareBuilds, stable } from "./builds.ts";

beforeAll(() => prepareBuilds("pip"));

afterAll(cleanUp);

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
      layout = 2
      python = "3.13"
      arch = "amd64"
      distro = "debian 13"
      source = "requirements"
      index = "--index-url http://127.0.0.1:8000/index --index-strategy unsafe-best-match"
      hardware = "cpu by default"
      torch = "https://download.pytorch.org/whl"
      layersDir = "/layers"
      made = "2026-11-22"

        [metadata.files]
        "requirements.txt" = "<sha256>"
        "more/limits.txt" = "<sha256>"

        [[metadata.distributions]]
        from = "wheel"
        name = "alpha"
        version = "1.0"
        sha256 = "<sha256>"

        [metadata.accelerated]
        accelerator = "cpu""
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

      Needed: a user name and a password or token that may read it. One that expires has to be renewed. In an address, characters such as '@', ':' and '/' in it are written as in URLs (%40, %3A, %2F); in a binding they stand as they are."
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
      Found pylock.toml
      Skipping requirements.txt because pylock.toml comes first; BP_PIP_REQUIREMENT decides otherwise
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
  });

  test("a pylock.toml for another Python is refused", async () => {
    const [only] = await build([{ files: { "pylock.toml": PYLOCK.replace(">=3.9", "<3.12") } }]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found pylock.toml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)

      [Error: pylock.toml is for another Python or platform]

      Found: It needs Python <3.12; the app has 3.13.5.
      Needed: a lock for the Python that the app has. Name the version in a file .python-version,
      or let the project allow this one and make the lock again:

        pip lock -r requirements.txt"
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
