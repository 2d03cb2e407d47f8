import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exists } from "../../src/cnb/files.ts";
import { netrcText, secretsInNetrc, withNetrc } from "../../src/kit/netrc.ts";
import { temporaryDirectory } from "../support/temporary.ts";

test("a netrc file quotes blanks, quotation marks and backslashes", () => {
  const text = netrcText([{ host: "e.com", login: "us er", password: `p"a\\s#s` }]);

  expect(text).toBe(`machine e.com login "us er" password "p\\"a\\\\s#s"\n`);
});

describe("what must not be printed", () => {
  test("is what the file was made with", () => {
    const text = netrcText([
      { host: "a.com", login: "me", password: `p"a\\s #s` },
      { host: "b.com", login: "t0ken", password: "" },
      { host: "c.com", login: "a-token-of-twenty-letters", password: "x-oauth" },
    ]);

    expect(secretsInNetrc(text)).toEqual([
      `p"a\\s #s`,
      "t0ken",
      "x-oauth",
      "a-token-of-twenty-letters",
    ]);
  });

  test("is found in a file of the user's own", () => {
    const text = `# password of nobody\nmachine a.com\n  login me\n  password login\ndefault login you password an0ther`;

    expect(secretsInNetrc(text)).toEqual(["login", "an0ther"]);
  });
});

describe("the last work with a netrc file", () => {
  async function netrc(): Promise<string> {
    const path = join(await temporaryDirectory(), ".netrc");
    await writeFile(path, "machine a.com login me password s3cret\n");
    return path;
  }

  test("has it, prints no password of it, and leaves nothing behind", async () => {
    const path = await netrc();
    const hidden: string[] = [];

    const result = await withNetrc(path, { hide: (secret) => hidden.push(secret) }, async () => [
      await exists(path),
      [...hidden],
    ]);

    expect(result).toEqual([true, ["s3cret"]]);
    expect(await exists(path)).toBe(false);
  });

  test("leaves nothing behind where it fails", async () => {
    const path = await netrc();

    const work = withNetrc(path, { hide: () => {} }, () => Promise.reject(new Error("failed")));

    await expect(work).rejects.toThrow("failed");
    expect(await exists(path)).toBe(false);
  });
});
