import { expect, it } from "vitest";
import { type Failure, renderMessage } from "../../../src/kit/failure.ts";
import { findSecretsInQueries } from "../../../src/kit/query-secrets.ts";
import { failure } from "../../../src/python/project-lock/failures.ts";

const rendered = ({ userMessage }: Failure) => renderMessage(userMessage);
const uv = { lockFile: "uv.lock", relock: "uv lock" };

it("lock-stale", () => {
  const found = "uv.lock was made from other lines than those of pyproject.toml.";
  const thrown = failure("lock-stale", { ...uv, project: "pyproject.toml", found });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: uv.lock is not the lock of this pyproject.toml]

    Found: uv.lock was made from other lines than those of pyproject.toml.
    Needed: a lock that was made from pyproject.toml as it is now. Run this in the project, and build
    again with the uv.lock that it writes:

      uv lock"
  `);
});

it("lock-invalid, with a line", () => {
  const thrown = failure("lock-invalid", { ...uv, line: 12, issue: "key with no value" });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: uv.lock can't be read]

    Found in line 12: key with no value
    Needed: the file as the package manager writes it. Bring it back as it was (from git, say), or
    delete it and make it anew:

      uv lock"
  `);
});

it("lock-invalid, without one", () => {
  const thrown = failure("lock-invalid", { ...uv, line: undefined, issue: 'lock-version = "3.0"' });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: uv.lock can't be read]

    Found: lock-version = "3.0"
    Needed: the file as the package manager writes it. Bring it back as it was (from git, say), or
    delete it and make it anew:

      uv lock"
  `);
});

it("project-missing", () => {
  const thrown = failure("project-missing", { lockFile: "uv.lock", project: "pyproject.toml" });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: uv.lock lies alone]

    Found: uv.lock, and no pyproject.toml beside it.
    Needed: both; pyproject.toml says which of the locked packages the app asks for itself."
  `);
});

it("project-invalid", () => {
  const facts = { file: "pyproject.toml", line: 3, issue: "key with no value, expected `=`" };

  expect(rendered(failure("project-invalid", facts))).toMatchInlineSnapshot(`
    "[Error: pyproject.toml can't be read]

    Found in line 3: key with no value, expected \`=\`
    Needed: a file that the project's package manager reads, too."
  `);
});

it("group-unknown, with what is nearly the same", () => {
  const known = ["serving", "dev"];
  const facts = {
    setting: "BP_GROUPS",
    names: ["servin", "train"],
    file: "pyproject.toml",
    known,
  } as const;

  expect(rendered(failure("group-unknown", facts))).toMatchInlineSnapshot(`
    "[Error: pyproject.toml has no dependency group servin or train]

    Found: BP_GROUPS names servin and train.
    Needed: those that the project has: serving and dev. Did you mean serving?"
  `);
});

it("group-unknown, of a project without any", () => {
  const facts = {
    setting: "BP_EXTRAS",
    names: ["gpu"],
    file: "pyproject.toml",
    known: [],
  } as const;

  expect(rendered(failure("group-unknown", facts))).toMatchInlineSnapshot(`
    "[Error: pyproject.toml has no extra gpu]

    Found: BP_EXTRAS names gpu.
    Needed: none can be named; the project has none."
  `);
});

it("member-unknown", () => {
  const thrown = failure("member-unknown", { name: "servin", known: ["root", "serving"] });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: The uv workspace has no member servin]

    Found: BP_UV_PACKAGE names servin.
    Needed: one of its members: root and serving. Did you mean serving?"
  `);
});

it("export-failed", () => {
  expect(rendered(failure("export-failed", { output: "error: odd", relock: "uv lock" })))
    .toMatchInlineSnapshot(`
      "[Error: uv.lock can't be used]

      uv, which compares it with pyproject.toml, says below what is in the way. It asks an index only
      where the lock does not fit the project any more, or where a local package has to be built to
      learn what it depends on. In the first case, run this in the project:

        uv lock

      Details:
      error: odd"
    `);
});

it("not-for-here", () => {
  const issue = "The project needs Python >=3.14; the app has 3.13.5.";

  expect(rendered(failure("not-for-here", { ...uv, issue }))).toMatchInlineSnapshot(`
    "[Error: uv.lock is for another Python or platform]

    Found: The project needs Python >=3.14; the app has 3.13.5.
    Needed: a lock for the Python that the app has. Name the version in a file .python-version,
    or let the project allow this one and make the lock again:

      uv lock"
  `);
});

it("not-for-here, with other advice", () => {
  const facts = { ...uv, issue: "It is for darwin.", advice: "one for Linux. Make it again" };

  expect(rendered(failure("not-for-here", facts))).toMatchInlineSnapshot(`
    "[Error: uv.lock is for another Python or platform]

    Found: It is for darwin.
    Needed: one for Linux. Make it again:

      uv lock"
  `);
});

it("names-conflict", () => {
  const thrown = failure("names-conflict", { named: "extra cpu and extra gpu" });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: BP_GROUPS and BP_EXTRAS name what excludes each other]

    Found: extra cpu and extra gpu, which 'conflicts' in [tool.uv] of pyproject.toml keeps apart.
    Needed: one of them alone in BP_GROUPS or BP_EXTRAS."
  `);
});

it("hardware-differs", () => {
  const thrown = failure("hardware-differs", {
    lockFile: "uv.lock",
    hardware: "cpu",
    where: "hardware.txt, line 1",
    packages: ["nvidia-cublas-cu12 12.8.4.1", "nvidia-cuda-runtime-cu12 12.8.90"],
    mend: "For GPUs, write 'cuda' into hardware.txt.",
  });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: uv.lock and the hardware contradict each other]

    Found in hardware.txt, line 1: cpu
    Found in uv.lock: nvidia-cublas-cu12 12.8.4.1 and nvidia-cuda-runtime-cu12 12.8.90

    For GPUs, write 'cuda' into hardware.txt."
  `);
});

it("unfit", () => {
  const hashes = { sha256: "0".repeat(64) };
  const wheel = (tag: string) => ({ name: `numpy-1.26.4-${tag}.whl`, hashes });
  const linux = "manylinux_2_17_x86_64";
  const thrown = failure("unfit", {
    unfit: [
      {
        name: "numpy",
        version: "1.26.4",
        reason: { kind: "no-file", wheels: [], sdist: false },
      },
      { name: "pywin32", version: "308", reason: { kind: "no-file", wheels: [], sdist: false } },
      { name: "empty", version: "1", reason: { kind: "no-file", wheels: [], sdist: false } },
      { name: "old", version: "1", reason: { kind: "no-sha256", file: "old-1.zip" } },
      { name: "lib", version: undefined, reason: { kind: "outside", path: "../lib" } },
      { name: "odd", version: "2", reason: { kind: "vcs", type: "hg" } },
    ],
    packages: [
      { name: "numpy", wheels: [wheel(`cp311-cp311-${linux}`), wheel(`cp312-cp312-${linux}`)] },
      { name: "pywin32", wheels: [{ name: "pywin32-308-cp313-cp313-win_amd64.whl", hashes }] },
    ],
    lockFile: "uv.lock",
    python: "3.13",
  });

  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: Some packages can't be installed as uv.lock has them]

    numpy 1.26.4 has no file in the lock for Python 3.13 on this platform.
    It has wheels for Python 3.11 and 3.12. Name one of these in a file .python-version, or lock a version that has a wheel for 3.13.

    pywin32 308 has no file in the lock for Python 3.13 on this platform.
    The lock has: pywin32-308-cp313-cp313-win_amd64.whl. It needs a marker that leaves it out on Linux, or another package.

    empty 1 has no file in the lock for Python 3.13 on this platform.
    The lock lists no file of it; make it again.

    old-1.zip of old 1 has no SHA-256 in the lock.
    Its index gives other digests or none; what is downloaded could not be checked.

    lib lies at ../lib, outside of the app, which is all that the build sees.

    odd 2 is of a hg repository. Of version control systems only git is supported."
  `);
});

it("settings-invalid", () => {
  const needed = "An index is a URL";
  const problems = [{ origin: { file: "PIP_INDEX_URL" }, line: "pypi", needed }];

  expect(rendered(failure("settings-invalid", { problems }))).toMatchInlineSnapshot(`
    "[Error: Unable to read where packages are downloaded from]

    PIP_INDEX_URL: pypi
      An index is a URL."
  `);
});

it("secrets-in-addresses", () => {
  const text = 'a = 1\nurl = "https://files.example.com/a.whl?x=1&sig=verysecret&y=2"\n';
  const problems = findSecretsInQueries(text, { file: "uv.lock" });

  expect(rendered(failure("secrets-in-addresses", { problems }))).toMatchInlineSnapshot(`
    "[Error: The project's files hold secrets that would be in the image]

    uv.lock, line 2: https://files.example.com/a.whl?x=1&sig=****&y=2
      The parameter sig of the address looks like a secret, and addresses are in the image's metadata; give a user name and a password or token in its place, in a binding or before the host (https://\${USER}:\${TOKEN}@host/…), or put the file into the app."
  `);
});

it("python-missing", () => {
  expect(rendered(failure("python-missing", { manager: "uv" }))).toMatchInlineSnapshot(`
    "[Error: No Python was chosen for the app]

    Found: no earlier buildpack of this build has handed over an interpreter.
    Needed: ml-buildpacks/python before ml-buildpacks/uv in the builder's order.

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});
