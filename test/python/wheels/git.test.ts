import { describe, expect, it } from "vitest";
import { explainGit } from "../../../src/python/wheels/git.ts";

describe("explainGit", () => {
  it.each([
    [
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      "asks for credentials",
    ],
    [
      "remote: Invalid username or token.\nfatal: Authentication failed for 'https://h/r/'",
      "asks for credentials",
    ],
    [
      "fatal: unable to access 'https://h/r/': The requested URL returned error: 403",
      "asks for credentials",
    ],
    [
      "error: cannot run ssh: No such file or directory\nfatal: unable to fork",
      "use its https:// address",
    ],
    [
      "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.",
      "use its https:// address",
    ],
    ["fatal: unable to access 'https://h/r/': Could not resolve host: h", "can't be resolved"],
    [
      "fatal: unable to access 'https://h/r/': server certificate verification failed. CAfile: none",
      "is not trusted",
    ],
    [
      "fatal: unable to access 'https://h/r/': Failed to connect to h port 443 after 1 ms",
      "can't be reached",
    ],
    ["fatal: remote error: upload-pack: not our ref 0123", "no longer has this commit"],
    ["fatal: repository 'https://h/r/' not found", "no such repository"],
    ["fatal: something new", "git did not succeed"],
  ])("%j: %s", (output, reason) => {
    expect(explainGit(output, undefined)).toContain(reason);
  });

  it("names what gave the credentials that are refused", () => {
    const output = "fatal: Authentication failed for 'https://h/r/'";

    expect(explainGit(output, "the binding repositories")).toMatchInlineSnapshot(
      `"the host refuses the credentials of the binding repositories (GitHub and others do so, too, for a repository that does not exist); they must be allowed to read the repository, and those that expire have to be renewed"`,
    );
  });
});
