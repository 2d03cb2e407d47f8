import { describe, expect, test } from "vitest";
import { defaultType, parseProcfile } from "../../src/process/procfile.ts";

describe("a Procfile", () => {
  test.each([
    ["one process", "web: gunicorn app:app", ["web: gunicorn app:app"]],
    [
      "colons in the command",
      "web: uvicorn main:app --port $PORT",
      ["web: uvicorn main:app --port $PORT"],
    ],
    [
      "comments and blank lines",
      "# how it starts\n\nweb: a\n  # more\nworker: b # not a comment\n",
      ["web: a", "worker: b # not a comment"],
    ],
    ["CRLF and a byte order mark", "\uFEFFweb: a\r\nworker: b\r\n", ["web: a", "worker: b"]],
    ["spaces around", "  web  :  a b  ", ["web: a b"]],
    ["no space behind the colon", "web:a", ["web: a"]],
    ["names with signs", "job_1.daily-run: a", ["job_1.daily-run: a"]],
  ])("with %s", (_name, source, expected) => {
    const parsed = parseProcfile(source);

    expect("entries" in parsed && parsed.entries.map((e) => `${e.type}: ${e.command}`)).toEqual(
      expected,
    );
  });

  test.each([
    [
      "a line without a colon",
      "web: a\ngunicorn app",
      { kind: "not-an-entry", line: 2, found: "gunicorn app" },
    ],
    ["a name with a space", "my web: a", { kind: "not-an-entry", line: 1, found: "my web: a" }],
    [
      "a continued command",
      "web: a \\\n  --flag",
      { kind: "not-an-entry", line: 2, found: "--flag" },
    ],
    ["no command", "# x\nweb:", { kind: "no-command", line: 2, found: "web:" }],
    [
      "a name twice",
      "web: a\nworker: b\nweb: c",
      { kind: "repeated", type: "web", line: 3, found: "web: c", firstLine: 1 },
    ],
    ["nothing but comments", "# web: a\n", { kind: "empty" }],
    ["nothing", "", { kind: "empty" }],
  ])("is refused for %s", (_name, source, problem) => {
    expect(parseProcfile(source)).toEqual({ problem });
  });

  test.each([
    ["web: a\ntask: b", "web"],
    ["worker: a", "worker"],
    ["worker: a\ntask: b", "task"],
    ["worker: a\nclock: b", undefined],
  ])("%j starts %s", (source, expected) => {
    const parsed = parseProcfile(source);

    expect("entries" in parsed && defaultType(parsed.entries)).toBe(expected);
  });
});
