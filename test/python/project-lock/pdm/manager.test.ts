import { describe, expect, it } from "vitest";
import { Failure, renderMessage } from "../../../../src/kit/failure.ts";
import { sha256 } from "../../../../src/kit/hash.ts";
import { parseToml } from "../../../../src/cnb/toml.ts";
import { contentHashes } from "../../../../src/python/project-lock/pdm/content-hash.ts";
import { pdm } from "../../../../src/python/project-lock/pdm/manager.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const PROJECT = `[project]
name = "My.App"
requires-python = ">=3.10"
dependencies = ["alpha[fast]>=1", "on-windows; sys_platform == 'win32'"]

[project.optional-dependencies]
Gpu = ["beta"]
all = ["my-app[gpu]"]

[dependency-groups]
serving = ["gamma", { include-group = "Under" }]
under = ["delta"]

[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"
`;

const SHA = "ab".repeat(32);
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("the hash of a project", () => {
  // What PDM wrote; the development group's name was taken as it is until 2.20.
  it.each<[string, number]>([
    ["01e70d8a503c895fc054647f501e0c2901bdedfbc10b26efce00db914479a36e", 0],
    ["49b24dd1b0fbeb9bda25e0b25e42396cbee34d67ca004b0f5551573ce94f6e6e", 1],
    ["2b1859b9aec113e80abce2d1e69bc50c2f9c16f8096f072444f7d4f29730af74", 2],
  ])("is %s in one of the versions", (hash, at) => {
    const project = `[project]
requires-python = ">=3.10,<3.14"
dependencies = ["requests[socks]>=2.31", "colorama>=0.4; sys_platform == 'win32'", "tomli>=2; python_version < '3.11'"]

[project.optional-dependencies]
Gpu_Extra = ["six"]
all = ["demo-app[gpu-extra]", "packaging"]

[tool.pdm.dev-dependencies]
Dev_Tools = ["iniconfig", "-e file:///\${PROJECT_ROOT}/libs/mylib#egg=mylib"]
`;
    expect(contentHashes(parseToml(project))[at]).toBe(`sha256:${hash}`);
  });
});

/** Of the strategy that lists no groups. */
const PACKAGES = `
[[package]]
name = "alpha"
version = "1.0"
dependencies = ["zeta; python_version < '3.8'"]
files = [{ file = "alpha-1.0-py3-none-any.whl", hash = "sha256:${SHA}" }]

[[package]]
name = "alpha"
version = "1.0"
extras = ["fast"]
dependencies = ["alpha==1.0", "epsilon"]
files = [{ file = "alpha-1.0-py3-none-any.whl", hash = "sha256:${SHA}" }]

${["beta", "gamma", "delta", "epsilon", "on-windows"].map((name) => `[[package]]\nname = "${name}"\nversion = "1.0"\n`).join("\n")}`;

it("what decides are the files that are there, and the archives of the app", async () => {
  const app = await temporaryDirectory();
  const packages = ["./wheels/alpha.whl", "./gone.whl", "./libs/beta"].map(
    (path) => `[[package]]\nname = "one"\npath = "${path}"\n`,
  );
  const lock = `[metadata]\nlock_version = "4.5.0"\n\n${packages.join("\n")}`;
  await writeFiles(app, { "pdm.lock": lock, "wheels/alpha.whl": "", "libs/beta/setup.py": "" });

  expect(await pdm.files(app)).toEqual(["pdm.lock"]);
  expect(await pdm.archives?.(app)).toEqual(["wheels/alpha.whl"]);
});

describe("what is installed", () => {
  it.each<[string, Asked, readonly string[]]>([
    ["the main dependencies and the app", {}, ["alpha", "epsilon", "my-app"]],
    ["an extra", { extras: ["gpu"] }, ["alpha", "beta", "epsilon", "my-app"]],
    ["an extra that names another", { extras: ["all"] }, ["alpha", "beta", "epsilon", "my-app"]],
    [
      "a group that includes another",
      { groups: ["Serving"] },
      ["alpha", "delta", "epsilon", "gamma", "my-app"],
    ],
    [
      "what is not left out",
      { project: `${PROJECT}[tool.pdm.resolution]\nexcludes = ["Epsilon"]\n` },
      ["alpha", "my-app"],
    ],
    [
      "nothing that only what is left out depends on",
      { project: `${PROJECT}[tool.pdm.resolution]\nexcludes = ["Alpha"]\n` },
      ["my-app"],
    ],
  ])("is %s, where the lock lists no groups", async (_what, asked, expected) => {
    const { packages } = await select({ packages: PACKAGES, ...asked });

    expect(packages.map(({ name }) => name).sort()).toEqual(expected);
  });

  it.each<[string, Asked, readonly string[]]>([
    ["the main dependencies", {}, ["alpha"]],
    ["an extra", { extras: ["gpu"] }, ["alpha", "beta"]],
    ["a group", { groups: ["serving"] }, ["alpha", "gamma"]],
  ])("is %s, where it does", async (_what, asked, expected) => {
    const packages = [
      'name = "alpha"\ngroups = ["default"]',
      'name = "beta"\ngroups = ["Gpu"]',
      'name = "gamma"\ngroups = ["serving"]\nmarker = "sys_platform == \\"linux\\""',
      'name = "delta"\ngroups = ["serving"]\nmarker = "python_version < \\"3.11\\""',
    ].map((text) => `[[package]]\n${text}\nversion = "1.0"\n`);
    const project = `${PROJECT}[tool.pdm]\ndistribution = false\n`;
    const selected = await select({
      ...{ packages: packages.join("\n"), metadata: 'strategy = ["inherit_metadata"]' },
      ...{ project, ...asked },
    });

    expect(selected.packages.map(({ name }) => name).sort()).toEqual(expected);
  });

  it.each<[string, string, object]>([
    [
      "files by name",
      `files = [
        { file = "alpha-1.0.zip", hash = "sha256:${SHA}" },
        { file = "alpha-1.0.tar.gz", hash = "sha256:${SHA}" },
        { file = "alpha-1.0-py3-none-any.whl", hash = "md5:00" },
      ]`,
      {
        version: "1.0",
        index: "https://pypi.org/simple",
        wheels: [{ name: "alpha-1.0-py3-none-any.whl", hashes: { md5: "00" } }],
        sdist: { name: "alpha-1.0.tar.gz", hashes: { sha256: SHA } },
      },
    ],
    [
      "files by address",
      `files = [{ url = "https://files.example/alpha-1.0-py3-none-any.whl", hash = "sha256:${SHA}" }]`,
      {
        version: "1.0",
        wheels: [
          { url: "https://files.example/alpha-1.0-py3-none-any.whl", hashes: { sha256: SHA } },
        ],
      },
    ],
    [
      "a repository",
      `git = "https://git.example/alpha.git"\nref = "main"\nrevision = "${COMMIT}"\nsubdirectory = "python"`,
      {
        version: "1.0",
        vcs: {
          type: "git",
          url: "https://git.example/alpha.git",
          "commit-id": COMMIT,
          subdirectory: "python",
        },
      },
    ],
    [
      "a directory",
      'path = "./libs/alpha"\neditable = true',
      { directory: { path: "./libs/alpha" } },
    ],
    [
      "an archive of the app",
      `path = "./alpha-1.0.zip"\nfiles = [{ url = "file:///build/alpha-1.0.zip", hash = "sha256:${SHA}" }]`,
      { version: "1.0", archive: { path: "./alpha-1.0.zip", hashes: { sha256: SHA } } },
    ],
    [
      "an archive's address",
      `url = "https://files.example/alpha-1.0.zip"\nfiles = [{ file = "alpha-1.0.zip", hash = "sha256:${SHA}" }]`,
      {
        version: "1.0",
        archive: { url: "https://files.example/alpha-1.0.zip", hashes: { sha256: SHA } },
      },
    ],
  ])("may be %s", async (_what, text, expected) => {
    const { packages } = await select({ packages: onlyAlpha(text) });

    expect(packages).toEqual([
      { name: "alpha", ...expected },
      { name: "my-app", directory: { path: "." } },
    ]);
  });

  it("has the files of older locks, which list them by themselves", async () => {
    const files = `[metadata.files]\n"alpha 1.0" = [{ file = "alpha-1.0.zip", hash = "sha256:${SHA}" }]`;
    const { packages } = await select({ packages: onlyAlpha(""), metadata: files });

    expect(packages[0]?.sdist).toEqual({ name: "alpha-1.0.zip", hashes: { sha256: SHA } });
  });

  it.each<[string, string, string | undefined]>([
    [
      "the one that replaces PyPI",
      '[[tool.pdm.source]]\nname = "pypi"\nurl = "https://u:p@a.example/simple/"',
      "https://a.example/simple",
    ],
    [
      "the one that names it",
      '[[tool.pdm.source]]\nname = "own"\nurl = "https://b.example/simple"\ninclude_packages = ["al*"]',
      "https://b.example/simple",
    ],
    [
      "not the one that excludes it",
      '[[tool.pdm.source]]\nname = "own"\nurl = "https://b.example/simple"\nexclude_packages = ["ALPHA"]',
      "https://pypi.org/simple",
    ],
  ])("is of the index: %s", async (_what, sources, expected) => {
    const files = `files = [{ file = "alpha-1.0.zip", hash = "sha256:${SHA}" }]`;
    const { packages } = await select({
      packages: onlyAlpha(files),
      project: `${PROJECT}\n${sources}\n`,
    });

    expect(packages[0]?.index).toBe(expected);
  });

  it.each<[string, string, string]>([
    [
      "no build system",
      PROJECT.replace(/\[build-system\][^]*$/, ""),
      "pyproject.toml has no [build-system]",
    ],
    ["no name", PROJECT.replace(/name = .*\n/, ""), "pyproject.toml gives it no name"],
    [
      "a setting",
      `${PROJECT}[tool.pdm]\npackage-type = "application"\n`,
      "pyproject.toml says that it is no distribution",
    ],
  ])("is not the app itself with %s", async (_what, project, because) => {
    const { notes } = await select({ packages: onlyAlpha(""), project });

    expect(notes).toEqual([`Skipping the app itself because ${because}`]);
  });

  it.each<[string, Asked, string]>([
    ["a newer PDM made", { lockVersion: "4.9.0" }, "lock_version 4.9.0 is newer than this builder"],
    [
      "a workspace has",
      { project: `${PROJECT}[tool.pdm.workspace]\nmembers = ["libs/*"]\n` },
      "it is a workspace's",
    ],
  ])("is what a lock says that %s", async (_what, asked, because) => {
    const { notes } = await select({ packages: onlyAlpha(""), hash: "sha256:00", ...asked });

    expect(notes).toEqual([
      `Using pdm.lock without knowing whether it is the lock of this pyproject.toml: ${because}`,
    ]);
  });
});

const INPUTS = `[metadata.lock_inputs.project.groups]
default = ["alpha[fast]", "on-windows; sys_platform == \\"win32\\""]
gpu = ["beta"]
all = ["beta"]
serving = ["delta", "gamma"]
under = ["delta"]`;

describe("a lock with its inputs", () => {
  it("is that of the project while it asks for the same packages", async () => {
    const { notes } = await select({ packages: PACKAGES, hash: "", metadata: INPUTS });

    expect(notes).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      '"beta"',
      '"beta", "delta"',
      "group gpu is beta in pdm.lock, and beta, delta in pyproject.toml.",
    ],
    ['"beta"', '"beta>=2"', "beta>=2 in pyproject.toml, and no such version in pdm.lock."],
    ["Gpu = ", "Cpu = ", "group gpu in pdm.lock, and none in pyproject.toml."],
    ["under = ", 'new = ["delta"]\nunder = ', "group new in pyproject.toml, and none in pdm.lock."],
  ])("is not, with %s as %s", async (before, after, found) => {
    const project = PROJECT.replace(before, after);
    const asked = { packages: PACKAGES, hash: "", metadata: INPUTS, project };

    expect(await refusalOf(asked)).toEqual([
      "[Error: pdm.lock is not the lock of this pyproject.toml]",
      "",
      `Found: ${found}`,
    ]);
  });
});

describe("what can't be installed", () => {
  it.each<[string, Asked, readonly [title: string, found: string]]>([
    [
      "a lock of another project",
      { hash: "sha256:00" },
      [
        "pdm.lock is not the lock of this pyproject.toml",
        `Found: content_hash = "sha256:00" in pdm.lock; that of pyproject.toml is "${contentHashes(parseToml(PROJECT))[0]}".`,
      ],
    ],
    [
      "a lock without the group",
      { groups: ["serving"], metadata: 'groups = ["default"]' },
      [
        "pdm.lock is not the lock of this pyproject.toml",
        'Found: groups = ["default"] in pdm.lock, without serving.',
      ],
    ],
    [
      "a group that is not there",
      { groups: ["servin"] },
      ["pyproject.toml has no dependency group servin", "Found: BP_GROUPS names servin."],
    ],
    [
      "an extra that is a group",
      { extras: ["serving"] },
      ["pyproject.toml has no extra serving", "Found: BP_EXTRAS names serving."],
    ],
    [
      "a lock of PDM 1",
      { lockVersion: "3.1" },
      [
        "pdm.lock can't be read",
        'Found in line 2: lock_version = "3.1"; those of PDM 2 (4.0 to 4.5) can be read',
      ],
    ],
    [
      "a lock for other platforms",
      {
        metadata:
          'targets = [{ requires_python = ">=3.10", platform = "windows_amd64" }, { requires_python = "==3.10.*" }]',
      },
      [
        "pdm.lock is for another Python or platform",
        "Found: it is for Python >=3.10 on windows_amd64 or Python ==3.10.*. This is Python 3.13.5 on linux/amd64.",
      ],
    ],
    [
      "a package that is missing",
      { packages: PACKAGES.replace('name = "epsilon"', 'name = "other"') },
      ["pdm.lock can't be read", "Found: no package for 'epsilon', which is asked for"],
    ],
    [
      "an editable repository",
      { packages: onlyAlpha('git = "https://git.example/alpha.git"\neditable = true') },
      [
        "pdm.lock can't be read",
        "Found: package alpha of https://git.example/alpha.git without a commit, which PDM locks where 'editable' is not set",
      ],
    ],
    [
      "a wheel of the app that is another one",
      {
        packages: onlyAlpha(
          `path = "./wheels/alpha.whl"\nfiles = [{ file = "alpha.whl", hash = "sha256:${SHA}" }]`,
        ),
        files: { "wheels/alpha.whl": "another" },
      },
      [
        "pdm.lock is not the lock of this pyproject.toml",
        `Found: wheels/alpha.whl with the SHA-256 ${sha256("another")}; that in pdm.lock is ${SHA}.`,
      ],
    ],
    [
      "a package of two versions",
      {
        packages: `${onlyAlpha("")}\n${onlyAlpha("").replace('"1.0"', '"2.0"')}`,
        metadata: 'strategy = ["inherit_metadata"]',
      },
      [
        "pdm.lock can't be read",
        "Found: alpha 1.0 and alpha 2.0, both for this Python and platform with these groups and extras",
      ],
    ],
  ])("%s", async (_what, asked, [title, found]) => {
    expect(await refusalOf({ packages: onlyAlpha(""), ...asked })).toEqual([
      `[Error: ${title}]`,
      "",
      found,
    ]);
  });
});

function onlyAlpha(text: string): string {
  return `[[package]]\nname = "alpha"\nversion = "1.0"\nextras = ["fast"]\n${text}\n`;
}

interface Asked {
  readonly groups?: readonly string[];
  readonly extras?: readonly string[];
  readonly packages?: string;
  /** Of the lock's metadata, besides version and hash. */
  readonly metadata?: string;
  readonly lockVersion?: string;
  /** Empty: none. */
  readonly hash?: string;
  readonly project?: string;
  readonly files?: Readonly<Record<string, string>>;
}

async function refusalOf(asked: Asked): Promise<readonly string[]> {
  const error: unknown = await select(asked).catch((reason: unknown) => reason);
  const text = error instanceof Failure ? renderMessage(error.userMessage) : String(error);
  return text.split("\n").slice(0, 3);
}

async function select(asked: Asked) {
  const { project = PROJECT, lockVersion = "4.5.0", packages = "", metadata = "" } = asked;
  const hash = asked.hash ?? contentHashes(parseToml(project))[0];
  const app = await temporaryDirectory();
  const hashed = hash === "" ? "" : `content_hash = "${hash}"\n`;
  await writeFiles(app, {
    "pyproject.toml": project,
    ...asked.files,
    "pdm.lock": `[metadata]\nlock_version = "${lockVersion}"\n${hashed}${metadata}\n\n${packages}`,
  });
  return await pdm.select({
    appDir: app,
    interpreter: {
      path: "/usr/bin/python3",
      version: "3.13.5",
      minor: "3.13",
      recreate: undefined,
    },
    arch: "amd64",
    groups: asked.groups ?? [],
    extras: asked.extras ?? [],
    place: { env: {}, cache: app, work: app, netrc: undefined, placesOf: (url) => [url] },
  });
}
