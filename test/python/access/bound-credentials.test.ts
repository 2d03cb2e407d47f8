import { describe, expect, it } from "vitest";
import { readBoundAccess } from "../../../src/python/access/bound-credentials.ts";
import { makeBindings } from "../../support/bindings.ts";
import { messageOf } from "../../support/failure-message.ts";

const INDEX = "https://Packages.example:8443/simple";

describe("a binding of the type pypi", () => {
  it.each([
    [
      "a user name and a password",
      { url: INDEX, username: "ada", password: "p:w d\n" },
      ["packages.example ada p:w d"],
    ],
    ["a token", { url: INDEX, token: "t0ken" }, ["packages.example __token__ t0ken"]],
    [
      "a token with a name of its own",
      { url: "packages.example", username: "ada", token: "t0ken" },
      ["packages.example ada t0ken"],
    ],
    [
      "a host with a port and a path",
      { url: "127.0.0.1:8080/simple", token: "t0ken" },
      ["127.0.0.1 __token__ t0ken"],
    ],
    [
      "a netrc file, whose machines are other hosts than the address",
      {
        url: INDEX,
        ".netrc":
          'machine A.example login ada password "p w"\nmachine b.example\nlogin b password c',
      },
      ["a.example ada p w", "b.example b c"],
    ],
    [
      "a netrc file that is named in another way",
      { netrc: "# for all\nmachine a.example login ada password p account x" },
      ["a.example ada p"],
    ],
  ])("has %s", async (_what, keys, expected) => {
    const { credentials, ...rest } = await readBoundAccess(
      await makeBindings({ internal: { type: "PyPI\n", ...keys } }),
    );

    expect(credentials.map(({ host, login, password }) => `${host} ${login} ${password}`)).toEqual(
      expected,
    );
    expect(credentials.map(({ origin }) => origin.file)).toEqual(
      expected.map(() => "the binding internal"),
    );
    expect(rest).toEqual({ indexes: [], notes: [] });
  });

  it("has keys that mean nothing, which the log tells", async () => {
    const { notes } = await readBoundAccess(
      await makeBindings({ a: { type: "pypi", url: INDEX, token: "t0ken", user: "ada" } }),
    );

    expect(notes).toEqual([
      "Skipping user of the binding a because a binding of type pypi has no such key",
    ]);
  });

  it("says which index packages are looked for at", async () => {
    const { indexes } = await readBoundAccess(
      await makeBindings({
        a: { type: "pypi", url: INDEX, token: "t0ken", index: "extra\n" },
        b: {
          type: "pypi",
          url: "https://b.example/",
          netrc: "machine b login c password d",
          index: "main",
        },
      }),
    );

    expect(indexes).toEqual([
      { kind: "extra", url: INDEX, origin: { file: "the binding a", kind: "binding" } },
      {
        kind: "main",
        url: "https://b.example/",
        origin: { file: "the binding b", kind: "binding" },
      },
    ]);
  });

  it("that can't be used is told by its name and its keys, without their values", async () => {
    const work = readBoundAccess(
      await makeBindings({
        "a-no-place": { type: "pypi", username: "ada", password: "s3cret" },
        "b-no-way": { type: "pypi", url: INDEX },
        "c-no-password": { type: "pypi", url: INDEX, username: "ada" },
        "d-two-ways": { type: "pypi", url: INDEX, token: "s3cret", netrc: "machine s3cret" },
        "e-empty": { type: "pypi", url: INDEX, token: "" },
        "f-credentials-in-url": { type: "pypi", url: "https://ada:s3cret@a.example/", token: "x" },
        "g-no-url": { type: "pypi", url: "s3cret token", token: "x" },
        "h-lines": { type: "pypi", url: INDEX, token: "s3\ncret" },
        "i-netrc": { type: "pypi", netrc: "default login ada password s3cret" },
        "j-netrc": { type: "pypi", netrc: "a.example ada s3cret" },
        "k-index": { type: "pypi", url: INDEX, token: "x", index: "first" },
        "l-index": { type: "pypi", url: "a.example", token: "x", index: "main" },
        "m-misspelt": { type: "pypi", url: INDEX, user: "ada", password: "s3cret" },
        "n-git": { type: "git", host: "a.example", url: "https://a.example", token: "x" },
        "o-git": { type: "git", token: "x" },
        "p-empty": { type: "pypi" },
        "q-part-of-another": { type: "pypi", netrc: "machine a login b password c", username: "x" },
      }),
    );

    const text = await messageOf(work);
    expect(text).toMatchInlineSnapshot(`
      "[Error: The credentials of a binding can't be used]

      the binding a-no-place: the keys password and username
        It needs the key url: the index's address, or a host.

      the binding b-no-way: the key url
        It needs username and password, token, netrc or .netrc besides url.

      the binding c-no-password: the keys url and username
        It needs the key password, too.

      the binding d-two-ways: the keys netrc, token and url
        It has token as well as netrc; keep what the server wants.

      the binding e-empty: the keys token and url
        The key token must not be empty.

      the binding f-credentials-in-url: the keys token and url
        The key url must be an address without credentials (https://host/path) or a host.

      the binding g-no-url: the keys token and url
        The key url must be an address without credentials (https://host/path) or a host.

      the binding h-lines: the keys token and url
        The key token must be one line.

      the binding i-netrc: the key netrc
        The key netrc must hold lines 'machine HOST login USER password PASSWORD'.

      the binding j-netrc: the key netrc
        The key netrc must hold lines 'machine HOST login USER password PASSWORD'.

      the binding k-index: the keys index, token and url
        The key index must be main or extra.

      the binding l-index: the keys index, token and url
        With the key index, the key url must be an address (https://host/simple).

      the binding m-misspelt: the keys password, url and user
        It needs the key username, too.

      the binding p-empty: no keys besides type
        It needs the key url: the index's address, or a host.

      the binding q-part-of-another: the keys netrc and username
        It has username and password as well as netrc; keep what the server wants.

      the binding n-git: the keys host, token and url
        It has url and host; keep one of them.

      the binding o-git: the key token
        It needs the key url or host: a repository's address, or a host.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(text).not.toContain("s3");
  });
});

describe("a binding of the type git", () => {
  it.each([
    [
      "a host and a token",
      { host: "git.example", token: "t0ken" },
      ["git.example x-access-token t0ken"],
    ],
    [
      "a repository's address",
      { url: "git+https://git.example/team/tools.git", username: "ada", password: "p" },
      ["git.example ada p"],
    ],
    [
      "a netrc file, whose machines are other hosts than the address",
      {
        url: "https://git.example/team/tools.git",
        netrc: "machine git.example login a password 1\nmachine b.example login b password 2",
      },
      ["git.example a 1", "b.example b 2"],
    ],
  ])("has %s", async (_what, keys, expected) => {
    const { credentials } = await readBoundAccess(
      await makeBindings({ repositories: { type: "git", ...keys } }),
    );

    expect(credentials.map(({ host, login, password }) => `${host} ${login} ${password}`)).toEqual(
      expected,
    );
  });
});
