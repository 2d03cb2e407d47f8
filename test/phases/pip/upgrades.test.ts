import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { build, prepareBuilds } from "./builds.ts";

beforeAll(() => prepareBuilds("pip"));

afterAll(cleanUp);

const FILES = { "requirements.txt": "alpha\nother\n" };
const FIRST = ["alpha 1.0 base", "base 1.0", "other 1.0"];
const SECOND = ["alpha 2.0 base>=2", "base 2.0", "other 2.0"];
const THIRD = ["alpha 3.0 base>=3", "base 3.0", "other 3.0"];

describe("BP_UPGRADE_PACKAGES", () => {
  test("moves what it names and what that needs, once for each value", async () => {
    const env = { BP_UPGRADE_PACKAGES: "Alpha" };
    const [, upgraded, again, without, later] = await build([
      { files: FILES, published: FIRST },
      { files: FILES, published: SECOND, env },
      { files: FILES, published: THIRD, env },
      { files: FILES },
      { files: FILES, env },
    ]);

    expect(upgraded?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - BP_UPGRADE_PACKAGES has changed
      Upgrading alpha (from BP_UPGRADE_PACKAGES)
      Resolving for Python 3.13
      Resolved 3 packages (<time>)
      Compared with the previous lock:
       - alpha 1.0 → 2.0
       - base 1.0 → 2.0"
    `);
    expect(upgraded?.locked).toEqual(["alpha 2.0 wheel", "base 2.0 wheel", "other 1.0 wheel"]);
    expect(again?.log).toContain("Using cached lock of 3 packages");
    expect(without?.log).toContain("Using cached lock of 3 packages");
    // Taken away and set again, it asks again.
    expect(later?.locked).toEqual(["alpha 3.0 wheel", "base 3.0 wheel", "other 1.0 wheel"]);
  });

  test("resolves nothing for names of other managers, and tells misspelt ones", async () => {
    const [, second] = await build([
      { files: FILES, published: FIRST },
      { files: FILES, published: SECOND, env: { BP_UPGRADE_PACKAGES: "ffmpeg,alpa" } },
    ]);

    expect(second?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Skipping alpa of BP_UPGRADE_PACKAGES because no package here has that name; did you mean alpha?
      Using cached lock of 3 packages"
    `);
  });
});

describe("BP_LOCK_EPOCH", () => {
  test("resolves nothing when it is taken away, nor when the same value comes back", async () => {
    const env = { BP_LOCK_EPOCH: "2026-11" };
    const outcomes = await build([
      { files: FILES, published: FIRST, env },
      { files: FILES, published: SECOND },
      { files: FILES, env },
      { files: FILES, env: { BP_LOCK_EPOCH: "2026-12" } },
    ]);

    expect(outcomes.map(({ locked }) => locked[0])).toEqual([
      ...["alpha 1.0 wheel", "alpha 1.0 wheel", "alpha 1.0 wheel", "alpha 2.0 wheel"],
    ]);
    expect(outcomes[1]?.log).toContain("Using cached lock of 3 packages");
    expect(outcomes[2]?.log).toContain("Using cached lock of 3 packages");
  });
});

describe("BP_LOCK_MAX_AGE", () => {
  /** 2027-02-22, 92 days after the first build. */
  const LATER = { SOURCE_DATE_EPOCH: "1803254400" };

  test("warns and fails of a lock that a line was added to since, until there is a new one", async () => {
    const more = { "requirements.txt": "alpha\nother\nmore\n" };
    const epoch = { BP_LOCK_EPOCH: "2027-02" };
    const [, , warned, failed, renewed] = await build([
      { files: FILES, published: [...FIRST, "more 1.0"] },
      { files: more, env: LATER },
      { files: more, env: { ...LATER, BP_LOCK_MAX_AGE: "90" } },
      { files: more, env: { ...LATER, BP_LOCK_MAX_AGE: "90 fail" } },
      { files: more, env: { ...LATER, ...epoch, BP_LOCK_MAX_AGE: "90 fail" } },
    ]);

    expect(warned?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Using cached lock of 4 packages

      [Warning: A lock is older than BP_LOCK_MAX_AGE allows]
      Found: the lock of pip is of 2026-11-22, 92 days ago.
      Its packages may lack fixes that newer versions have.
      Needed: a lock of at most 90 days. For a new one, set BP_LOCK_EPOCH to a new value."
    `);
    expect(failed?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Using cached lock of 4 packages

      [Error: A lock is older than BP_LOCK_MAX_AGE allows]

      Found: the lock of pip is of 2026-11-22, 92 days ago.
      Its packages may lack fixes that newer versions have.
      Needed: a lock of at most 90 days. For a new one, set BP_LOCK_EPOCH to a new value."
    `);
    expect(renewed?.log).toContain("Resolved 4 packages");
  });
});
