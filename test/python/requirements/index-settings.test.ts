import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Binding } from "../../../src/cnb/bindings.ts";
import type { Env } from "../../../src/cnb/env.ts";
import { readIndexSettings } from "../../../src/python/requirements/index-settings.ts";
import { describeProblem } from "../../../src/kit/wrong-lines.ts";
import { makeBindings } from "../../support/bindings.ts";
import { messageOf } from "../../support/failure-message.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function read(
  env: Env,
  files: Readonly<Record<string, string>> = {},
  bindings: readonly Binding[] = [],
) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "wheels/README": "", "limits.txt": "", ...files });
  const { used, ...rest } = await readIndexSettings({ appDir, env, bindings });
  return {
    ...rest,
    settings: used.map(({ setting }) => setting),
    used: used.map(({ line }) => line),
  };
}

describe("pip's and uv's variables", () => {
  test("are translated, and each is told", async () => {
    const settings = await read({
      PIP_INDEX_URL: "https://a.example/simple",
      PIP_EXTRA_INDEX_URL: "https://b.example/simple https://me:secret@c.example/simple",
      PIP_FIND_LINKS: "./wheels https://d.example/links.html",
      PIP_CONSTRAINT: "limits.txt https://e.example/limits.txt",
      PIP_TRUSTED_HOST: "a.example b.example",
      PIP_NO_INDEX: "1",
      PIP_PRE: "true",
      PIP_NO_BINARY: "numpy,pandas",
      PIP_ONLY_BINARY: ":all:",
      PIP_PREFER_BINARY: "yes",
      PIP_REQUIRE_HASHES: "0",
      UV_INDEX: "internal=https://f.example/simple",
    });

    expect(settings.used).toMatchInlineSnapshot(`
      [
        "Using index-url https://a.example/simple (from PIP_INDEX_URL)",
        "Using extra-index-url https://b.example/simple (from PIP_EXTRA_INDEX_URL)",
        "Using extra-index-url https://c.example/simple (from PIP_EXTRA_INDEX_URL)",
        "Using find-links ./wheels (from PIP_FIND_LINKS)",
        "Using find-links https://d.example/links.html (from PIP_FIND_LINKS)",
        "Using no-index 1 (from PIP_NO_INDEX)",
        "Using trusted-host a.example b.example (from PIP_TRUSTED_HOST)",
        "Using constraint limits.txt (from PIP_CONSTRAINT)",
        "Using constraint https://e.example/limits.txt (from PIP_CONSTRAINT)",
        "Using pre true (from PIP_PRE)",
        "Using no-binary numpy,pandas (from PIP_NO_BINARY)",
        "Using only-binary :all: (from PIP_ONLY_BINARY)",
        "Using prefer-binary yes (from PIP_PREFER_BINARY)",
        "Using extra-index-url https://f.example/simple (from UV_INDEX)",
      ]
    `);
    expect(settings.settings).toMatchInlineSnapshot(`
      [
        "index-url",
        "extra-index-url",
        "extra-index-url",
        "find-links",
        "find-links",
        "no-index",
        "trusted-host",
        "constraint",
        "constraint",
        "pre",
        "no-binary",
        "only-binary",
        "prefer-binary",
        "extra-index-url",
      ]
    `);
    expect(settings.options).toMatchObject({
      noIndex: true,
      pre: true,
      preferBinary: true,
      requireHashes: false,
      noBinary: ["numpy", "pandas"],
      onlyBinary: [":all:"],
    });
    expect(settings.constraints).toEqual(["limits.txt"]);
    expect(settings.remoteConstraints).toEqual(["https://e.example/limits.txt"]);
    expect(settings.credentials).toMatchObject([
      { host: "c.example", login: "me", password: "secret", origin: { kind: "variable" } },
    ]);
    expect(JSON.stringify([settings.options, settings.used])).not.toContain("secret");
  });

  test("that name what the build does not have are told, and have no effect", async () => {
    const settings = await read({ PIP_FIND_LINKS: "/opt/wheels", PIP_CONSTRAINT: "../limits.txt" });

    expect(settings.notes).toMatchInlineSnapshot(`
      [
        "Skipping /opt/wheels (from PIP_FIND_LINKS) because the build has no such directory; only the app's files are there",
        "Skipping ../limits.txt (from PIP_CONSTRAINT) because the build has no such file; only the app's files are there",
      ]
    `);
    expect(settings.options.findLinks).toEqual([]);
    expect(settings.constraints).toEqual([]);
  });

  test("that are empty are not set", async () => {
    expect((await read({ PIP_INDEX_URL: "", PIP_EXTRA_INDEX_URL: " " })).used).toEqual([]);
  });

  test("that are no address are a problem", async () => {
    const { problems } = await read({ PIP_INDEX_URL: "pypi.org/simple" });

    expect(problems).toMatchObject([
      { origin: { file: "PIP_INDEX_URL" }, line: "pypi.org/simple" },
    ]);
  });
});

describe("pip.conf", () => {
  const CONF = `# comment
[global]
index-url: https://a.example/simple
extra_index_url =
    https://b.example/simple
    https://c.example/simple
timeout = 60

[freeze]
find-links = wheels

[install]
pre = true
`;

  test("is read in its sections for an installation", async () => {
    const { used, options } = await read({}, { "pip.conf": CONF });

    expect(used).toMatchInlineSnapshot(`
      [
        "Using index-url https://a.example/simple (from pip.conf, line 3)",
        "Using extra-index-url https://b.example/simple (from pip.conf, line 4)",
        "Using extra-index-url https://c.example/simple (from pip.conf, line 4)",
        "Using pre true (from pip.conf, line 13)",
      ]
    `);
    expect(options).toMatchObject({ pre: true, findLinks: [] });
  });

  test("gives way to a variable", async () => {
    const { options } = await read(
      { PIP_INDEX_URL: "https://z.example/simple" },
      { "pip.conf": CONF },
    );

    expect(options.indexUrl?.value).toBe("https://z.example/simple");
  });
});

test("pip.conf that is no text is a problem", async () => {
  const appDir = await temporaryDirectory();
  await writeFile(join(appDir, "pip.conf"), Buffer.from("[global]\n# Gr\xfc\xdfe\n", "latin1"));

  const { problems } = await readIndexSettings({ appDir, env: {}, bindings: [] });

  expect(problems.map(describeProblem)).toMatchInlineSnapshot(`
    [
      "pip.conf, line 2: # Gr??e
      The file is not text in UTF-8; save it as UTF-8.",
    ]
  `);
});

describe("bindings", () => {
  test("open indexes, and may name them; a variable names another main one", async () => {
    const bindings = await makeBindings({
      extra: { type: "pypi", url: "https://extra.example/simple", token: "t0ken", index: "extra" },
      main: { type: "pypi", url: "https://main.example/simple", token: "t0ken", index: "main" },
      repositories: { type: "git", host: "git.example", token: "t0ken", comment: "" },
    });
    const alone = await read({}, {}, bindings);
    const { used } = await read({ PIP_INDEX_URL: "https://b.example/simple" }, {}, bindings);

    expect([...alone.used, ...alone.notes]).toMatchInlineSnapshot(`
      [
        "Using extra-index-url https://extra.example/simple (from the binding extra)",
        "Using index-url https://main.example/simple (from the binding main)",
        "Skipping comment of the binding repositories because a binding of type git has no such key",
      ]
    `);
    expect(alone.credentials.map(({ host }) => host)).toEqual([
      "extra.example",
      "main.example",
      "git.example",
    ]);
    expect(used).toMatchInlineSnapshot(`
      [
        "Using extra-index-url https://extra.example/simple (from the binding extra)",
        "Using index-url https://b.example/simple (from PIP_INDEX_URL)",
      ]
    `);
  });

  test("that can't be used end the build", async () => {
    const bindings = await makeBindings({ internal: { type: "pypi", password: "s3cret" } });

    expect(await messageOf(read({}, {}, bindings))).toMatchInlineSnapshot(`
      "[Error: The credentials of a binding can't be used]

      the binding internal: the key password
        It needs the key url: the index's address, or a host.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
  });
});

test("uv's variables open indexes that have a name", async () => {
  const { credentials } = await read({
    UV_INDEX: "internal=https://a.example/simple",
    UV_DEFAULT_INDEX: "main=https://main.example/simple",
    UV_INDEX_INTERNAL_USERNAME: "ada",
    UV_INDEX_INTERNAL_PASSWORD: "s3cret",
  });

  expect(credentials).toEqual([
    {
      ...{ host: "a.example", login: "ada", password: "s3cret" },
      origin: { file: "UV_INDEX_INTERNAL_PASSWORD", kind: "variable" },
    },
  ]);
});
