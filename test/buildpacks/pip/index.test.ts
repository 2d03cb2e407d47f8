import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import definition from "../../../src/buildpacks/pip/index.ts";
import { run } from "../../../src/kit/buildpack.ts";
import { HANDOVER } from "../../../src/python/handover.ts";
import { indexesOf, lockFileSchema } from "../../../src/python/lock.ts";
import { purlFor } from "../../../src/python/sbom/purl.ts";
import {
  phaseDirectories,
  type PhaseDirectories,
  phaseEnv,
  writeFiles,
} from "../../support/phase.ts";

const hash = (digit: string) => `hashes = { sha256 = "${digit.repeat(64)}" }`;

const wheel = (name: string, version: string, address: string) => `
[[packages]]
name = "${name}"
version = "${version}"
${address}
`;

const fileOf = (name: string, version: string, base: string) =>
  `wheels = [{ url = "${base}/${name}-${version}-py3-none-any.whl", ${hash("1")} }]`;

const PYPI = "https://files.pythonhosted.org";

describe("credentials in the app's pylock.toml", () => {
  const lock = `lock-version = "1.0"
created-by = "test"
${wheel("indexed", "1.0", `index = "https://me:s3cret@index.example/simple"\n${fileOf("indexed", "1.0", "https://me:s3cret@index.example/files")}`)}
${wheel("elsewhere", "1.0", fileOf("elsewhere", "1.0", "https://me:s3cret@files.example"))}
[[packages]]
name = "repository"
vcs = { type = "git", url = "https://s3cret@git.example/repository.git", commit-id = "${"0".repeat(40)}" }

[[packages]]
name = "archive"
archive = { url = "https://me:s3cret@archive.example/archive-1.0.zip", ${hash("2")} }
`;

  test("reach uv, git and curl by netrc, and nothing else: image, metadata, SBOM, arguments", async () => {
    const { directories, log, code } = await build({ "pylock.toml": lock });

    expect(code).toBe(0);
    expect(log).not.toContain("s3cret");
    const { layers } = directories;
    const netrc = join("credentials", ".netrc");
    expect(await filesWith(layers, "s3cret")).toEqual([netrc]);
    expect(await readFile(join(layers, netrc), "utf8")).toMatchInlineSnapshot(`
      "machine index.example login "me" password "s3cret"
      machine files.example login "me" password "s3cret"
      machine git.example login "s3cret" password ""
      machine archive.example login "me" password "s3cret"
      "
    `);
    const lockFile = lockFileSchema.parse(
      JSON.parse(await readFile(join(layers, "handover", "lock.json"), "utf8")),
    );
    expect(indexesOf(lockFile.distributions)).toEqual(["https://index.example/simple"]);
    expect(lockFile.distributions.map((one) => purlFor(one.name, "1.0", one)))
      .toMatchInlineSnapshot(`
      [
        "pkg:pypi/archive@1.0?download_url=https://archive.example/archive-1.0.zip",
        "pkg:pypi/elsewhere@1.0?download_url=https://files.example/elsewhere-1.0-py3-none-any.whl",
        "pkg:pypi/indexed@1.0?repository_url=https://index.example/simple",
        "pkg:pypi/repository@1.0?vcs_url=git%2Bhttps://git.example/repository.git%400000000000000000000000000000000000000000",
      ]
    `);
  });

  test("are there, too, where the lock of the previous build is taken", async () => {
    const { directories } = await build({ "pylock.toml": lock });
    const again = await buildAgain(directories);

    expect(again.log).toContain("Using cached lock of 4 packages");
    const netrc = await readFile(join(directories.layers, "credentials", ".netrc"), "utf8");
    expect(netrc).toContain("machine archive.example");
  });
});

describe("the lock of the previous build", () => {
  const lock = `lock-version = "1.0"
created-by = "test"
${wheel("alpha", "2.0", fileOf("alpha", "2.0", PYPI))}
${wheel("beta", "1.0", fileOf("beta", "1.0", PYPI))}
`;

  test("is made again where its form has changed", async () => {
    const { directories } = await build({ "pylock.toml": lock });
    await edit(directories, (text) => text.replace(/^layout = \d+$/m, "layout = 0"));

    const { log } = await buildAgain(directories);

    expect(log).toMatchInlineSnapshot(`
      "
      [Locking Python packages]
      Found pylock.toml
      Discarding cached lock since:
       - The form of the lock has changed from 0 to 1
      Found 2 packages for this Python and platform
      "
    `);
  });

  test("is made again where another package manager's file asks pip for something else", async () => {
    const handed = (...lines: readonly string[]) => ({
      "handed.json": JSON.stringify({
        file: "environment.yml",
        lines: lines.map((text, at) => ({ text, line: at + 6 })),
        files: ["requirements.txt"],
      }),
      "requirements.txt": `# ${lines.length} lines\n`,
    });
    const { directories } = await build(handed("--pre"));
    await writeFiles(directories.app, handed("--pre", "--prefer-binary"));

    const { log } = await buildAgain(directories);

    expect(log).toMatchInlineSnapshot(`
      "
      [Locking Python packages]
      Found 2 lines for pip in environment.yml
      Using requirements.txt
      Discarding cached lock since:
       - The pip section of environment.yml has changed
       - requirements.txt has changed
      Found nothing to install: the lock is empty
      "
    `);
  });

  test("still tells what it had where a part of it can't be read", async () => {
    const { directories } = await build({ "pylock.toml": lock });
    await edit(directories, (text) =>
      text.replace('version = "2.0"', 'version = "1.9"').replace('name = "beta"', "name = 1"),
    );

    const { log } = await buildAgain(directories);

    expect(log).toContain("Discarding cached lock since:\n - its metadata can't be read");
    expect(log).toContain(
      "Compared with the previous lock:\n - alpha 1.9 → 2.0\n - beta 1.0 added\n",
    );
  });
});

interface Built {
  readonly directories: PhaseDirectories;
  readonly log: string;
  readonly code: number;
}

async function build(files: { readonly [path: string]: string }): Promise<Built> {
  const directories = await phaseDirectories();
  await writeFiles(directories.app, files);
  return runBuild(directories);
}

/** As the lifecycle gives a launch-only layer back: its metadata alone. */
async function buildAgain(directories: PhaseDirectories): Promise<Built> {
  await edit(directories, (text) => text.replace(/^\[types\][^[]*/, ""));
  return runBuild(directories);
}

async function edit({ layers }: PhaseDirectories, change: (text: string) => string): Promise<void> {
  const path = join(layers, "lock.toml");
  await writeFile(path, change(await readFile(path, "utf8")));
}

async function runBuild(directories: PhaseDirectories): Promise<Built> {
  await writeFile(directories.plan, "");
  let log = "";
  const append = (text: string) => {
    log += text;
  };
  const files = await readdir(directories.app);
  const env = {
    ...phaseEnv(directories),
    PATH: process.env["PATH"],
    // Only its path counts where nothing is resolved.
    [HANDOVER.python]: process.execPath,
    [HANDOVER.pythonVersion]: "3.13.5",
    ...(files.includes("handed.json")
      ? { [HANDOVER.requirements]: join(directories.app, "handed.json") }
      : {}),
  };
  const code = await run(
    definition,
    { argv: [], env, cwd: directories.app },
    { out: append, err: append, debug: true },
  );
  return { directories, log, code };
}

async function filesWith(root: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path, "utf8")).includes(text))
      found.push(path.slice(root.length + 1));
  }
  return found.sort();
}
