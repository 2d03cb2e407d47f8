import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { makeApp, restrictModes } from "../support/apps.ts";
import { serveGit } from "../support/git-server.ts";
import { writeFiles } from "../support/phase.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";
import { temporaryDirectory } from "../support/temporary.ts";

it("gives the same image twice: other directory, umask and time, no cache, parts from source", async () => {
  const repositories = await temporaryDirectory();
  await makeRepository(join(repositories, "greeting"));
  const server = await serveGit(repositories);
  const app = await makeApp({
    "requirements.txt": [
      // With a C extension, built from its source distribution.
      "markupsafe==3.0.2",
      "--no-binary markupsafe",
      `greeting @ git+${server}/greeting@main`,
      "./packages/shapes",
      "numpy==2.3.5",
      "",
    ].join("\n"),
    "main.py":
      "import greeting, markupsafe._speedups, numpy, shapes\nprint(greeting.WORDS, shapes.AREA)\n",
    "packages/shapes/pyproject.toml": project("shapes"),
    "packages/shapes/shapes.py": "AREA = 12\n",
  });
  const elsewhere = join(await temporaryDirectory(), "another-name");
  await cp(app, elsewhere, { recursive: true });
  await restrictModes(elsewhere);

  const one = await buildAndPublish("reproducible/one", { path: app });
  const two = await buildAndPublish("reproducible/two", { path: elsewhere });

  expect(await runApp(one.reference)).toContain("hello 12");
  expect(two.image.layers.map(({ diffId }) => diffId)).toEqual(
    one.image.layers.map(({ diffId }) => diffId),
  );
  expect(two.image.digest).toBe(one.image.digest);
});

async function makeRepository(path: string): Promise<void> {
  await mkdir(path);
  await writeFiles(path, {
    "pyproject.toml": project("greeting"),
    "greeting.py": 'WORDS = "hello"\n',
  });
  const git = (...args: readonly string[]) =>
    promisify(execFile)("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: path,
    });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "--message=first");
}

function project(name: string): string {
  return `[build-system]
requires = ["setuptools==80.9.0"]
build-backend = "setuptools.build_meta"

[project]
name = "${name}"
version = "1.0"

[tool.setuptools]
py-modules = ["${name}"]
`;
}
