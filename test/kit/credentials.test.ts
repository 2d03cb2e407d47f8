import { describe, expect, test } from "vitest";
import { mergeCredentials, splitCredential } from "../../src/kit/credentials.ts";

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
