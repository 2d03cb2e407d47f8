import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { RIVALS, torchIn, writeDockerfile } from "../../bench/rivals.ts";
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

it("installs Debian packages where the app has an apt.txt", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "apt.txt"), "jq\n");
  const path = await writeDockerfile(rival("pip"), { folder, start: START });
  expect(await readFile(path, "utf8")).toContain("apt.txt");
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
