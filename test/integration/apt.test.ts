import { expect, it } from "vitest";
import { makeApp } from "../support/apps.ts";
import { writeFiles } from "../support/phase.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

const AS_ANYBODY = ["--user=12345", "--read-only", "--tmpfs=/tmp"];

it("gives an app without Python its tools; later builds cost what changed", async () => {
  const path = await makeApp({
    "apt.txt": "# draws\ngraphviz\nfonts-dejavu-core\n",
    Procfile: "web: echo 'digraph { before -> after }' | dot -Tpdf | head -c 8; dot -Tsvg -V\n",
  });
  const build = () => buildAndPublish("apt/tools", { path });

  const first = await build();
  const second = await build();
  await writeFiles(path, { "apt.txt": "graphviz\nfonts-dejavu-core\njq=1.7*\n" });
  const third = await build();
  const anew = await buildAndPublish("apt/tools-anew", { path });
  await writeFiles(path, { "apt.txt": "graphviz\nfonts-dejavu-core\njq=1.7*\nfonts-liberation\n" });
  const fourth = await build();

  expect(await runApp(at(first), { args: AS_ANYBODY })).toMatch(/%PDF-1\.\d.*graphviz version/);
  expect(second.output).toMatch(/Reusing \d+ packages of the previous image/);
  expect(second.image.digest).toBe(first.image.digest);
  expect(third.output).toMatch(
    /Discarding the earlier packages since:\n - apt\.txt has changed\nResolved \d+ packages\nCompared with the previous lock:\n - jq 1\.7\S* added\n(?: - libjq1 \S+ added\n)?(?: - libonig5 \S+ added\n)?Fetching [123] packages? \(\d+ kB\)\n/,
  );
  expect(third.output).not.toContain("Adding layer 'ml-buildpacks/apt:for-graphviz'");
  expect(third.image.digest).toBe(anew.image.digest);
  const jq = { command: ["jq", "--version"], args: [...AS_ANYBODY, "--entrypoint=launcher"] };
  expect(await runApp(at(third), jq)).toMatch(/jq-1\.7/);
  // The list of all fonts is made by a program of the packages, which needs them to be there.
  expect(fourth.output).toMatch(/Fetching 1 package .*[^]*Fetching \d{2,} packages/);
  expect(await runApp(at(fourth), { args: AS_ANYBODY })).toMatch(/%PDF-1\.\d/);
});

function at({ reference, image }: Awaited<ReturnType<typeof buildAndPublish>>): string {
  return `${reference}@${image.digest}`;
}

it("gives packages of Python the libraries that they leave to the system", async () => {
  const path = await makeApp({
    "apt.txt": "libgl1-mesa-glx\nlibglib2.0-0\nlibsm6\nlibxcb1\n",
    "requirements.txt": "opencv-python\n",
    "main.py": "import cv2, numpy\nprint(cv2.blur(numpy.ones((3, 3)), (3, 3)).sum())\n",
  });

  const { output, reference } = await buildAndPublish("apt/opencv", { path });

  expect(output).toContain("libgl1-mesa-glx");
  expect(output).toContain("Leaving out libglx-mesa0 and what only it needs");
  expect(output).not.toContain("[Warning");
  expect(await runApp(reference, { args: AS_ANYBODY })).toMatch(/(^|\n)9\.0$/);
});
