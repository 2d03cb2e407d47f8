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
    /Reusing \d+ packages of the previous image[^]* {2}Installing Debian packages for compilers again because they are not kept\n[^]*\nReusing 2 of 3 parts of the environment/,
  );
  expect(await run(second)).toMatch(/\[\]\s+\d{6} 0 headers$/m);

  await writeFiles(path, { "apt.txt": "libpq-dev\nunixodbc-dev\nlibyaml-dev\n" });
  const third = await build();
  expect(third.output).toMatch(
    /Discarding 2 of 3 parts of the environment since:\n - The set of packages for compilers has changed\n - libyaml-dev has changed\nBuilding/,
  );
  expect(third.output).toContain("Building psycopg2");
  expect(await run(third)).toMatch(/\[\]\s+\d{6} 0 headers$/m);
});

it("compiles rasterio against Debian's GDAL, whose programs are there as well", async () => {
  const path = await makeApp({
    "apt.txt": "gdal-bin\nlibgdal-dev\n",
    "requirements.txt": "--no-binary rasterio\nrasterio\n",
    "main.py": [
      "import subprocess, numpy, rasterio",
      "from rasterio.transform import from_origin",
      "place = dict(crs='EPSG:32632', transform=from_origin(500000, 5000000, 10, 10))",
      "shape = dict(height=2, width=2, count=1, dtype='uint8')",
      "with rasterio.open('/tmp/a.tif', 'w', driver='GTiff', **shape, **place) as file:",
      "    file.write(numpy.ones((1, 2, 2), 'uint8'))",
      "subprocess.run(['gdalwarp', '-q', '-t_srs', 'EPSG:4326', '/tmp/a.tif', '/tmp/b.tif'], check=True)",
      "with rasterio.open('/tmp/b.tif') as file: print(file.crs, round(file.bounds.top, 2))",
      "",
    ].join("\n"),
  });

  const { output, reference } = await buildAndPublish("apt/rasterio", { path });

  expect(output).toMatch(/Building rasterio \S+ from source/);
  expect(
    await runApp(reference, { args: ["--user=12345", "--read-only", "--tmpfs=/tmp"] }),
  ).toMatch(/EPSG:4326 45\.15/);
});
