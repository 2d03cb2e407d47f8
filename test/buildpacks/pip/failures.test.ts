import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Asked } from "../../../src/buildpacks/pip/asked.ts";
import { explainFailure } from "../../../src/buildpacks/pip/explain.ts";
import { failure } from "../../../src/buildpacks/pip/failures.ts";
import type { DedicatedIndex } from "../../../src/python/uv/own-indexes.ts";
import type { FailedTask } from "../../../src/buildpacks/pip/explain.ts";
import { type Failure, renderMessage } from "../../../src/kit/failure.ts";
import { offer } from "../../../src/python/provided/offered.ts";
import { readRequirements } from "../../../src/python/requirements/read-requirements.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const RECORDED = new URL("../../fixtures/uv-output/", import.meta.url);

/** The whole text for a recorded output of uv, where the app has these requirements. */
async function explained(
  recorded: string,
  requirements: string,
  packages?: ReadonlyMap<string, string>,
): Promise<string> {
  const output = await readFile(new URL(`${recorded}.txt`, RECORDED), "utf8");
  return explainedFor(output, requirements, undefined, packages);
}

async function explainedFor(
  output: string,
  requirements: string,
  dedicated?: DedicatedIndex,
  packages?: ReadonlyMap<string, string>,
): Promise<string> {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "requirements.txt": requirements });
  const set = await readRequirements({ appDir, requirements: ["requirements.txt"], env: {} });
  const provided = packages && { provider: "conda", packages, cuda: undefined };
  const task = {
    // No index is asked about anything here.
    asked: {
      set,
      options: { ...set.options, noIndex: true },
      torchIndexes: {
        base: dedicated?.url.replace(/\/[^/]*$/, ""),
        isMirror: false,
        credentials: [],
      },
      ...(packages === undefined
        ? { source: { kind: "requirements", files: ["requirements.txt"] } }
        : {
            provided,
            source: { kind: "handed", file: "environment.yml", lines: [], files: [] },
          }),
    } as Partial<Asked>,
    offered: provided === undefined ? { packages: new Map(), skipped: [] } : offer(provided, set),
    interpreter: { minor: "3.13", version: "3.13.5" },
    context: { appDir: "/app", target: { arch: "amd64" }, env: {} },
    netrc: undefined,
    fit: { dedicated },
  } as unknown as FailedTask;
  return rendered(await explainFailure(output, task, undefined));
}

function rendered({ userMessage }: Failure): string {
  return renderMessage(userMessage);
}

describe("what uv says", () => {
  test("unsatisfiable", async () => {
    expect(await explained("unsatisfiable", "flask==3.0.0\nwerkzeug<2\n")).toMatchInlineSnapshot(`
      "[Error: The requirements contradict each other]

      Because flask==3.0.0 depends on werkzeug>=3.0.0 and you require flask==3.0.0, we can conclude that you require werkzeug>=3.0.0.
      And because you require werkzeug<2, we can conclude that your requirements are unsatisfiable.

      Found:
      - requirements.txt, line 1: flask==3.0.0
      - requirements.txt, line 2: werkzeug<2

      Loosen one of the requirements. Packages that are not named are not the cause."
    `);
  });

  test("a contradiction to what the interpreter has by itself", async () => {
    const output = `error: No solution found when resolving dependencies
  cause: Because all versions of old-tool depend on numpy<2 and only numpy==2.2.6 is available, we can conclude that all versions of old-tool cannot be used.
         And because ml-buildpacks-dedicated-index depends on old-tool, we can conclude that your requirements are unsatisfiable.
`;
    const packages = new Map([
      ["numpy", "2.2.6"],
      ["scipy", "1.15.0"],
    ]);

    const message = await explainedFor(output, "flask\nold-tool\n", undefined, packages);

    expect(message).toMatchInlineSnapshot(`
      "[Error: What pip is asked for does not go together with conda's packages]

      Because all versions of old-tool depend on numpy<2 and only numpy==2.2.6 is available, we can conclude that all versions of old-tool cannot be used.
      And because you require old-tool, we can conclude that your requirements are unsatisfiable.

      Found:
      - conda: numpy 2.2.6
      - requirements.txt, line 2: old-tool

      conda's packages stay as they are for what only another package asks for. Write the version that is needed under 'dependencies:' of environment.yml, so that conda chooses all its packages for it; or ask pip for another version of what needs it."
    `);
  });

  test("another Python than conda's environment has", async () => {
    const none = new Map<string, string>();
    expect(await explained("no-wheel-for-python", "tensorflow==2.12.0\n", none))
      .toMatchInlineSnapshot(`
      "[Error: tensorflow 2.12.0 is not for Python 3.13]

      Found in requirements.txt, line 1: tensorflow==2.12.0

      It exists for Python 3.8, 3.9, 3.10 and 3.11; the app has 3.13.

      Ask for a version of tensorflow that is newer, or for a Python that fits. Write under 'dependencies:' of environment.yml:

        - python=3.11"
    `);
    expect(await explained("needs-newer-python", "onlynew\n", none)).toMatchInlineSnapshot(`
      "[Error: onlynew is not for Python 3.13]

      Found in requirements.txt, line 1: onlynew

      onlynew 1.0 needs Python >=3.14; the app has 3.13. Ask for another version of onlynew, or for a Python that fits. Write under 'dependencies:' of environment.yml:

        - python=3.14"
    `);
  });

  test("a version that nobody has, where conda has another", async () => {
    const packages = new Map([["purelib", "1.0"]]);
    const output = `error: No solution found when resolving dependencies
  cause: Because purelib was not found in the package registry and ml-buildpacks-dedicated-index depends on purelib>=2, we can conclude that your requirements are unsatisfiable.
`;
    expect(await explainedFor(output, "purelib>=2\n", undefined, packages)).toMatchInlineSnapshot(`
      "[Error: There is no package called purelib]

      Found in requirements.txt, line 1: purelib>=2

      Looked on .

      conda has purelib 1.0. To take that, remove the line or let it allow that version; for another one of conda's, change environment.yml."
    `);
    expect(await explained("no-such-version-range", "six>99\n", new Map([["six", "1.16.0"]])))
      .toMatchInlineSnapshot(`
        "[Error: There is no such version of six]

        Found in requirements.txt, line 1: six>99

        Because only six<=1.17.0 is available and you require six>99, we can conclude that your requirements are unsatisfiable.

        Ask for a version that exists.

        conda has six 1.16.0. To take that, remove the line or let it allow that version; for another one of conda's, change environment.yml."
      `);
  });

  test("an index of a requirements file that does not answer", async () => {
    const requirements = "--extra-index-url http://me:s3cret@packages.example.com/simple\nsix\n";
    expect(await explained("refused", requirements)).toMatchInlineSnapshot(`
      "[Error: Unable to reach packages.example.com]

      http://packages.example.com/simple/six/: it refuses connections.

      Found in requirements.txt, line 1: --extra-index-url http://packages.example.com/simple

      If the address there is right, check that the build has a network. Behind a proxy it needs HTTPS_PROXY and NO_PROXY; another index is named with PIP_INDEX_URL.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    const main = "-i https://pypi.org/simple/\nsix\n";
    expect(await explained("tls", main)).toMatchInlineSnapshot(`
      "[Error: The certificate of pypi.org is not trusted]

      https://pypi.org/simple/six/

      Found in requirements.txt, line 1: --index-url https://pypi.org/simple/

      If the network has a proxy or an index with a certificate of its own, give its authority's certificate to the build in a binding of type ca-certificates.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    const links = "--find-links https://packages.example.com/nothing\nsix\n";
    expect(await explained("findlinks-404", links)).toMatchInlineSnapshot(`
      "[Error: Unable to download a file of the requirements]

      https://packages.example.com/nothing answered with status 404.

      Found in requirements.txt, line 1: --find-links https://packages.example.com/nothing

      Check that the address is written correctly and still exists."
    `);
    const other = "--extra-index-url http://packages.example.com/sim\nsix\n";
    expect(await explained("refused", other)).not.toContain("Found in");
  });

  test("no-such-version-range", async () => {
    expect(await explained("no-such-version-range", "six>99\n")).toMatchInlineSnapshot(`
      "[Error: There is no such version of six]

      Found in requirements.txt, line 1: six>99

      Because only six<=1.17.0 is available and you require six>99, we can conclude that your requirements are unsatisfiable.

      Ask for a version that exists."
    `);
  });

  test("torch-local-version", async () => {
    const message = await explained("torch-local-version", "torch==2.1.0+cu118\n");

    expect(message).toMatchInlineSnapshot(`
      "[Error: There is no such version of torch]

      Found in requirements.txt, line 1: torch==2.1.0+cu118

      Because there is no version of torch==2.1.0+cu118 and you require torch==2.1.0+cu118, we can conclude that your requirements are unsatisfiable.

      Versions with '+cu118' are on PyTorch's own index only. Name it in a line of the file:

        --extra-index-url https://download.pytorch.org/whl/cu118"
    `);
  });

  test("no-wheel-for-python", async () => {
    expect(await explained("no-wheel-for-python", "tensorflow==2.12.0\n")).toMatchInlineSnapshot(`
      "[Error: tensorflow 2.12.0 is not for Python 3.13]

      Found in requirements.txt, line 1: tensorflow==2.12.0

      It exists for Python 3.8, 3.9, 3.10 and 3.11; the app has 3.13.

      Name that Python in a file .python-version:

        3.11

      or ask for a version of tensorflow that is newer."
    `);
  });

  test("no-wheel-for-platform", async () => {
    expect(await explained("no-wheel-for-platform", "onlywin\n")).toMatchInlineSnapshot(`
      "[Error: onlywin has no files for Linux on amd64]

      Found in requirements.txt, line 1: onlywin

      It exists for win_amd64; it can't be installed in an image of linux/amd64. If the app uses it on other systems only, say so:

        onlywin ; sys_platform == "win32""
    `);
  });

  test("needs-newer-python", async () => {
    expect(await explained("needs-newer-python", "onlynew\n")).toMatchInlineSnapshot(`
      "[Error: onlynew is not for Python 3.13]

      Found in requirements.txt, line 1: onlynew

      onlynew 1.0 needs Python >=3.14; the app has 3.13. Ask for another version of onlynew, or name a Python that fits in a file .python-version:

        3.14"
    `);
  });

  test("only-binary", async () => {
    expect(await explained("only-binary", "docopt\n")).toMatchInlineSnapshot(`
      "[Error: docopt exists as source only]

      Found in requirements.txt, line 1: docopt

      --only-binary forbids building it. Allow it with --no-binary docopt, or ask for a version that has a wheel."
    `);
  });

  test("build-directory", async () => {
    expect(await explained("build-directory", "")).toMatchInlineSnapshot(`
      "[Error: Unable to learn what service depends on]

      service is the app's own package, in its root.

      Only running its build tells that, and the build failed.

      Its pyproject.toml says package-mode = false under [tool.poetry]: it can't be installed, and so not asked what it depends on.

      Write that into a requirements.txt in the app's root, from Poetry's lock:

        poetry export --output requirements.txt

      Details:
      Traceback (most recent call last):
        File "<string>", line 14, in <module>
          dirname = prepare_metadata_for_build(__import__("os").fsdecode(b"/build/metadata_directory"), {})
        File "/build/lib/python3.13/site-packages/poetry/core/masonry/api.py", line 43, in prepare_metadata_for_build_wheel
          builder = WheelBuilder(poetry, config_settings=config_settings)
        File "/build/lib/python3.13/site-packages/poetry/core/masonry/builders/wheel.py", line 67, in __init__
          super().__init__(poetry, executable=executable, config_settings=config_settings)
          ~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        File "/build/lib/python3.13/site-packages/poetry/core/masonry/builders/builder.py", line 40, in __init__
          raise RuntimeError(
              "Building a package is not possible in non-package mode."
          )
      RuntimeError: Building a package is not possible in non-package mode."
    `);
  });

  test("build-failed", async () => {
    expect(await explained("build-failed", "sklearn\n")).toMatchInlineSnapshot(`
      "[Error: Unable to learn what sklearn depends on]

      Found in requirements.txt, line 1: sklearn

      It has no wheel for this Python and platform, so that sklearn==0.0.post12 is asked by running its build, which failed.

      The package that is meant is probably scikit-learn; write that in its place.

      Details:
      The 'sklearn' PyPI package is deprecated, use 'scikit-learn'
      rather than 'sklearn' for pip commands.
      Here is how to fix this error in the main use cases:
      - use 'pip install scikit-learn' rather than 'pip install sklearn'
      - replace 'sklearn' by 'scikit-learn' in your pip requirements files
        (requirements.txt, setup.py, setup.cfg, Pipfile, etc ...)
      - if the 'sklearn' package is used by one of your dependencies,
        it would be great if you take some time to track which package uses
        'sklearn' instead of 'scikit-learn' and report it to their issue tracker
      - as a last resort, set the environment variable
        SKLEARN_ALLOW_DEPRECATED_SKLEARN_PACKAGE_INSTALL=True to avoid this error
      More information is available at
      https://github.com/scikit-learn/sklearn-pypi-package"
    `);
  });

  test("build-too-old", async () => {
    expect(await explained("build-too-old", "functools32==3.2.3.post2\n")).toMatchInlineSnapshot(`
      "[Error: Unable to learn what functools32 depends on]

      Found in requirements.txt, line 1: functools32==3.2.3.post2

      It has no wheel for this Python and platform, so that functools32==3.2.3.post2 is asked by running its build, which failed.

      A version of functools32 that has a wheel for this Python needs no compiler. So does a wheel that you have built elsewhere: put it into the app and name it in requirements.txt as ./wheels/<file>.whl.

      Details:
      This backport is for Python 2.7 only."
    `);
  });

  test("bad-build-requires", async () => {
    expect(await explained("bad-build-requires", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to install what a package's build requires]

      Its pyproject.toml asks under [build-system] for: setuptoolz

      Because setuptoolz was not found in the package registry and you require setuptoolz, we can conclude that your requirements are unsatisfiable.

      Correct the names there if the package is your own; otherwise take another version of it."
    `);
  });

  test("dns", async () => {
    expect(await explained("dns", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to reach index.invalid]

      https://index.invalid/simple/six/: its name can't be resolved.

      Check that the build has a network. Behind a proxy it needs HTTPS_PROXY and NO_PROXY; another index is named with PIP_INDEX_URL.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("refused", async () => {
    expect(await explained("refused", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to reach packages.example.com]

      http://packages.example.com/simple/six/: it refuses connections.

      Check that the build has a network. Behind a proxy it needs HTTPS_PROXY and NO_PROXY; another index is named with PIP_INDEX_URL.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("proxy", async () => {
    expect(await explained("proxy", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to reach pypi.org]

      https://pypi.org/simple/idna/: the proxy does not answer or refuses.

      Check that the build has a network. Behind a proxy it needs HTTPS_PROXY and NO_PROXY; another index is named with PIP_INDEX_URL.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("tls", async () => {
    expect(await explained("tls", "six\n")).toMatchInlineSnapshot(`
      "[Error: The certificate of pypi.org is not trusted]

      https://pypi.org/simple/six/

      If the network has a proxy or an index with a certificate of its own, give its authority's certificate to the build in a binding of type ca-certificates.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("url-404", async () => {
    expect(
      await explained(
        "url-404",
        "foo @ http://packages.example.com/none/foo-1.0-py3-none-any.whl\n",
      ),
    ).toMatchInlineSnapshot(`
      "[Error: Unable to download a file of the requirements]

      https://packages.example.com/none/foo-1.0-py3-none-any.whl answered with status 404.

      Check that the address is written correctly and still exists."
    `);
  });

  test("findlinks-404", async () => {
    expect(await explained("findlinks-404", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to download a file of the requirements]

      https://packages.example.com/nothing answered with status 404.

      Check that the address is written correctly and still exists."
    `);
  });

  test("remote-constraints", async () => {
    expect(await explained("remote-constraints", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to read a requirements file of another host]

      Found: https://packages.example.com/nothing.txt

      Check that the address exists and the build can reach it; or copy the file into the app."
    `);
  });

  test("git-host", async () => {
    expect(await explained("git-host", "x @ git+https://github.invalid/a/b\n"))
      .toMatchInlineSnapshot(`
      "[Error: Unable to fetch https://github.invalid/a/b]

      Found in requirements.txt, line 1: x @ git+https://github.invalid/a/b

      github.invalid can't be reached. Check that the build has a network; behind a proxy it needs HTTPS_PROXY.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("git-missing", async () => {
    expect(await explained("git-missing", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to fetch file:///workspace/nope.git]

      A package that the app asks for depends on it.

      There is no such repository, or it asks for credentials. Check the address."
    `);
  });

  test("git-missing-ref", async () => {
    expect(await explained("git-missing-ref", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to fetch file:///workspace/gitrepo]

      A package that the app asks for depends on it.

      The repository has no branch, tag or commit 'v9'. Write an existing one after '@'."
    `);
  });

  test("git-ssh", async () => {
    expect(await explained("git-ssh", "x @ git+ssh://git@github.com/a/b.git\n"))
      .toMatchInlineSnapshot(`
        "[Error: Unable to fetch ssh://git@github.com/a/b.git]

        Found in requirements.txt, line 1: x @ git+ssh://git@github.com/a/b.git

        The build has no SSH client and no keys. Use HTTPS with a token in a variable of the build:

          git+https://\${GIT_TOKEN}@github.com/a/b.git"
      `);
  });

  test("name-mismatch", async () => {
    expect(
      await explained(
        "name-mismatch",
        "fooz @ http://packages.example.com/simple/foo/foo-1.0-py3-none-any.whl\n",
      ),
    ).toMatchInlineSnapshot(`
      "[Error: fooz is another package]

      Found in requirements.txt, line 1: fooz @ http://packages.example.com/simple/foo/foo-1.0-py3-none-any.whl

      The file is a package called foo. Write foo as the name, or correct the address."
    `);
  });

  test("two-urls", async () => {
    expect(await explained("two-urls", "six\n")).toMatchInlineSnapshot(`
      "[Error: foo is asked for from two places]

      Found:
      - https://packages.example.com/simple/foo/foo-1.0-py3-none-any.whl
      - https://packages.example.com/simple/foo/foo-2.0-py3-none-any.whl

      Keep one of them."
    `);
  });

  test("marker", async () => {
    expect(await explained("marker", "six\n")).toMatchInlineSnapshot(`
      "[Error: Unable to read a requirement]

      Found in requirements.txt, line 1:

        six; python_verson > "3"

      Expected a quoted string or a valid marker name, found \`python_verson\`."
    `);
  });

  test("not-a-wheel", async () => {
    expect(
      await explained("not-a-wheel", "x @ http://packages.example.com/simple/foo/index.html\n"),
    ).toMatchInlineSnapshot(`
      "[Error: Unable to read a requirement]

      Found in requirements.txt, line 1:

        x @ https://packages.example.com/simple/foo/index.html

      Expected direct URL (\`https://packages.example.com/simple/foo/index.html\`) to end in a supported file extension: \`.whl\`, \`.tar.gz\`, \`.zip\`, \`.tar.bz2\`, \`.tar.lz\`, \`.tar.lzma\`, \`.tar.xz\`, \`.tar.zst\`, \`.tar\`, \`.tbz\`, \`.tgz\`, \`.tlz\`, or \`.txz\`."
    `);
  });
});

describe("what else can be wrong", () => {
  test("a package of another name", () => {
    const thrown = failure("no-such-package", {
      there: undefined,
      kind: "no-such-package",
      name: "cv2",
      explanation: "",
      where: "Found in requirements.txt, line 1: cv2",
      indexes: ["https://pypi.org/simple"],
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: There is no package called cv2]

      Found in requirements.txt, line 1: cv2

      Looked on https://pypi.org/simple.

      That is the name of a module; the package is called otherwise. Write:

        opencv-python-headless"
    `);
  });

  test("a model of spaCy", () => {
    const thrown = failure("no-such-package", {
      there: undefined,
      kind: "no-such-package",
      name: "en-core-web-sm",
      explanation: "",
      where: "Found in requirements.txt, line 1: en_core_web_sm==3.8.0",
      indexes: ["https://pypi.org/simple"],
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: There is no package called en-core-web-sm]

      Found in requirements.txt, line 1: en_core_web_sm==3.8.0

      Looked on https://pypi.org/simple.

      A model of spaCy is not on PyPI. Write the address of its wheel, in the version that fits spaCy's:

        en-core-web-sm @ https://github.com/explosion/spacy-models/releases/download/…/….whl

      https://spacy.io/usage/models#models-download lists them."
    `);
  });

  test("a module of Python itself", () => {
    const thrown = failure("no-such-package", {
      there: undefined,
      kind: "no-such-package",
      name: "json",
      explanation: "",
      where: "Found in requirements.txt, line 1: json",
      indexes: ["https://pypi.org/simple"],
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: There is no package called json]

      Found in requirements.txt, line 1: json

      Looked on https://pypi.org/simple.

      json is a module of Python itself and need not be installed. Remove the line."
    `);
  });

  test("a package that does not exist", () => {
    const thrown = failure("no-such-package", {
      there: undefined,
      kind: "no-such-package",
      name: "acme-tools",
      explanation: "",
      where: "Found in requirements.txt, line 1: acme-tools",
      indexes: ["https://pypi.org/simple", "https://packages.example.com/simple"],
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: There is no package called acme-tools]

      Found in requirements.txt, line 1: acme-tools

      Looked on https://pypi.org/simple and https://packages.example.com/simple.

      Check its spelling. If it is a package of your own, name its index with --extra-index-url; if it is a module of the app, remove the line."
    `);
  });

  test("a version that does not exist", () => {
    const thrown = failure("no-such-version", {
      there: undefined,
      kind: "no-such-version",
      name: "numpy",
      explanation:
        "Because there is no version of numpy==99 and you require numpy==99, we can conclude that your requirements are unsatisfiable.",
      where: "Found in requirements.txt, line 1: numpy==99",
      newest: "2.5.5",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: There is no such version of numpy]

      Found in requirements.txt, line 1: numpy==99

      Because there is no version of numpy==99 and you require numpy==99, we can conclude that your requirements are unsatisfiable.

      The newest is 2.5.5. Ask for a version that exists."
    `);
  });

  test("an index that asks for credentials", () => {
    const thrown = failure("denied", {
      url: "https://packages.example.com/simple",
      status: "401",
      sent: undefined,
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: packages.example.com asks for credentials]

      https://packages.example.com/simple answered with status 401.

      Needed: a user name and a password or token that may read it. Give them in a binding of type pypi, with the keys url, username and password, or url and token. Or put them into variables of the build, and name the variables in the file, in the index's address:

        https://\${INDEX_USER}:\${INDEX_PASSWORD}@packages.example.com/…

      or set PIP_INDEX_URL or PIP_EXTRA_INDEX_URL to the whole URL. Credentials reach neither the image nor its metadata."
    `);
  });

  test("an index that refuses the credentials", () => {
    const thrown = failure("denied", {
      url: "https://packages.example.com/simple",
      status: "403",
      sent: "requirements.txt, line 1",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: packages.example.com refuses the credentials]

      https://packages.example.com/simple answered with status 403 to those of requirements.txt, line 1.

      Needed: a user name and a password or token that may read it. One that expires has to be renewed. In an address, characters such as '@', ':' and '/' in it are written as in URLs (%40, %3A, %2F); in a binding they stand as they are."
    `);
  });

  test("a broken index", () => {
    const thrown = failure("http-status", {
      named: undefined,
      kind: "http-status",
      url: "https://packages.example.com/simple/six/",
      status: "503",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: packages.example.com does not work at present]

      https://packages.example.com/simple/six/ answered with status 503.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("a repository that asks for credentials", () => {
    const thrown = failure("git", {
      kind: "git",
      sent: undefined,
      url: "https://github.com/acme/tools",
      reason: "denied",
      ref: undefined,
      where: "Found in requirements.txt, line 1: git+https://github.com/acme/tools",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to fetch https://github.com/acme/tools]

      Found in requirements.txt, line 1: git+https://github.com/acme/tools

      github.com asks for credentials (many hosts do so, too, for a repository that does not exist). Give them in a binding of type git, with the keys host and token. Or put a token into a variable of the build:

        git+https://\${GIT_TOKEN}@github.com/…"
    `);
  });

  test("a repository that refuses the credentials", () => {
    const thrown = failure("git", {
      kind: "git",
      url: "https://git.example.com/acme/tools",
      reason: "denied",
      ref: undefined,
      where: "Found in requirements.txt, line 1: git+https://git.example.com/acme/tools",
      sent: "the binding repositories",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to fetch https://git.example.com/acme/tools]

      Found in requirements.txt, line 1: git+https://git.example.com/acme/tools

      git.example.com refuses the credentials of the binding repositories (many hosts do so, too, for a repository that does not exist). They must be allowed to read the repository; those that expire have to be renewed."
    `);
  });

  test("a repository that is none", () => {
    const thrown = failure("git", {
      kind: "git",
      sent: undefined,
      url: "https://example.com/",
      reason: "other",
      ref: undefined,
      where: "Found in requirements.txt, line 1: git+https://example.com/",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to fetch https://example.com/]

      Found in requirements.txt, line 1: git+https://example.com/

      Check that the address is that of a git repository."
    `);
  });

  test("packages without hashes", () => {
    const thrown = failure("hashes-missing", {
      names: ["click 8.1.0", "flask 3.0.0"],
      because: "requirements.txt, line 2 gives a hash",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Some packages have no hash]

      requirements.txt, line 2 gives a hash, so that every package needs one, also those that others depend on. Without:

      - click 8.1.0
      - flask 3.0.0

      Write the file anew with all of them, for example with 'uv pip compile --generate-hashes' or 'pip-compile --generate-hashes'; or remove the hashes."
    `);
  });

  test("a release without wheels for an older Python", () => {
    const thrown = failure("no-wheel-for-python", {
      pythonFile: undefined,
      name: "scipy",
      version: "1.7.3",
      pythons: [],
      python: "3.13",
      where: "scipy is not named in the app's files; another package depends on it.",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: scipy 1.7.3 is not for Python 3.13]

      scipy is not named in the app's files; another package depends on it.

      It has no file for Python 3.13.

      Ask for a version of scipy that is newer, or remove the version to get the newest that fits."
    `);
  });

  test("a file without a fitting hash", () => {
    const thrown = failure("unfit", {
      unfit: [
        {
          name: "six",
          version: "1.16.0",
          reason: { kind: "hashes", demanded: ["sha256:aa"], found: ["sha256:bb", "sha256:cc"] },
        },
      ],
      python: "3.13",
      where: () => "Found in requirements.txt, line 1: six==1.16.0",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to install six]

      Found in requirements.txt, line 1: six==1.16.0

      No file of six 1.16.0 that fits has one of the hashes that are given:

      - sha256:aa

      The files that exist have:

      - sha256:bb
      - sha256:cc

      If the file was published anew, find out why before you change the hash. If the lock was made on another platform, make it for all (uv pip compile --universal --generate-hashes)."
    `);
  });

  test("packages of a lock without files for here", () => {
    const thrown = failure("unfit", {
      unfit: [
        {
          name: "a",
          version: "1",
          reason: { kind: "no-file", wheels: ["a-1-cp312-cp312-win_amd64.whl"], sdist: false },
        },
        { name: "b", version: "1", reason: { kind: "no-file", wheels: [], sdist: true } },
        { name: "c", version: "1", reason: { kind: "no-sha256", file: "c-1.zip" } },
        { name: "d", version: undefined, reason: { kind: "outside", path: "../d" } },
        { name: "e", version: undefined, reason: { kind: "vcs", type: "hg" } },
      ],
      python: "3.13",
      where: (name) => `Found in pylock.toml: ${name}`,
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to install some packages]

      Found in pylock.toml: a

      a 1 has no file that can be installed for Python 3.13 on this platform.

      Found in pylock.toml: b

      b 1 exists as source only, which --only-binary forbids.

      Found in pylock.toml: c

      c-1.zip has no SHA-256 in its index. Give one with --hash=sha256:…

      Found in pylock.toml: d

      ../d is outside of the app, which is all that the build sees.

      Found in pylock.toml: e

      Of version control systems only git is supported, not hg."
    `);
  });

  test("TOML that can't be read", () => {
    const thrown = failure("toml-invalid", {
      file: "pyproject.toml",
      line: 3,
      issue: "Unterminated string",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to read pyproject.toml]

      Found in line 3: Unterminated string
      Needed: a valid TOML document."
    `);
  });

  test("a project of Poetry without its lock", () => {
    expect(rendered(failure("poetry-unlocked", {}))).toMatchInlineSnapshot(`
      "[Error: Poetry has not locked the project]

      Found: pyproject.toml with [tool.poetry.dependencies], and no poetry.lock beside it.
      Needed: poetry.lock, which says what is installed; commit it with the app

        poetry lock"
    `);
  });

  test("no interpreter", () => {
    const thrown = failure("python-missing", {});

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: No Python was provided for pip's packages]

      Found no buildpack before this one that provides an interpreter. The builder's order needs ml-buildpacks/python before ml-buildpacks/pip.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("an interpreter that does not run", () => {
    const thrown = failure("interpreter", {
      kind: "interpreter",
      issue: "Failed to query Python interpreter",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to run the app's Python]

      Failed to query Python interpreter

      This is a fault of the buildpack, not of your app. Please report it, with the log above, at
      https://github.com/ml-buildpacks/ml-buildpacks/issues"
    `);
  });

  test("metadata of another version", () => {
    const thrown = failure("metadata-differs", {
      kind: "metadata-differs",
      source: "1.0",
      issue: "its version is 2.0",
      where: "Found in requirements.txt, line 1: foo==1.0",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: A package is not what its requirement says]

      Found in requirements.txt, line 1: foo==1.0

      The requirement says 1.0, but its version is 2.0. Correct the requirement."
    `);
  });

  test("a directory that can't be installed", () => {
    const thrown = failure("not-installable", {
      kind: "not-installable",
      source: "/workspace/lib",
    });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: /workspace/lib can't be installed]

      A directory that is installed needs a pyproject.toml or a setup.py."
    `);
  });

  const CUDA = {
    hardware: "cuda==12.8",
    where: "hardware.txt, line 1",
    packages: ["nvidia-cublas 13.1.0.3", "nvidia-cuda-runtime 13.0.96"],
    brought: ["requirements.txt, line 2: torch"],
  };

  test("another CUDA than that of the hardware", () => {
    expect(rendered(failure("cuda-differs", { ...CUDA, major: "13" }))).toMatchInlineSnapshot(`
      "[Error: The packages are for CUDA 13, and the image is not]

      Found in hardware.txt, line 1: cuda==12.8
      Found in the packages: nvidia-cublas 13.1.0.3 and nvidia-cuda-runtime 13.0.96
      They come with:
      - requirements.txt, line 2: torch

      Choose versions that are made for this CUDA, or write 'cuda==13' into hardware.txt. Where torch comes from is BP_TORCH_INDEX's: an index of all other packages has it for one CUDA version only."
    `);
  });

  test("CUDA in an image for CPUs", () => {
    const facts = { ...CUDA, hardware: "cpu", where: "the builder" };

    expect(rendered(failure("cuda-unasked", facts))).toMatchInlineSnapshot(`
      "[Error: The packages bring CUDA's libraries, and the image is not for CUDA]

      Found in the builder: cpu
      Found in the packages: nvidia-cublas 13.1.0.3 and nvidia-cuda-runtime 13.0.96
      They come with:
      - requirements.txt, line 2: torch

      For GPUs, write 'cuda' into hardware.txt. Otherwise take torch from an index that has it for CPUs: leave out BP_TORCH_INDEX, or let it name a mirror of https://download.pytorch.org/whl."
    `);
  });

  test("torch's index that can't be reached", async () => {
    const dedicated = { url: "https://download.pytorch.org/whl/cpu", packages: ["torch"] };
    const output = `error: Request failed after 3 retries
  Caused by: Failed to fetch: \`https://download.pytorch.org/whl/cpu/torch/\`
  Caused by: error sending request for url (https://download.pytorch.org/whl/cpu/torch/)
  Caused by: client error (Connect)
  Caused by: dns error
  Caused by: failed to lookup address information: Name or service not known`;

    expect(await explainedFor(output, "torch\n", dedicated)).toMatchInlineSnapshot(`
      "[Error: The index of torch's packages can't be reached]

      Found: https://download.pytorch.org/whl/cpu/torch/: its name can't be resolved

      torch and its companions have wheels for each kind of hardware, which lie on an index of their own. In a closed network, set BP_TORCH_INDEX to the address of a mirror of https://download.pytorch.org/whl (the directories cpu, cu128, … lie below it); or to 'default' where the index of all other packages has the wheels that the hardware needs.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("torch's index that asks for credentials, where its builds are asked for", async () => {
    const dedicated = { url: "https://mirror.example/whl/cu128", packages: ["torch"] };
    const output =
      "error: Failed to fetch: `https://mirror.example/whl/cpu/torch/`\n  cause: HTTP status client error (401 Unauthorized) for url (https://mirror.example/whl/cpu/torch/)";

    expect(await explainedFor(output, "torch\n", dedicated)).toMatchInlineSnapshot(`
      "[Error: The index of torch's packages can't be reached]

      Found: https://mirror.example/whl/cpu/torch/: it asks for credentials (HTTP status 401), which BP_TORCH_INDEX may hold: https://user:password@…

      torch and its companions have wheels for each kind of hardware, which lie on an index of their own. In a closed network, set BP_TORCH_INDEX to the address of a mirror of https://download.pytorch.org/whl (the directories cpu, cu128, … lie below it); or to 'default' where the index of all other packages has the wheels that the hardware needs.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });

  test("torch's index that does not have it", async () => {
    const dedicated = { url: "https://mirror.example/whl/cu128", packages: ["torch"] };
    const output = `error: No solution found when resolving dependencies
  cause: Because torch was not found in the package registry and you require torch, we can conclude that your requirements are unsatisfiable.`;

    expect(await explainedFor(output, "torch\n", dedicated)).toMatchInlineSnapshot(`
      "[Error: The index of torch's packages has no torch that fits]

      Found in requirements.txt, line 1: torch
      Looked for on: https://mirror.example/whl/cu128
      Found: Because torch was not found in the package registry and you require torch, we can conclude that your requirements are unsatisfiable.

      The index follows from the hardware. Ask for a version that it has, or for other hardware in hardware.txt. BP_TORCH_INDEX names another index."
    `);
  });

  test("something new", () => {
    const thrown = failure("unknown", { output: "error: something new" });

    expect(rendered(thrown)).toMatchInlineSnapshot(`
      "[Error: Unable to resolve the requirements]

      uv, which resolves them, says below what is in the way.

      Details:
      error: something new"
    `);
  });
});
