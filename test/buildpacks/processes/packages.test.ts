import { join } from "node:path";
import { expect, it } from "vitest";
import { readPackages } from "../../../src/buildpacks/processes/packages.ts";
import { HANDOVER } from "../../../src/python/handover.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const LOCK = {
  manager: "pip",
  distributions: [{ from: "wheel", name: "Flask", version: "3.1.0", sha256: "0" }],
  uvArguments: [],
  buildArguments: [],
};
const PROVIDED = { provider: "conda", packages: { flask: "3.0.0", Gunicorn: "23.0.0" } };

it("are those of the interpreter and, before them, those of the lock", async () => {
  expect(await installedOf({ lock: LOCK, provided: PROVIDED })).toEqual({
    flask: "3.1.0",
    gunicorn: "23.0.0",
  });
  expect(await installedOf({ provided: PROVIDED })).toEqual({
    flask: "3.0.0",
    gunicorn: "23.0.0",
  });
  expect(await installedOf({ lock: LOCK })).toEqual({ flask: "3.1.0" });
  expect(await installedOf({})).toEqual({});
});

it("come with the file that says what is installed, and with whether there is a Python", async () => {
  const root = await temporaryDirectory();
  const handed = { file: "environment.yml", lines: [], files: [] };
  await writeFiles(root, { "handed.json": JSON.stringify(handed) });
  const env = { [HANDOVER.requirements]: join(root, "handed.json") };

  expect(await readPackages(env)).toMatchObject({ file: "environment.yml", hasPython: false });
  expect(await readPackages({ [HANDOVER.python]: "/usr/bin/python3.13" })).toMatchObject({
    file: undefined,
    hasPython: true,
  });
});

async function installedOf({ lock, provided }: { lock?: object; provided?: object }) {
  const root = await temporaryDirectory();
  const [lockPath, providedPath] = [join(root, "lock.json"), join(root, "provided.json")];
  await writeFiles(root, {
    "lock.json": JSON.stringify(lock ?? ""),
    "provided.json": JSON.stringify(provided ?? ""),
  });
  const { installed } = await readPackages({
    ...(lock === undefined ? {} : { [HANDOVER.lock]: lockPath }),
    ...(provided === undefined ? {} : { [HANDOVER.providedPackages]: providedPath }),
  });
  return Object.fromEntries(installed);
}
