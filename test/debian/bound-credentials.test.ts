import { describe, expect, it } from "vitest";
import { readBoundCredentials } from "../../src/debian/bound-credentials.ts";
import { authText } from "../../src/debian/resolve/auth-file.ts";
import { messageOf } from "../support/failure-message.ts";
import { makeBindings } from "../support/bindings.ts";

describe("a binding of the type apt", () => {
  it.each([
    [
      "a repository",
      { url: "https://Apt.example:8443/debian/", username: "ada", password: "s3cret" },
      ["machine Apt.example:8443/debian login ada password s3cret"],
      ["apt.example"],
    ],
    [
      "a repository without encryption",
      { url: "http://127.0.0.1:8000/debian", token: "s3cret" },
      ["machine http://127.0.0.1:8000/debian login token password s3cret"],
      ["127.0.0.1"],
    ],
    [
      "a host",
      { url: "apt.example", username: "ada", token: "s3cret" },
      ["machine apt.example login ada password s3cret"],
      ["apt.example"],
    ],
    [
      "machines of a netrc file, in apt's form of it",
      {
        netrc:
          "machine a.example login a password 1\nmachine http://b.example:80/x login b password 2",
      },
      ["machine a.example login a password 1", "machine http://b.example:80/x login b password 2"],
      ["a.example", "b.example"],
    ],
    [
      "the address for its own machine of several, and no other",
      {
        url: "http://Private.example:8080/debian",
        netrc:
          "machine private.example login a password 1\nmachine other.example login b password 2",
      },
      [
        "machine http://Private.example:8080/debian login a password 1",
        "machine other.example login b password 2",
      ],
      ["private.example", "other.example"],
    ],
  ])("opens %s, for apt and for curl", async (_what, keys, forApt, hosts) => {
    const { opened, notes } = await readBoundCredentials(
      await makeBindings({ archive: { type: "apt", ...keys } }),
    );
    const credentials = opened.flatMap((one) => one.credentials);

    expect(authText(credentials).split("\n")).toEqual([...forApt, ""]);
    expect(credentials.map(({ host }) => host)).toEqual(hosts);
    expect(notes).toEqual([]);
  });

  it("that can't be used is told by its name and its keys, without their values", async () => {
    const bindings = await makeBindings({
      a: { type: "apt", url: "https://apt.example", username: "ada", password: "s3 cret" },
      b: { type: "apt", token: "s3cret" },
    });

    const text = await messageOf(readBoundCredentials(bindings));

    expect(text).toMatchInlineSnapshot(`
      "[Error: The credentials of a binding can't be used]

      the binding a: the keys password, url and username
        apt can't use a user name or a password with a blank in it.

      the binding b: the key token
        It needs the key url: the repository's address, or a host.

      Nothing in the app needs to change. Once the cause is mended, build again."
    `);
    expect(text).not.toContain("s3");
  });
});
