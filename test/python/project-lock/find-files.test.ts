import { expect, test } from "vitest";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";
import { findFiles } from "../../../src/python/project-lock/find-files.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { serveWheels } from "../../support/wheel-index.ts";
import { makeWheel, type MadeWheel } from "../../support/wheels.ts";

const ALPHA: MadeWheel = { name: "alpha", files: {} };
const BETA: MadeWheel = { name: "beta", files: {} };
const OTHER_BETA: MadeWheel = { name: "beta", files: { "beta.py": "" } };

test("files are found by their digests, on the first index that has them", async () => {
  const url = await serveWheels([
    { ...ALPHA, index: "one" },
    { ...OTHER_BETA, index: "one" },
    { ...BETA, index: "two" },
  ]);
  const indexes = [`${url}/one`, `${url}/two`];
  const wanted = [
    { name: "beta", version: "1.0", sha256: [await digestOf(BETA)], indexes },
    { name: "alpha", version: "1.0", sha256: [await digestOf(ALPHA)], indexes },
  ];

  expect(await findFiles(wanted, optionsWith())).toEqual([
    {
      index: `${url}/two`,
      files: [{ name: "beta-1.0-py3-none-any.whl", hashes: { sha256: await digestOf(BETA) } }],
    },
    {
      index: `${url}/one`,
      files: [{ name: "alpha-1.0-py3-none-any.whl", hashes: { sha256: await digestOf(ALPHA) } }],
    },
  ]);
});

test("what stands in place of an index is asked for it", async () => {
  const url = await serveWheels([{ ...ALPHA, index: "mirror" }]);
  const pypi = "https://pypi.org/simple";
  const wanted = [
    { name: "alpha", version: "1.0", sha256: [await digestOf(ALPHA)], indexes: [pypi] },
  ];

  const [located] = await findFiles(wanted, optionsWith([`${url}/none`, `${url}/mirror`]));
  expect(located?.index).toBe(pypi);
});

test("files that no index has are told with what each has said", async () => {
  const url = await serveWheels([{ ...ALPHA, index: "one" }]);
  const indexes = [`${url}/one`, `${url}/two`, "http://127.0.0.1:1/simple"];
  const wanted = [{ name: "alpha", version: "1.0", sha256: ["00"], indexes }];

  const error: unknown = await findFiles(wanted, optionsWith()).catch((reason: unknown) => reason);
  const text = error instanceof Failure ? renderMessage(error.userMessage) : String(error);
  expect(text.replaceAll(url, "http://index.example")).toMatchInlineSnapshot(`
    "[Error: No index has alpha 1.0 as Pipfile.lock has it]

    Found: http://index.example/one: it has no file with a digest of the lock
    http://index.example/two: it does not have the package (HTTP 404)
    http://127.0.0.1:1/simple: it does not answer
    Needed: an index with the files whose digests are in Pipfile.lock.

    1. Where it does not answer, build again when it does.
    2. Where it asks for credentials, bind them (type pypi), or write them as variables into its
       URL: https://\${USER}:\${PASSWORD}@…
    3. Where the files are gone from it, make the lock again:

      pipenv lock"
  `);
});

test("a lock without digests is told before any index is asked", async () => {
  const wanted = [{ name: "alpha", version: "1.0", sha256: [], indexes: [] }];

  await expect(findFiles(wanted, optionsWith())).rejects.toMatchObject({
    userMessage: { body: expect.stringContaining("Found: alpha 1.0 has no SHA-256 of its files.") },
  });
});

test("variables of addresses that are not set are told", async () => {
  const indexes = ["http://127.0.0.1:1/simple"];
  const wanted = [{ name: "alpha", version: "1.0", sha256: ["00"], indexes }];
  const options = { ...optionsWith(), unset: ["IDX_USER"] };

  await expect(findFiles(wanted, options)).rejects.toMatchObject({
    userMessage: {
      body: expect.stringContaining("Not set in the build: IDX_USER, which Pipfile.lock has"),
    },
  });
});

function optionsWith(inPlace?: readonly string[]) {
  const placesOf = (index: string) => inPlace ?? [index];
  const place = { env: {}, netrc: undefined, placesOf };
  return { place, lockFile: "Pipfile.lock", relock: "pipenv lock" };
}

async function digestOf(wheel: MadeWheel): Promise<string> {
  const made = await makeWheel(await temporaryDirectory(), wheel);
  return "sha256" in made ? made.sha256 : "";
}
