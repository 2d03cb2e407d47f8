import { expect, it } from "vitest";
import { makeApp } from "../support/apps.ts";
import { writeFiles } from "../support/phase.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

it("compiles against headers of apt.txt, which stay out of the image, at each build", async () => {
  const path = await makeApp({
    "apt.txt": "libpq-dev\nunixodbc-dev\n",
    "requirements.txt": "--no-binary pyodbc\npsycopg2\n",
    "main.py": [
      "import sys, pathlib, psycopg2",
      "if 'pyodbc' in open('requirements.txt').read().splitlines(): import pyodbc; print(pyodbc.drivers())",
      "headers = list(pathlib.Path('/layers/ml-buildpacks_apt').rglob('*.h'))",
      "print(psycopg2.__libpq_version__, len(headers), 'headers')",
      "",
    ].join("\n"),
  });
  const build = () => buildAndPublish("apt/development", { path });
  const run = ({ reference, image }: Awaited<ReturnType<typeof build>>) =>
    runApp(`${reference}@${image.digest}`);

  const first = await build();
  expect(await run(first)).toMatch(/^\d{6} 0 headers$/m);

  await writeFiles(path, { "requirements.txt": "--no-binary pyodbc\npsycopg2\npyodbc\n" });
  const second = await build();
  expect(second.output).toMatch(
    /Reusing \d+ packages of the previous image[^]*\nUsing 1 cached wheel\n {2}Installing Debian packages for compilers again because they are not kept\n/,
  );
  expect(await run(second)).toMatch(/\[\]\s+\d{6} 0 headers$/m);

  await writeFiles(path, { "apt.txt": "libpq-dev\nunixodbc-dev\nlibyaml-dev\n" });
  const third = await build();
  expect(third.output).toMatch(
    /Discarding the environment since:\n - Debian-packages has changed\n - libyaml-dev has changed\nBuilding/,
  );
  expect(third.output).toContain("Building psycopg2");
  expect(await run(third)).toMatch(/\[\]\s+\d{6} 0 headers$/m);
});
