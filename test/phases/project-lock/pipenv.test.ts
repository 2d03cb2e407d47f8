import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { pipenv } from "../../../src/python/project-lock/pipenv/manager.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { serveWheels } from "../../support/wheel-index.ts";
import { makeWheel, type MadeWheel } from "../../support/wheels.ts";
import { PYTHON, runManager } from "./run-manager.ts";

const WHEELS: readonly MadeWheel[] = [
  { name: "alpha", version: "1.0", files: {} },
  { name: "alpha", version: "2.0", files: {} },
  { name: "beta", files: {}, extras: ["fast"], requires: ["alpha>=1", 'gamma; extra == "fast"'] },
  { name: "gamma", files: {}, requires: ['old-python; python_version < "3.8"'] },
  { name: "old-python", files: {} },
  { name: "on-windows", files: {} },
  { name: "lint-tool", files: {}, requires: ["shared"] },
  { name: "server", files: {}, requires: ["shared", "beta[fast]"] },
  { name: "shared", files: {} },
];

const pipfile = (index: string) => `
[[source]]
url = "${index}/simple/"
verify_ssl = false
name = "Übung"

[[source]]
url = "${index}/own"
verify_ssl = false
name = "own"

[packages]
Alpha = "<2"
BETA = { version = ">=1", extras = ["fast"] }
on_windows = { version = "*", markers = "sys_platform == 'win32'" }
wheel-lib = { path = "./wheels/wheel_lib-1.0-py3-none-any.whl" }

[dev-packages]
lint-tool = "*"

[Serving]
server = { version = "*", index = "own" }

[requires]
python_version = "${PYTHON.minor}"

[scripts]
serve = "python -m http.server"
`;

/** What Pipenv is asked for, and the same as groups of a request. */
const VARIANTS = [
  { options: "", groups: [] },
  { options: "--dev", groups: ["dev"] },
  { options: '--categories "packages Serving"', groups: ["Serving"] },
];

let projects: string;
let index: string;

beforeAll(async () => {
  index = await serveWheels(
    WHEELS.map((wheel) => ({ ...wheel, index: wheel.name === "server" ? "own" : "simple" })),
  );
  projects = await makeTemporaryFolder();
  await writeFiles(projects, { "app/Pipfile": pipfile(index) });
  await mkdir(join(projects, "app/wheels"));
  await makeWheel(join(projects, "app/wheels"), { name: "wheel-lib", files: {} });
});

describe.each(["2023.12.1", "2026.10.3"])("a lock of Pipenv %s", (version) => {
  let app: string;
  let printed: readonly string[];

  beforeAll(async () => {
    const commands = [
      "cp -r /projects/app /tmp/app && cd /tmp/app && pipenv lock",
      "cat Pipfile.lock",
      ...VARIANTS.map(({ options }) => `pipenv requirements ${options}`),
    ];
    const env = { PIPENV_NOSPIN: "1", PIPENV_YES: "1", LANG: "C.UTF-8" };
    // Older versions import what later ones bring.
    const requirements = [`pipenv==${version}`, "setuptools<81"];
    const [, text = "", ...listed] = await runManager(requirements, projects, commands, env);
    printed = listed;
    app = await makeTemporaryFolder();
    await writeFiles(app, { "Pipfile.lock": text, Pipfile: pipfile(index) });
    await mkdir(join(app, "wheels"));
    await makeWheel(join(app, "wheels"), { name: "wheel-lib", files: {} });
  });

  it.each(VARIANTS.map((variant, at) => ({ ...variant, at })))(
    "is installed as 'pipenv requirements $options' lists it",
    async ({ groups, at }) => {
      const { packages } = await select(groups);

      const chosen = packages.map((one) => one.archive?.path ?? `${one.name}==${one.version}`);
      expect(chosen.sort()).toEqual(listedIn(printed[at] ?? ""));
    },
  );

  it("has the files of its indexes, by their digests", async () => {
    const { packages } = await select(["Serving"]);

    const places = packages.flatMap(({ name, index: place, wheels = [] }) =>
      wheels.map((wheel) => `${name} ${place?.slice(index.length)} ${wheel.name}`),
    );
    expect(places.sort()).toEqual([
      "alpha /simple alpha-1.0-py3-none-any.whl",
      "beta /simple beta-1.0-py3-none-any.whl",
      "gamma /simple gamma-1.0-py3-none-any.whl",
      "server /own server-1.0-py3-none-any.whl",
      "shared /simple shared-1.0-py3-none-any.whl",
    ]);
  });

  it("is refused once the Pipfile asks for something else", async () => {
    const changed = await temporaryDirectory();
    const lock = await readFile(join(app, "Pipfile.lock"), "utf8");
    const text = pipfile(index).replace('"<2"', '"*"');
    await writeFiles(changed, { "Pipfile.lock": lock, Pipfile: text });

    await expect(select([], changed)).rejects.toThrow(
      "Pipfile.lock is not the lock of this Pipfile",
    );
  });

  async function select(groups: readonly string[], appDir = app) {
    return await pipenv.select({
      appDir,
      interpreter: { path: "/usr/bin/python3", recreate: undefined, ...PYTHON },
      arch: "amd64",
      groups,
      extras: [],
      place: {
        env: {},
        cache: app,
        work: join(app, "drafts"),
        netrc: undefined,
        placesOf: (url) => [url],
      },
    });
  }
});

/** Without options, extras and what is for other platforms. */
function listedIn(output: string): readonly string[] {
  const lines = output
    .split("\n")
    .filter((line) => line !== "" && !/^-|win32|< ?'3\.8'/.test(line));
  return lines
    .map((line) =>
      line
        .replace(/\[.*?\]/, "")
        .replace(/\s*;.*$/, "")
        .trim(),
    )
    .sort();
}
