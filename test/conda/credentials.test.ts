import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readBindings } from "../../src/cnb/bindings.ts";
import { exists } from "../../src/cnb/files.ts";
import { readBoundCredentials } from "../../src/conda/bound-credentials.ts";
import {
  credentialsText,
  type HostCredential,
  keepHostCredentials,
  withCredentialsFile,
} from "../../src/conda/credentials.ts";
import { messageOf } from "../support/failure-message.ts";
import { writeFiles } from "../support/phase.ts";
import { temporaryDirectory } from "../support/temporary.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a binding of the type conda", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, object])[] = [
    [
      "an address, with a port",
      {
        channel: "https://Repo.Example.com:8443/conda/private",
        username: "me",
        password: "s3cret",
      },
      { "repo.example.com": { BasicHTTP: { username: "me", password: "s3cret" } } },
    ],
    [
      "a host",
      { channel: "repo.example.com", token: "t0ken" },
      { "repo.example.com": { BearerToken: "t0ken" } },
    ],
    [
      "a host with a path",
      { channel: "localhost:8080/private", token: "t0ken" },
      { localhost: { BearerToken: "t0ken" } },
    ],
    [
      "all hosts of a domain",
      { channel: "*.prefix.dev", token: "t0ken" },
      { "*.prefix.dev": { BearerToken: "t0ken" } },
    ],
    [
      "a name",
      { channel: "my-company/label/dev", token: "t0ken" },
      { "conda.anaconda.org": { CondaToken: "t0ken" } },
    ],
    [
      "a server that reads tokens in paths",
      { channel: "https://quetz.example.com/get/private", "conda-token": "t0ken" },
      { "quetz.example.com": { CondaToken: "t0ken" } },
    ],
    [
      "keys of somebody else's",
      { channel: "repo.example.com", token: "t0ken", comment: "for the team" },
      { "repo.example.com": { BearerToken: "t0ken" } },
    ],
  ];
  test.each(cases)("opens %s", async (_, keys, expected) => {
    const { credentials, notes } = await bound({ repo: keys });

    expect(notes).toEqual(
      "comment" in keys
        ? ["Skipping comment of the binding repo because a binding of type conda has no such key"]
        : [],
    );
    expect(JSON.parse(credentialsText(credentials))).toEqual(expected);
  });

  test("that is not complete is told by its name and its keys, without their values", async () => {
    const channel = "https://repo.example.com/private";
    const work = bound({
      a: { username: "me", password: "s3cret" },
      b: { channel },
      c: { channel, username: "me" },
      d: { channel, password: "s3cret" },
      e: { channel, username: "me", password: "s3cret", token: "t0ken" },
      f: { channel, token: "\n" },
      g: { channel: "https://me:s3cret@repo.example.com/x", token: "t0ken" },
      h: { channel: "https://repo.example.com/t/s3cret-token/x", token: "t0ken" },
      i: { channel: "file:///x", token: "t0ken" },
      j: {},
    });

    const text = await messageOf(work);
    expect(text).toMatchInlineSnapshot(`
      "[Error: The credentials of a binding can't be used]

      the binding a: the keys password and username
        It needs the key channel: a channel's address, its name, or a host.

      the binding b: the key channel
        It needs token, conda-token or username and password besides channel.

      the binding c: the keys channel and username
        It needs the key password, too.

      the binding d: the keys channel and password
        It needs the key username, too.

      the binding e: the keys channel, password, token and username
        It has token as well as username and password; keep what the server wants.

      the binding f: the keys channel and token
        The key token must not be empty.

      the binding g: the keys channel and token
        The key channel must be an address without credentials (https://host/channel), a name or a host.

      the binding h: the keys channel and token
        The key channel must be an address without credentials (https://host/channel), a name or a host.

      the binding i: the keys channel and token
        The key channel must be an address without credentials (https://host/channel), a name or a host.

      the binding j: no keys besides type
        It needs the key channel: a channel's address, its name, or a host.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(text).not.toMatch(/s3cret|t0ken/);
  });

  test("of another type is none", async () => {
    expect(await bound({ repo: { type: "pip", token: "x" } })).toEqual({
      credentials: [],
      notes: [],
    });
  });
});

const origin = { file: "environment.yml", line: 3 };

describe("credentials", () => {
  test("are hidden from the log, and the first of a host counts", () => {
    const hidden: string[] = [];
    const warned: string[] = [];
    const log = {
      hide: (secret: string) => void hidden.push(secret),
      warn: (title: string, body = "") => void warned.push(`${title}\n${body}`),
    };
    const first = { host: "A.example.com", login: "me", password: "s3cret", origin };
    const same = { ...first, host: "a.example.com", origin: { file: ".condarc", line: 1 } };
    const other = { host: "a.example.com", token: "t0ken", origin: { file: "the binding repo" } };
    const bearer = { host: "b.example.com", bearer: "b3arer", origin };

    const kept = keepHostCredentials(log, [first, same, other, bearer]);

    expect(kept).toEqual([first, bearer]);
    expect(hidden).toEqual(["s3cret", "s3cret", "t0ken", "b3arer"]);
    expect(warned.join("\n")).toMatchInlineSnapshot(`
      "Different credentials for the channels of one host were given
      - a.example.com: using that of environment.yml, line 3, not that of the binding repo
      A build can have one for each host."
    `);
  });

  test("of a binding come before a file's", () => {
    const log = { hide: () => undefined, warn: () => undefined };
    const ofFile = { host: "a.example.com", token: "t0ken", origin };
    const ofBinding = {
      ...{ host: "a.example.com", token: "t1ken" },
      origin: { file: "the binding repo", kind: "binding" as const },
    };

    expect(keepHostCredentials(log, [ofFile, ofBinding])).toEqual([ofBinding]);
  });

  test("are in a file that only its owner reads, for as long as the work takes", async () => {
    const directory = await temporaryDirectory();
    vi.stubEnv("TMPDIR", directory);
    const given: readonly HostCredential[] = [{ host: "a.example.com", token: "t0ken", origin }];

    const path = await withCredentialsFile(given, async (file = "") => {
      const { mode } = await stat(file);
      expect((mode & 0o777).toString(8)).toBe("600");
      expect(await readFile(file, "utf8")).toBe(`{"a.example.com":{"CondaToken":"t0ken"}}\n`);
      return file;
    });

    expect(await exists(path)).toBe(false);
    expect(await readdir(directory)).toEqual([]);
  });

  test("leave nothing where the work fails, and no file where there are none", async () => {
    const directory = await temporaryDirectory();
    vi.stubEnv("TMPDIR", directory);
    const given = [{ host: "a.example.com", bearer: "b3arer", origin }];

    const work = withCredentialsFile(given, () => Promise.reject(new Error("failed")));

    await expect(work).rejects.toThrow("failed");
    expect(await readdir(directory)).toEqual([]);
    expect(await withCredentialsFile([], async (path) => path)).toBeUndefined();
  });
});

async function bound(bindings: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const platform = await temporaryDirectory();
  for (const [name, keys] of Object.entries(bindings)) {
    await writeFiles(join(platform, "bindings", name), { type: "conda\n", ...keys });
  }
  return readBoundCredentials(await readBindings(platform), "https://conda.anaconda.org");
}
