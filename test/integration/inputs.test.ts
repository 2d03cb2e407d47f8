import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { readBuilderConfig } from "../../scripts/lib/builder-config.ts";
import { createPassingBuilder } from "../../scripts/lib/builder-image.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

it("installs a project that has only pyproject.toml, with its dependencies", async () => {
  const path = await makeApp({
    "pyproject.toml": `
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "greeter"
version = "2.1"
dependencies = ["six"]

[project.scripts]
greet = "greeter.cli:main"
`,
    "greeter/__init__.py": "",
    "greeter/cli.py": 'import six\n\n\ndef main():\n    print("hello from six", six.__version__)\n',
    Procfile: "web: greet\n",
  });

  const { reference } = await buildAndPublish("inputs/pyproject", { path });

  expect(await runApp(reference)).toContain("hello from six 1.");
});

it("takes the files that BP_PIP_REQUIREMENT names, with what they include", async () => {
  const path = await makeApp({
    "requirements/base.txt": "six==1.16.0\n",
    "requirements/production.txt": "-r base.txt\n-c limits.txt\nhumanize\n",
    "requirements/limits.txt": "humanize<4.10\n",
    "requirements.txt": "this-is-not-installed-and-does-not-exist\n",
    "main.py": "import humanize, six\nprint(six.__version__, humanize.__version__)\n",
  });

  const { reference } = await buildAndPublish("inputs/folder", {
    path,
    env: { BP_PIP_REQUIREMENT: "requirements/production.txt" },
  });

  expect(await runApp(reference)).toMatch(/1\.16\.0 4\.[0-9]\./);
});

it("gives site-packages to a later buildpack that asks for them, also when nothing changed", async () => {
  const path = await makeApp({
    "requirements.txt": "numpy\nsix\n",
    "main.py": "import numpy, six\n",
  });
  const builder = await makeBuilderWithProbe();

  const first = await buildAndPublish("inputs/probe", { path, builder });
  const second = await buildAndPublish("inputs/probe", { path, builder });

  for (const { output } of [first, second]) {
    expect(output).toContain("/venv/bin/python");
    expect(output).toContain("probe: numpy 3 six 1.");
  }
  expect(second.image.digest).toBe(first.image.digest);
});

it("writes the lock and an SBOM of what is installed into the image", async () => {
  const path = await makeApp({ "requirements.txt": "six==1.17.0\n", "main.py": "import six\n" });

  const { reference } = await buildAndPublish("inputs/provenance", { path });
  const files = await runApp(reference, {
    args: ["--entrypoint", "sh"],
    command: [
      "-c",
      "cat /layers/ml-buildpacks_pip/lock/pylock.toml; cat /layers/sbom/launch/ml-buildpacks_site-packages/*/sbom.cdx.json",
    ],
  });

  expect(files).toContain('name = "six"');
  expect(files).toContain('"purl": "pkg:pypi/six@1.17.0"');
});

/** Our own builder with one more buildpack at the end of the groups with Python packages. */
async function makeBuilderWithProbe(): Promise<string> {
  const { namespace, runImage } = inject("platform");
  const image = `${namespace}/builder-with-probe`;
  const config = await readBuilderConfig({ build: "ml-buildpacks/build:cpu", run: runImage });
  const probe = { id: "test/probe", uri: join(ROOT, "test", "fixtures", "probe_buildpack") };
  await createPassingBuilder(await findEngine(), image, {
    ...config,
    buildpacks: [...config.buildpacks, probe],
    order: config.order.map(({ group }) => ({
      group: group.some(({ id }) => id === "ml-buildpacks/site-packages")
        ? [...group, { id: probe.id }]
        : group,
    })),
  });
  return image;
}
