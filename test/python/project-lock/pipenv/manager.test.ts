import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/kit/hash.ts";
import { Failure, renderMessage } from "../../../../src/kit/failure.ts";
import { pipenv } from "../../../../src/python/project-lock/pipenv/manager.ts";
import { pipfileHashes } from "../../../../src/python/project-lock/pipenv/pipfile-hash.ts";
import { readPipfile } from "../../../../src/python/project-lock/pipenv/pipfile.ts";
import { writeFiles } from "../../../support/phase.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const PIPFILE = `[packages]
mylib = "*"

[dev-packages]
devlib = "*"

[Docs]
doclib = "*"

[requires]
python_version = "3.13"
`;

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("the hash of a Pipfile", () => {
  // What Pipenv 2026.10.3 and 2023.6.2 wrote.
  it("is computed as by the newer and the older versions", async () => {
    const app = await temporaryDirectory();
    const Pipfile = `[[source]]
url = "https://pypi.org/simple"
verify_ssl = true
name = "pypi"

[[source]]
url = "https://pypi.org/simple/"
verify_ssl = true
name = "private"

[packages]
Requests = {extras = ["socks"], version = ">=2.31"}
colorama = {version = "*", markers = "sys_platform == 'win32'"}
six = {version = "==1.16.0", index = "private"}
mylib = {path = "./libs/mylib", editable = true}
idna = {file = "https://files.pythonhosted.org/packages/e5/3e/741d8c82801c347547f8a2a06aa57dbb1992be9e948df2ea0eda2c8b79e8/idna-3.7-py3-none-any.whl"}

[dev-packages]
iniconfig = "*"

[Doc-S]
packaging = "*"

[requires]
python_version = "3.11"
`;
    await writeFiles(app, { Pipfile });

    expect(pipfileHashes(await readPipfile(app)).slice(0, 2)).toEqual([
      "e87061121cd3b458f55c1166e538deb73ab429c0f2abbcaaba5511233087ac4d",
      "8ea9fb7cd0f8ab579a9602e55b55703522c9d7094fd7e1c6b7af9767850579c9",
    ]);
  });
});

describe("what is installed", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["the main packages alone", [], ["mylib"]],
    ["those for development", ["dev-packages"], ["devlib", "mylib"]],
    ["the same by other names", ["dev", "develop"], ["devlib", "mylib"]],
    ["a category of one's own", ["Docs"], ["doclib", "mylib"]],
  ])("is %s", async (_what, groups, expected) => {
    const { packages } = await select({ groups });

    expect(packages.map(({ name }) => name).sort()).toEqual(expected);
  });

  it.each<[string, object, object]>([
    ["a directory", { editable: true, path: "./libs/my" }, { directory: { path: "./libs/my" } }],
    ["the app itself", { editable: true, path: "." }, { directory: { path: "." } }],
    [
      "a repository",
      { git: "https://git.example/my.git", ref: COMMIT, subdirectory: "python" },
      {
        vcs: {
          type: "git",
          url: "https://git.example/my.git",
          "commit-id": COMMIT,
          subdirectory: "python",
        },
      },
    ],
    [
      "a repository with its branch in the address",
      { editable: true, git: "git+https://git.example/my.git@main", ref: COMMIT },
      { vcs: { type: "git", url: "https://git.example/my.git", "commit-id": COMMIT } },
    ],
    [
      "a repository with a variable and a branch in its address",
      { git: "https://${TOKEN}@git.example/my.git@feature/new", ref: COMMIT },
      { vcs: { type: "git", url: "https://${TOKEN}@git.example/my.git", "commit-id": COMMIT } },
    ],
    [
      "a repository by SSH",
      { git: "git@git.example:team/my.git", ref: COMMIT },
      { vcs: { type: "git", url: "ssh://git@git.example/team/my.git", "commit-id": COMMIT } },
    ],
    [
      "an archive's address with its one digest",
      { file: "https://files.example/my-1.0.zip", hashes: [`sha256:${"ab".repeat(32)}`] },
      {
        archive: { url: "https://files.example/my-1.0.zip", hashes: { sha256: "ab".repeat(32) } },
      },
    ],
    [
      "an archive of the app, without a digest",
      { path: "wheels/my-1.0.tar.gz", version: "==1.0" },
      {
        version: "1.0",
        archive: { path: "wheels/my-1.0.tar.gz", hashes: { sha256: sha256("archive") } },
      },
    ],
  ])("may be %s", async (_what, entry, expected) => {
    const { packages } = await select({ entry });

    expect(packages).toEqual([{ name: "mylib", ...expected }]);
  });

  it("is not what is for another platform", async () => {
    const entry = { version: "*", markers: "sys_platform == 'win32'" };

    expect(await select({ entry })).toEqual({ packages: [], notes: [] });
  });

  it("is told where the Pipfile asks for another Python", async () => {
    expect((await select({ version: "3.12.1" })).notes).toEqual([
      "Using Python 3.12.1, while Pipfile asks for 3.13",
    ]);
  });
});

describe("what decides", () => {
  it("are the files that are there, and the archives of the app", async () => {
    const app = await temporaryDirectory();
    const entries = {
      mine: { path: "./wheels/my-1.0.tar.gz" },
      same: { file: "wheels/my-1.0.tar.gz" },
      gone: { path: "wheels/gone-1.0.tar.gz" },
      outside: { path: "../my-1.0.tar.gz" },
      remote: { file: "https://files.example/my-1.0.tar.gz" },
      directory: { path: "wheels" },
    };
    const lock = JSON.stringify({ _meta: {}, default: {}, develop: entries });
    await writeFiles(app, { "Pipfile.lock": lock, "wheels/my-1.0.tar.gz": "archive" });

    expect(await pipenv.files(app)).toEqual(["Pipfile.lock"]);
    expect(await pipenv.archives?.(app)).toEqual(["wheels/my-1.0.tar.gz"]);
  });
});

describe("what can't be installed", () => {
  it.each<[string, Asked, readonly [title: string, found: string]]>([
    [
      "a lock of another Pipfile",
      { hash: "00" },
      [
        "Pipfile.lock is not the lock of this Pipfile",
        "Found: the hash 00 in Pipfile.lock; that of Pipfile is 5ef515ad6e324c4384e7db3f6aac812c6123b812ce7508804c503478ea5134dc.",
      ],
    ],
    [
      "a group that is not there",
      { groups: ["doc"] },
      ["Pipfile has no dependency group doc", "Found: BP_GROUPS names doc."],
    ],
    ["an extra", { extras: ["gpu"] }, ["Pipfile has no extra gpu", "Found: BP_EXTRAS names gpu."]],
    [
      "a lock alone",
      { files: { Pipfile: undefined } },
      ["Pipfile.lock lies alone", "Found: Pipfile.lock, and no Pipfile beside it."],
    ],
    [
      "a Pipfile that is no TOML",
      { files: { Pipfile: "[packages\n" } },
      [
        "Pipfile can't be read",
        "Found in line 1: '[packages' is not TOML: Unexpected character, expected whitespace, . or ].",
      ],
    ],
    [
      "a lock that is no JSON",
      { files: { "Pipfile.lock": '{\n  "_meta": {,\n' } },
      ["Pipfile.lock can't be read", `Found in line 2: '"_meta": {,' is not JSON there`],
    ],
    [
      "a lock that was cut off",
      { files: { "Pipfile.lock": '{\n  "_meta": {\n' } },
      ["Pipfile.lock can't be read", `Found in line 2: '"_meta": {' is not JSON there`],
    ],
    [
      "a merge conflict",
      { files: { "Pipfile.lock": '{\n<<<<<<< HEAD\n  "a": 1\n' } },
      [
        "Pipfile.lock can't be read",
        "Found in line 2: The file has an unsolved merge conflict; keep one side and remove the marks",
      ],
    ],
    [
      "a lock of another form",
      { files: { "Pipfile.lock": '{"default": {}}' } },
      ["Pipfile.lock can't be read", "Found: _meta is not of the expected form"],
    ],
    [
      "a package that was not locked",
      { entry: { version: "*" } },
      [
        "Pipfile.lock can't be read",
        'Found: mylib with the version "*": its marker did not hold where the lock was made, and holds here',
      ],
    ],
    [
      "an unknown index",
      { entry: { version: "==1.0", index: "own" } },
      [
        "Pipfile.lock can't be read",
        'Found: mylib of the index "own", which is no source of the lock',
      ],
    ],
    [
      "a marker that is none",
      { entry: { version: "==1.0", markers: "python = 3" } },
      ["Pipfile.lock can't be read", "Found: '= 3' can't be read in: python = 3"],
    ],
    [
      "a package of two versions",
      { groups: ["Docs"], sections: { Docs: { mylib: { path: "other" } } } },
      [
        "Pipfile.lock can't be read",
        'Found: mylib my in "default" and mylib other in "Docs", both for this Python and platform with these groups and extras',
      ],
    ],
  ])("%s", async (_what, asked, [title, found]) => {
    const error: unknown = await select(asked).catch((reason: unknown) => reason);
    const text = error instanceof Failure ? renderMessage(error.userMessage) : String(error);

    expect(text.split("\n").slice(0, 3)).toEqual([`[Error: ${title}]`, "", found]);
  });
});

interface Asked {
  readonly groups?: readonly string[];
  readonly extras?: readonly string[];
  /** Of the package mylib. */
  readonly entry?: object;
  readonly sections?: object;
  readonly hash?: string;
  readonly version?: string;
  readonly files?: Readonly<Record<string, string | undefined>>;
}

async function select(asked: Asked) {
  const { groups = [], extras = [], entry = { path: "my" }, version = "3.13.5" } = asked;
  const app = await temporaryDirectory();
  await writeFiles(app, { Pipfile: PIPFILE });
  const [hash] = pipfileHashes(await readPipfile(app));
  const lock = {
    _meta: { hash: { sha256: asked.hash ?? hash }, sources: [] },
    default: { mylib: entry },
    develop: { devlib: { path: "dev" } },
    Docs: { doclib: { path: "doc" } },
    ...asked.sections,
  };
  const all: Record<string, string | undefined> = {
    Pipfile: PIPFILE,
    "Pipfile.lock": JSON.stringify(lock),
    "wheels/my-1.0.tar.gz": "archive",
    ...asked.files,
  };
  const there = await temporaryDirectory();
  await writeFiles(
    there,
    Object.fromEntries(
      Object.entries(all).flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
    ),
  );
  return await pipenv.select({
    appDir: there,
    interpreter: { path: "/usr/bin/python3", version, minor: "3.13", recreate: undefined },
    arch: "amd64",
    groups,
    extras,
    place: { env: {}, cache: there, work: there, netrc: undefined, placesOf: (url) => [url] },
  });
}
