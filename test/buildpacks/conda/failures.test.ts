import { expect, it } from "vitest";
import { failure } from "../../../src/buildpacks/conda/failures.ts";
import { type Failure, renderMessage } from "../../../src/kit/failure.ts";

function rendered({ userMessage }: Failure): string {
  return renderMessage(userMessage);
}

const CHANNEL = "https://conda.anaconda.org/conda-froge";
const PACKAGE = "https://conda.anaconda.org/conda-forge/linux-64/numpy-2.2.6-py312_0.conda";
const PROBLEM = {
  origin: { file: "environment.yml", line: 4 },
  line: "- numpy >> 2",
  needed: "Write one of the operators ==, >=, <=, >, < and !=",
};

it("access-denied", () => {
  const facts = { url: CHANNEL, status: 403, sent: { file: "the binding channels" } };
  expect(rendered(failure("access-denied", facts))).toMatchInlineSnapshot(`
    "[Error: conda.anaconda.org refuses to give conda packages]

    Found: HTTP status 403 from https://conda.anaconda.org/conda-froge,
    with the credentials of the binding channels.
    Needed: credentials that hold, in a binding of type "conda" with the keys "channel" and
    "token", or "channel", "username" and "password".

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});

it("certificate-unknown", () => {
  const facts = { url: CHANNEL, message: "invalid peer certificate: UnknownIssuer" };
  expect(rendered(failure("certificate-unknown", facts))).toMatchInlineSnapshot(`
    "[Error: The certificate of conda.anaconda.org is not trusted]

    Found: it is signed by an authority that the build does not know, as that of a company or of
    an intercepting proxy.
    Needed: a binding of type "ca-certificates" with the authority's certificate, as PEM.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    invalid peer certificate: UnknownIssuer"
  `);
});

it("channel-missing", () => {
  const facts = { url: CHANNEL, where: "Found in environment.yml, line 3: conda-froge" };
  expect(rendered(failure("channel-missing", facts))).toMatchInlineSnapshot(`
    "[Error: There is no conda channel at https://conda.anaconda.org/conda-froge]

    Found in environment.yml, line 3: conda-froge
    Needed: a channel with a file noarch/repodata.json at its address

    1. Check the channel's name; upper and lower case differ.
    2. A channel that is not on conda.anaconda.org is written with its whole address, or
       BP_CONDA_CHANNEL_ALIAS says where channels lie.
    3. Some servers answer so, too, where a private channel needs credentials: a binding of type
       "conda" gives them."
  `);
});

it("channel-unreadable", () => {
  const facts = { url: CHANNEL, message: "EOF while parsing a value at line 1 column 0" };
  expect(rendered(failure("channel-unreadable", facts))).toMatchInlineSnapshot(`
    "[Error: The index of the conda channel https://conda.anaconda.org/conda-froge can't be read]

    Found: something else than an index of packages (repodata.json), or half of one.
    Needed: the channel as its server gives it. A mirror or proxy on the way may have changed it.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    EOF while parsing a value at line 1 column 0"
  `);
});

it("digest-differs", () => {
  const facts = {
    subject: PACKAGE,
    file: "environment.yml",
    isLock: false,
    message: "hash mismatch",
  };
  expect(rendered(failure("digest-differs", facts))).toMatchInlineSnapshot(`
    "[Error: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.2.6-py312_0.conda is not the file that it should be]

    The channel's index names another digest than the file has, or did when this app's lock was
    made. A mirror may be out of step, or something on the way changes files. Once you know why,
    set BP_LOCK_EPOCH to a new value, so that everything is solved anew.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    hash mismatch"
  `);
});

it("engine-ended", () => {
  const how = "was killed (SIGKILL: often the machine or the container ran out of memory)";
  expect(rendered(failure("engine-ended", { how, output: "" }))).toMatchInlineSnapshot(`
    "[Error: The conda engine was killed (SIGKILL: often the machine or the container ran out of memory)]

    Found: py-rattler, which solves and installs the environment, ended before it was done.
    Needed: enough memory for the build; the index of a channel as large as conda-forge alone
    takes hundreds of megabytes. Docker Desktop has a limit of its own, and so have CI jobs.

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});

it("engine-failed", () => {
  expect(rendered(failure("engine-failed", { message: "KeyError: 'x'" }))).toMatchInlineSnapshot(`
    "[Error: The conda environment could not be made]

    py-rattler failed for a reason that this buildpack does not know.

    This is a fault of the buildpack, not of your app. Please report it, with the log above, at
    https://github.com/ml-buildpacks/ml-buildpacks/issues

    Details:
    KeyError: 'x'"
  `);
});

it("engine-missing", () => {
  expect(rendered(failure("engine-missing", {}))).toMatchInlineSnapshot(`
    "[Error: The build image has no conda engine]

    Found: no py-rattler in the build image at /usr/share/ml-buildpacks/conda-engine.
    Needed: a builder with the suite's own build image, such as ml-buildpacks/builder:cpu.

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});

it("environment-unknown", () => {
  const facts = { file: "pixi.lock", environments: ["cpu", "cuda"], asked: undefined };
  expect(rendered(failure("environment-unknown", facts))).toMatchInlineSnapshot(`
    "[Error: pixi.lock has several environments, and none is called default]

    Found: cpu and cuda
    Needed: one of them, by the setting BP_PIXI_ENVIRONMENT

    For example, in project.toml:

      [[io.buildpacks.build.env]]
      name = "BP_PIXI_ENVIRONMENT"
      value = "cpu""
  `);
  expect(rendered(failure("environment-unknown", { ...facts, asked: "gpu" })))
    .toMatchInlineSnapshot(`
    "[Error: pixi.lock has no environment called gpu]

    Found: cpu and cuda
    Needed: one of them, by the setting BP_PIXI_ENVIRONMENT

    For example, in project.toml:

      [[io.buildpacks.build.env]]
      name = "BP_PIXI_ENVIRONMENT"
      value = "cpu""
  `);
});

it("file-invalid", () => {
  const facts = { file: "environment.yml", problems: [PROBLEM, PROBLEM] };
  expect(rendered(failure("file-invalid", facts))).toMatchInlineSnapshot(`
    "[Error: The conda environment can't be read from environment.yml]

    environment.yml, line 4: - numpy >> 2
      Write one of the operators ==, >=, <=, >, < and !=.

    environment.yml, line 4: - numpy >> 2
      Write one of the operators ==, >=, <=, >, < and !=."
  `);
});

it("file-invalid, of conda's configuration", () => {
  const problem = {
    origin: { file: ".condarc", line: 2 },
    line: "channel_priority: high",
    needed: "The priority is strict, flexible or disabled",
  };
  const thrown = failure("file-invalid", { file: ".condarc", problems: [problem] });
  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: conda's configuration can't be read from .condarc]

    .condarc, line 2: channel_priority: high
      The priority is strict, flexible or disabled."
  `);
});

it("hardware-unfit", () => {
  const problem = {
    origin: { file: "hardware.txt", line: 2 },
    line: "driver==470",
    needed: "CUDA 12.8 needs a driver of 570.26 or newer",
  };
  expect(rendered(failure("hardware-unfit", { problems: [problem] }))).toMatchInlineSnapshot(`
    "[Error: The hardware and what is to run on it do not go together]

    hardware.txt, line 2: driver==470
      CUDA 12.8 needs a driver of 570.26 or newer."
  `);
});

it("inputs-invalid", () => {
  const setting = {
    origin: { file: "BP_CONDA_MIRRORS" },
    line: "conda-forge",
    needed: "A channel, '=' and an address are needed",
  };
  const thrown = failure("inputs-invalid", { problems: [PROBLEM, setting] });
  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: The conda environment can't be made as it is asked for]

    environment.yml, line 4: - numpy >> 2
      Write one of the operators ==, >=, <=, >, < and !=.

    BP_CONDA_MIRRORS: conda-forge
      A channel, '=' and an address are needed."
  `);
});

it("link-failed", () => {
  const facts = { subject: "numpy", message: "failed to link numpy-2.2.6-py312_0.conda" };
  expect(rendered(failure("link-failed", facts))).toMatchInlineSnapshot(`
    "[Error: numpy could not be installed]

    Its files could not be put into the environment. Another build of the package may do: name
    its version and build in the environment file, as in name=1.2=build.

    Details:
    failed to link numpy-2.2.6-py312_0.conda"
  `);
});

it("lock-file-unreadable", () => {
  const facts = { file: "pixi.lock", message: "unknown field at line 3" };
  expect(rendered(failure("lock-file-unreadable", facts))).toMatchInlineSnapshot(`
    "[Error: The lock file pixi.lock can't be read]

    Needed: a lock file as its program writes it; merge conflicts and edits by hand break it.
    Make it again.

    Details:
    unknown field at line 3"
  `);
});

it("match-spec", () => {
  const facts = {
    spec: "numpy >> 2",
    where: "Found in environment.yml, line 4: numpy >> 2",
    message: "invalid version spec: >> 2",
  };
  expect(rendered(failure("match-spec", facts))).toMatchInlineSnapshot(`
    "[Error: conda does not understand 'numpy >> 2']

    Found in environment.yml, line 4: numpy >> 2
    invalid version spec: >> 2

    Needed: a package's name, and what is asked of its version, as in numpy, numpy>=2,
    numpy=2.2.* or conda-forge::numpy=2.2"
  `);
});

it("not-for-platform", () => {
  const facts = {
    ...{ file: "conda-lock.yml", platform: "linux-64", platforms: ["osx-arm64", "win-64"] },
    command: "conda-lock lock --platform linux-64",
  };
  expect(rendered(failure("not-for-platform", facts))).toMatchInlineSnapshot(`
    "[Error: conda-lock.yml is not locked for linux-64]

    Found: osx-arm64 and win-64
    Needed: linux-64, on which the image runs

    Add it and lock again:

      conda-lock lock --platform linux-64"
  `);
});

it("package-gone", () => {
  const facts = { subject: PACKAGE, file: "environment.yml", isLock: false };
  expect(rendered(failure("package-gone", facts))).toMatchInlineSnapshot(`
    "[Error: The channel does not have https://conda.anaconda.org/conda-forge/linux-64/numpy-2.2.6-py312_0.conda]

    The channel's index names it, or did when this app's lock was made.
    1. Set BP_LOCK_EPOCH to a new value, so that everything is solved anew.
    2. Check that the channel's mirror, if there is one, has all of it."
  `);
  const ofLock = { ...facts, file: "conda-lock.yml", isLock: true };
  expect(rendered(failure("package-gone", ofLock))).toMatchInlineSnapshot(`
    "[Error: The channel does not have https://conda.anaconda.org/conda-forge/linux-64/numpy-2.2.6-py312_0.conda]

    conda-lock.yml names it.
    1. Make conda-lock.yml again.
    2. Check that the channel's mirror, if there is one, has all of it."
  `);
});

it("package-unreadable", () => {
  const facts = { subject: PACKAGE, message: "unexpected end of file" };
  expect(rendered(failure("package-unreadable", facts))).toMatchInlineSnapshot(`
    "[Error: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.2.6-py312_0.conda could not be downloaded whole]

    Found: it ended too early, or is no archive, however often it was tried.
    Needed: a connection to the channel that lasts; a proxy on the way may limit the size of files.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    unexpected end of file"
  `);
});

it("python-free-threaded", () => {
  const thrown = failure("python-free-threaded", { file: "environment.yml" });
  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: pip can't install packages on a Python without the GIL yet]

    Found: the free-threaded build of Python, by environment.yml, and packages for pip
    Needed: the usual build, or no packages for pip

    1. For the usual build write python-gil beside python; without python-freethreading, that is
       what a solve gives.
    2. Many of pip's packages are there as conda packages, too."
  `);
});

it("python-missing", () => {
  const facts = { file: "conda-linux-64.lock", wanted: "requirements.txt" };
  expect(rendered(failure("python-missing", facts))).toMatchInlineSnapshot(`
    "[Error: conda-linux-64.lock has no Python for what pip is to install]

    Found: packages for pip in requirements.txt, and no python among the packages of conda
    Needed: python in conda-linux-64.lock, on which they are installed"
  `);
});

it("settings-invalid", () => {
  const problem = {
    origin: { file: "BP_CONDA_ENVIRONMENT" },
    line: "envs/prd.yml",
    needed: "There is no file envs/prd.yml in the app. Did you mean envs/prod.yml?",
  };
  const thrown = failure("settings-invalid", { problems: [problem] });
  expect(rendered(thrown)).toMatchInlineSnapshot(`
    "[Error: BP_CONDA_ENVIRONMENT can't be used as set]

    BP_CONDA_ENVIRONMENT: envs/prd.yml
      There is no file envs/prd.yml in the app. Did you mean envs/prod.yml?"
  `);
});

it("unreachable", () => {
  const facts = { url: CHANNEL, message: "dns error: failed to lookup address information" };
  expect(rendered(failure("unreachable", facts))).toMatchInlineSnapshot(`
    "[Error: Conda packages could not be downloaded from conda.anaconda.org]

    Needed: a network in which the build reaches conda.anaconda.org. Behind a proxy, set HTTP_PROXY,
    HTTPS_PROXY and NO_PROXY for the build; for a mirror of the channel, BP_CONDA_MIRRORS.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    dns error: failed to lookup address information"
  `);
});

it("unsolvable", () => {
  const facts = {
    file: "environment.yml",
    explanation: "No candidates were found for nmpy",
    found: ["Found in environment.yml, line 4: nmpy"],
    advice: ["nmpy: did you mean numpy?"],
  };
  expect(rendered(failure("unsolvable", facts))).toMatchInlineSnapshot(`
    "[Error: No set of packages fits what environment.yml asks for]

    No candidates were found for nmpy

    Found in environment.yml, line 4: nmpy

    - nmpy: did you mean numpy?"
  `);
});
