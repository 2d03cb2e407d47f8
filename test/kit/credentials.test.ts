import { describe, expect, it, test } from "vitest";
import {
  credentialsInText,
  digestWithoutCredentials,
  mergeCredentials,
  splitCredential,
} from "../../src/kit/credentials.ts";
import { sha256 } from "../../src/kit/hash.ts";

const origin = { file: "requirements.txt", line: 1 };

describe("splitCredential", () => {
  const cases: readonly (readonly [
    string,
    string,
    readonly [string, string, string] | undefined,
  ])[] = [
    ["https://example.com/simple", "https://example.com/simple", undefined],
    [
      "https://u:p@example.com:8443/simple",
      "https://example.com:8443/simple",
      ["example.com", "u", "p"],
    ],
    ["https://token@example.com", "https://example.com", ["example.com", "token", ""]],
    ["https://u:a%40b%3Ac@example.com/", "https://example.com/", ["example.com", "u", "a@b:c"]],
    ["https://u:a@b@example.com/", "https://example.com/", ["example.com", "u", "a@b"]],
    ["https://u:p:q@example.com/", "https://example.com/", ["example.com", "u", "p:q"]],
    ["https://u:100%@example.com/", "https://example.com/", ["example.com", "u", "100%"]],
    ["https://u:p@[::1]:80/x", "https://[::1]:80/x", ["[::1]", "u", "p"]],
    ["https://example.com/a@b", "https://example.com/a@b", undefined],
    [
      "git+https://u:p@example.com/a.git@v1",
      "git+https://example.com/a.git@v1",
      ["example.com", "u", "p"],
    ],
    ["git+ssh://git@example.com/a.git", "git+ssh://git@example.com/a.git", undefined],
    ["./wheels", "./wheels", undefined],
    ["https://u:a/b#c@example.com/x", "https://example.com/x", ["example.com", "u", "a/b#c"]],
    [
      "git+https://u:a/b@example.com/a.git@v1",
      "git+https://example.com/a.git@v1",
      ["example.com", "u", "a/b"],
    ],
    ["https://example.com:8080/a@b", "https://example.com:8080/a@b", undefined],
  ];
  test.each(cases)("%s", (text, url, expected) => {
    const result = splitCredential(text, origin);

    const { host, login, password } = result.credential ?? {};
    expect(result.url).toBe(url);
    expect(result.credential === undefined ? undefined : [host, login, password]).toEqual(expected);
  });
});

test("the first credential of a host counts; equal ones are no conflict", () => {
  const first = { host: "a", login: "u", password: "1", origin };
  const same = { ...first, origin: { file: "PIP_INDEX_URL" } };
  const other = { ...first, password: "2" };

  expect(mergeCredentials([first, same, other])).toEqual({
    kept: [first],
    conflicts: [{ kept: first, dropped: other }],
  });
});

test("a binding's counts before a variable's, and that before a file's", () => {
  const credential = { host: "a", login: "u" };
  const ofFile = { ...credential, password: "1", origin: { file: "pip.conf", line: 1 } };
  const ofVariable = {
    ...{ ...credential, password: "2" },
    origin: { file: "POETRY_HTTP_BASIC_A_PASSWORD", kind: "variable" as const },
  };
  const ofBinding = {
    ...{ ...credential, password: "3" },
    origin: { file: "the binding a", kind: "binding" as const },
  };

  expect(mergeCredentials([ofFile, ofVariable])).toEqual({
    kept: [ofVariable],
    conflicts: [{ kept: ofVariable, dropped: ofFile }],
  });
  expect(mergeCredentials([ofFile, ofVariable, ofBinding]).kept).toEqual([ofBinding]);
});

describe("credentialsInText", () => {
  it.each([
    ["in TOML and JSON", 'url = "https://u:p@a.example/simple"', ["a.example u p 1"]],
    ["with a variable", "\n- https://${USER}:$TOKEN@a.example/x", ["a.example ada t%ken 2"]],
    ["with a variable that the build lacks", "https://u:${NONE}@a.example/x", []],
    [
      "several of a line",
      "[https://u:p@a.example/,https://b:q@b.example/]",
      ["a.example u p 1", "b.example b q 1"],
    ],
    ["the same of many files", "https://t@a.example/1\nhttps://t@a.example/2", ["a.example t  1"]],
    [
      "two of one host",
      "https://t@a.example/\nhttps://u@a.example/",
      ["a.example t  1", "a.example u  2"],
    ],
    ["with a comma", "url: git+https://u:a,b@a.example/x.git@v1", ["a.example u a,b 1"]],
    [
      "not those of what is no web address",
      'DB = "postgresql://u:p@a.example/x"\nredis://:p@a.example svn+https://u:p@a.example/x',
      [],
    ],
    ["none", "https://a.example/@scope https://a.example:80/x@1 ssh://git@a.example/x", []],
  ])("finds those of URLs: %s", (_what, text, expected) => {
    const found = credentialsInText(text, { USER: "ada", TOKEN: "t%25ken" }, { file: "a.lock" });

    expect(
      found.map(({ host, login, password, origin: { line } }) =>
        [host, login, password, line].join(" "),
      ),
    ).toEqual(expected);
  });
});

describe("digestWithoutCredentials", () => {
  const lock = (userinfo: string) =>
    `alpha==1.0\n--index-url https://${userinfo}a.example/simple\n`;

  it.each(["u:old@", "u:new@", "token@", "${USER}:${TOKEN}@", "u:a/b#c@"])(
    "is that of the text without them: %s",
    (userinfo) => {
      expect(digestWithoutCredentials(lock(userinfo))).toBe(sha256(lock("")));
    },
  );

  it("changes with everything else", () => {
    const texts = [lock(""), lock("").replace("1.0", "1.1"), lock("").replace("a.ex", "b.ex")];

    expect(new Set(texts.map(digestWithoutCredentials)).size).toBe(3);
  });
});
