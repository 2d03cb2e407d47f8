import { describe, expect, test } from "vitest";
import { readGit } from "../../../src/buildpacks/tags/git.ts";
import { originAddress } from "../../../src/buildpacks/tags/git-remote.ts";
import { createLog } from "../../../src/kit/log.ts";
import { makeApp } from "../../support/apps.ts";
import { valuesOf } from "./messages.ts";

const COMMIT = "3f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4";
const OTHER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const SHA256 = "0123456789abcdef".repeat(4);

async function readApp(files: { readonly [path: string]: string }) {
  const lines: string[] = [];
  const out = (line: string) => lines.push(line.trim());
  const found = await readGit(await makeApp(files), createLog({ out, err: out, debug: true }));
  expect(found.problems).toEqual([]);
  return { labels: valuesOf(found), lines };
}

describe("the commit", () => {
  test.each<[string, { readonly [path: string]: string }, string | undefined]>([
    ["of a branch", { HEAD: "ref: refs/heads/main\n", "refs/heads/main": `${COMMIT}\n` }, COMMIT],
    [
      "of a branch with slashes",
      { HEAD: "ref: refs/heads/feature/a-b\n", "refs/heads/feature/a-b": `${COMMIT}\n` },
      COMMIT,
    ],
    ["that is checked out by itself", { HEAD: `${COMMIT}\n` }, COMMIT],
    ["of SHA-256", { HEAD: `${SHA256}\n` }, SHA256],
    [
      "of a packed branch",
      {
        HEAD: "ref: refs/heads/main\n",
        "packed-refs": `# pack-refs with: peeled fully-peeled sorted\n${OTHER} refs/heads/other\n${COMMIT} refs/heads/main\n^${OTHER}\n`,
      },
      COMMIT,
    ],
    [
      "of a branch that is newer than the packed one",
      {
        HEAD: "ref: refs/heads/main\n",
        "refs/heads/main": COMMIT,
        "packed-refs": `${OTHER} refs/heads/main\n`,
      },
      COMMIT,
    ],
    [
      "of a name for another name",
      { HEAD: "ref: refs/x\n", "refs/x": "ref: refs/heads/main\n", "refs/heads/main": COMMIT },
      COMMIT,
    ],
    ["of a shallow clone", { HEAD: COMMIT, shallow: `${COMMIT}\n` }, COMMIT],
    ["before the first one", { HEAD: "ref: refs/heads/main\n" }, undefined],
    [
      "in a reftable",
      { HEAD: "ref: refs/heads/.invalid\n", "refs/heads": "this repo…\n" },
      undefined,
    ],
    ["of an empty .git", { config: "" }, undefined],
    ["of names without end", { HEAD: "ref: refs/x\n", "refs/x": "ref: refs/x\n" }, undefined],
    ["of another file", { HEAD: "ref: refs/../../secret\n" }, undefined],
    ["of no name", { HEAD: "hello\n" }, undefined],
  ])("%s", async (_what, files, expected) => {
    const inGit = Object.entries(files).map(([path, text]) => [`.git/${path}`, text] as const);

    const { labels, lines } = await readApp({ ...Object.fromEntries(inGit), secret: `${OTHER}\n` });

    expect(labels["org.opencontainers.image.revision"]).toBe(expected);
    expect(lines).toEqual(
      expected === undefined ? ["Skipping the commit because .git does not say it"] : [],
    );
  });

  test("of a worktree or a submodule is not in the app", async () => {
    expect(await readApp({ ".git": "gitdir: ../.git/modules/cats\n" })).toEqual({
      labels: {},
      lines: ["Skipping .git because it is a file that names a repository outside of the app"],
    });
  });

  test("of no repository", async () => {
    expect(await readApp({ "main.py": "" })).toEqual({ labels: {}, lines: [] });
  });
});

describe("the source", () => {
  test.each([
    ["https://git.example.com/team/cats", "https://git.example.com/team/cats"],
    ["https://git.example.com/team/cats.git", "https://git.example.com/team/cats"],
    ["https://git.example.com:8443/cats.git/", "https://git.example.com:8443/cats"],
    ["http://git/cats", "http://git/cats"],
    ["https://ci:hunter22@git.example.com/cats", "https://git.example.com/cats"],
    ["https://hunter22@git.example.com/cats", "https://git.example.com/cats"],
    ["https://git.example.com/cats?private_token=hunter22#x", "https://git.example.com/cats"],
    ["git@git.example.com:team/cats.git", "https://git.example.com/team/cats"],
    ["git.example.com:cats.git", "https://git.example.com/cats"],
    ["git@git.example.com:/srv/cats.git", "https://git.example.com/srv/cats"],
    ["ssh://git@git.example.com:2222/team/cats.git", "https://git.example.com/team/cats"],
    ["ssh://me:hunter22@git.example.com/cats.git", "https://git.example.com/cats"],
    ["git://git.example.com/cats.git", "https://git.example.com/cats"],
    ["git@work:team/cats.git", undefined],
    ["my.name:hunter22@git.example.com:cats.git", undefined],
    ["https://ci:123/hunter22@git.example.com/cats", undefined],
    ["https://ci:p/hunter22@git.example.com/cats", undefined],
    ["/srv/git/cats.git", undefined],
    ["../cats", undefined],
    ["C:/work/cats", undefined],
    ["file:///srv/git/cats.git", undefined],
    ["ext::sh -c run", undefined],
  ])("%s is told as %s", (url, expected) => {
    expect(originAddress(`[remote "origin"]\n\turl = ${url}\n`)).toBe(expected);
  });

  test("is that of the remote called origin", () => {
    const config = `[core]
	bare = false
[remote "upstream"]
	url = https://git.example.com/upstream
; [remote "origin"]
[Remote "origin"]
	fetch = +refs/heads/*:refs/remotes/origin/*
	URL = "https://git.example.com/cats" ; ours
	url = https://git.example.com/second
[branch "main"]
	remote = origin
`;

    expect(originAddress(config)).toBe("https://git.example.com/cats");
    expect(originAddress('[remote "upstream"]\nurl = https://git.example.com/x\n')).toBeUndefined();
  });

  test("may be all that is known", async () => {
    const config = '[remote "origin"]\n\turl = https://git.example.com/cats # public\n';

    expect((await readApp({ ".git/config": config })).labels).toEqual({
      "org.opencontainers.image.source": "https://git.example.com/cats",
    });
  });
});
