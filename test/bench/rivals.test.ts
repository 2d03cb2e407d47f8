import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { APPS } from "../../bench/apps.ts";
import { argsOf, RIVALS, torchIn, writeDockerfile } from "../../bench/rivals.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { temporaryDirectory } from "../support/temporary.ts";

afterAll(cleanUp);

const START = ["uvicorn", "main:app"];

it.each([
  ["fastapi\ntorch==2.13.0\ntorchvision==0.28.0\n", "torch==2.13.0"],
  ["torchvision\ntorch >=2.11  # as the driver has it\n", "torch >=2.11"],
  ["torch", "torch"],
  ["torch-geometric\ntorch_scatter\ntorchvision\n", undefined],
])("%j asks for %s", (requirements, line) => {
  expect(torchIn(requirements)).toBe(line);
});

it("ends a Dockerfile with the app's command", async () => {
  const folder = await temporaryDirectory();
  const text = await readFile(await writeDockerfile(rival("uv"), { folder, start: START }), "utf8");
  expect(text).toBe(
    `${await readFile(join(ROOT, "bench/rivals/uv.Dockerfile"), "utf8")}CMD ["uvicorn","main:app"]\n`,
  );
});

it.each(APPS.flatMap((app) => app.rivals.map((name) => ({ app, name, of: app.name }))))(
  "installs by $name all that $of asks for",
  async ({ app, name }) => {
    const folder = join(ROOT, app.folder);
    const path = await writeDockerfile(rival(name), { ...app, folder });
    const steps = (await readFile(path, "utf8")).replaceAll(/^#.*$/gm, "").split(/^(?=RUN )/m);
    const installs = (program: RegExp, file: string) =>
      steps.some((step) => program.test(step) && step.includes(file));
    expect(installs(/apt-get install/, "apt.txt")).toBe(existsSync(join(folder, "apt.txt")));
    expect(installs(/pip install|conda/, app.requirements)).toBe(true);
  },
);

it("gives torch a step of its own, with the line that the app has", async () => {
  const apps = APPS.filter(({ rivals }) => rivals.includes("torch-run"));
  expect(apps).not.toEqual([]);
  for (const { folder } of apps) {
    const { torch = "" } = await argsOf(rival("torch-run"), join(ROOT, folder));
    expect(torch).toMatch(/^torch==/);
  }
});

it("has no torch-run for an app without torch", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "requirements.txt"), "torchvision\n");
  await expect(argsOf(rival("torch-run"), folder)).rejects.toThrow("torch-run needs torch");
  expect(await argsOf(rival("uv"), folder)).toEqual({});
});

it("has a Dockerfile for each, and no other", async () => {
  const files = await readdir(join(ROOT, "bench/rivals"));
  const names = files.flatMap((file) => /^(.*?)(-apt)?\.Dockerfile$/.exec(file)?.[1] ?? []);
  expect(new Set(names)).toEqual(new Set(RIVALS.map(({ name }) => name)));
});

function rival(name: string) {
  const found = RIVALS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}
