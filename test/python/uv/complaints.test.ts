import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { findComplaint } from "../../../src/python/uv/complaints.ts";

// Recorded from uv 0.13.9 in the build image; hosts and directories were replaced.
const RECORDED = new URL("../../fixtures/uv-output/", import.meta.url);

test("everything that was recorded is recognised", async () => {
  const names = (await readdir(RECORDED)).sort();

  const found = await Promise.all(
    names.map(async (name) => {
      const complaint = findComplaint(await readFile(new URL(name, RECORDED), "utf8"));
      const { kind, ...facts } = complaint as { kind: string } & Record<string, unknown>;
      const { explanation: _explanation, output: _output, ...rest } = facts;
      return `${name}: ${kind} ${JSON.stringify(rest)}`;
    }),
  );

  expect(found).toMatchInlineSnapshot(`
    [
      "bad-build-requires.txt: build-requirements {"requirements":"setuptoolz"}",
      "build-directory.txt: build-failed {"source":"service @ file:///app","name":"service"}",
      "build-failed.txt: build-failed {"source":"sklearn==0.0.post12","name":"sklearn"}",
      "build-too-old.txt: build-failed {"source":"functools32==3.2.3.post2","name":"functools32"}",
      "dns.txt: unreachable {"url":"https://index.invalid/simple/six/","reason":"its name can't be resolved"}",
      "findlinks-404.txt: http-status {"url":"https://packages.example.com/nothing","status":"404"}",
      "git-host.txt: git {"url":"https://github.invalid/a/b","reason":"no-host"}",
      "git-missing-ref.txt: git {"url":"file:///workspace/gitrepo","ref":"v9","reason":"no-ref"}",
      "git-missing.txt: git {"url":"file:///workspace/nope.git","reason":"no-repository"}",
      "git-ssh.txt: git {"url":"ssh://git@github.com/a/b.git","reason":"no-ssh"}",
      "hash-mismatch-python.txt: hash-mismatch {"file":"cpython-3.13.1-linux-x86_64-gnu","expected":"0000000000000000000000000000000000000000000000000000000000000000","found":"e9f7c71c2ae830b82c5c838018ca753be5f1f154197431d3b297f813bd57421e"}",
      "hash-mismatch.txt: hash-mismatch {"file":"itsdangerous 2.2.0","expected":"0000000000000000000000000000000000000000000000000000000000000000","found":"c6242fc49e35958c8b15141343aa660db5fc54d4f13a1db01a3f5891b98700ef"}",
      "marker.txt: not-a-requirement {"issue":"Expected a quoted string or a valid marker name, found \`python_verson\`","line":"six; python_verson > \\"3\\""}",
      "name-mismatch.txt: name-differs {"asked":"fooz","found":"foo"}",
      "needs-newer-python.txt: needs-other-python {"name":"onlynew","version":"1.0","needed":">=3.14"}",
      "no-such-package.txt: no-such-package {"name":"cv2"}",
      "no-such-version-range.txt: no-such-version {"name":"six"}",
      "no-such-version.txt: no-such-version {"name":"numpy"}",
      "no-wheel-for-platform.txt: no-wheel-for-platform {"name":"onlywin","platforms":["win_amd64"]}",
      "no-wheel-for-python.txt: no-wheel-for-python {"name":"tensorflow","version":"2.12.0","tags":["cp38","cp39","cp310","cp311"]}",
      "not-a-wheel.txt: not-a-requirement {"issue":"Expected direct URL (\`https://packages.example.com/simple/foo/index.html\`) to end in a supported file extension: \`.whl\`, \`.tar.gz\`, \`.zip\`, \`.tar.bz2\`, \`.tar.lz\`, \`.tar.lzma\`, \`.tar.xz\`, \`.tar.zst\`, \`.tar\`, \`.tbz\`, \`.tgz\`, \`.tlz\`, or \`.txz\`","line":"x @ https://packages.example.com/simple/foo/index.html"}",
      "not-found-or-denied.txt: no-such-package {"name":"foo"}",
      "only-binary.txt: only-source {"name":"docopt"}",
      "proxy.txt: unreachable {"url":"https://pypi.org/simple/idna/","reason":"the proxy does not answer or refuses"}",
      "refused.txt: unreachable {"url":"http://packages.example.com/simple/six/","reason":"it refuses connections"}",
      "remote-constraints.txt: remote-file {"url":"https://packages.example.com/nothing.txt"}",
      "tls.txt: tls {"url":"https://pypi.org/simple/six/"}",
      "torch-local-version.txt: no-such-version {"name":"torch"}",
      "two-urls.txt: conflicting-urls {"name":"foo","urls":["https://packages.example.com/simple/foo/foo-1.0-py3-none-any.whl","https://packages.example.com/simple/foo/foo-2.0-py3-none-any.whl"]}",
      "unsatisfiable.txt: unsatisfiable {}",
      "url-404.txt: http-status {"url":"https://packages.example.com/none/foo-1.0-py3-none-any.whl","status":"404"}",
    ]
  `);
});

test("uv's chain of reasons is given without its marks", async () => {
  const output = await readFile(new URL("unsatisfiable.txt", RECORDED), "utf8");

  expect(findComplaint(output)).toMatchInlineSnapshot(`
    {
      "explanation": "Because flask==3.0.0 depends on werkzeug>=3.0.0 and you require flask==3.0.0, we can conclude that you require werkzeug>=3.0.0.
    And because you require werkzeug<2, we can conclude that your requirements are unsatisfiable.",
      "kind": "unsatisfiable",
    }
  `);
});

test("a build's own words are given without uv's", async () => {
  const output = await readFile(new URL("build-too-old.txt", RECORDED), "utf8");

  expect(findComplaint(output)).toMatchInlineSnapshot(`
    {
      "kind": "build-failed",
      "name": "functools32",
      "output": "This backport is for Python 2.7 only.",
      "source": "functools32==3.2.3.post2",
    }
  `);
});

test("what is not known is said to be so", () => {
  expect(findComplaint("error: something new")).toEqual({ kind: "unknown" });
});
