import { describe, expect, test } from "vitest";
import type { Env } from "../../../src/cnb/env.ts";
import { readIndexSettings } from "../../../src/python/requirements/index-settings.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function read(env: Env, files: Readonly<Record<string, string>> = {}) {
  const appDir = await temporaryDirectory();
  await writeFiles(appDir, { "wheels/README": "", "limits.txt": "", ...files });
  return readIndexSettings(appDir, env);
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
      { host: "c.example", login: "me", password: "secret" },
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
