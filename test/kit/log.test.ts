import { describe, expect, it } from "vitest";
import { createLog } from "../../src/kit/log.ts";
import { withoutUserinfo } from "../../src/kit/redact.ts";

describe("secrets", () => {
  it.each([
    ["https://u:p/w@example.com/x", "https://****@example.com/x"],
    ["https://example.com:8080/a@b", "https://example.com:8080/a@b"],
    ["https://me:s3cret@host/simple", "https://****@host/simple"],
    ["git+https://token@github.com/a/b", "git+https://****@github.com/a/b"],
    ["two https://a:b@x/ and http://c@y/", "two https://****@x/ and http://****@y/"],
    ["https://host/simple", "https://host/simple"],
    ["mail me@example.com", "mail me@example.com"],
    ["https://host/path@1.0", "https://host/path@1.0"],
    // A password with a slash or an @ must be percent-encoded, but people write it.
    ["https://me:p@ss@host/", "https://****@host/"],
  ])("%s is printed as %s", (found, printed) => {
    expect(withoutUserinfo(found)).toBe(printed);
  });

  it("of an address's query are hidden without being known", () => {
    const { log, lines } = recordingLog();

    log.step("https://me:s3cret@host/x?token=s3cret");

    expect(lines).toEqual(["https://****@host/x?token=****\n"]);
  });

  it("are hidden in every spelling and on every way out", () => {
    const { log, lines } = recordingLog();
    const secret = "pa ss/word";
    log.hide(secret);

    log.step(`raw ${secret}`);
    log.warn("encoded", encodeURIComponent(secret));
    log.error(Buffer.from(secret).toString("base64"));
    log.list("list:", [secret]);

    expect(lines.join("")).not.toMatch(/pa ss|pa%20ss|cGEgc3M/);
    expect(lines.join("")).toContain("raw ****");
  });
});

describe("discarding", () => {
  it("takes a caller's words for a fact, and says nothing where there are none", () => {
    const { log, lines } = recordingLog();
    const change = { fact: "files", label: "A file", found: {}, wanted: {} };
    const cause = { kind: "outdated", found: {}, changes: [change] } as const;

    log.discarding("the lock", cause, () => ["one", "two"]);
    log.discarding("the lock", cause, () => []);

    expect(lines.join("")).toBe("Discarding the lock since:\n - one\n - two\n");
  });

  it("lists every change in words", () => {
    const { log, lines } = recordingLog();

    log.discarding("the environment", {
      kind: "outdated",
      found: {},
      changes: [
        { fact: "python", label: "The Python version", found: "3.12", wanted: "3.13" },
        { fact: "lock", label: "requirements.txt", found: "a".repeat(64), wanted: "b".repeat(64) },
        { fact: "new", label: "The layout", found: undefined, wanted: 2 },
      ],
    });

    expect(lines.join("")).toBe(
      [
        "Discarding the environment since:",
        " - The Python version has changed from 3.12 to 3.13",
        " - requirements.txt has changed",
        " - The layout has changed",
        "",
      ].join("\n"),
    );
  });

  it("says nothing where nothing was discarded", () => {
    const { log, lines } = recordingLog();

    log.discarding("the environment", { kind: "new" });

    expect(lines).toEqual([]);
  });
});

function recordingLog() {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return { log: createLog({ out: write, err: write, debug: false }), lines };
}
