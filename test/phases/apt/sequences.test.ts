import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { temporaryDirectory } from "../../support/temporary.ts";
import type { MadePackage } from "../../support/debian-archive.ts";
import { buildIn, makeScene, prepareImage, type Scene } from "./archive.ts";

beforeAll(prepareImage);

const LAYERS = "/layers/test_apt";

test("whatever came before, the layers are those of a build anew", async () => {
  const numbers = Array.from({ length: 24 }, (_, index) => String(index + 1).padStart(2, "0"));
  const scene = await makeScene([
    ...numbers.map((number) => ({
      name: `p${number}`,
      ...(number === "01" ? {} : { fields: { Depends: Number(number) % 2 ? "rare" : "shared" } }),
      files: { [`usr/bin/p${number}`]: `#!/usr/bin/interpreter\n${number}\n` },
    })),
    { name: "shared", files: { "usr/bin/interpreter": "", "usr/share/shared/data": "" } },
    { name: "rare", files: { "etc/rare.conf": "" } },
  ]);
  const layers = await temporaryDirectory();
  const names = numbers.map((number) => `p${number}`);
  const steps: readonly (readonly string[])[] = [
    names.slice(1, 22),
    names.slice(0, 22),
    names.slice(0, 22).filter((name) => name !== "p03"),
    names.slice(0, 22).toReversed(),
    names,
  ];
  for (const [step, lines] of steps.entries()) {
    if (step === 4) await rm(join(layers, "stand-ins"), { recursive: true });
    const files = { "apt.txt": lines.map((line) => `${line}\n`).join("") };
    const anew = await temporaryDirectory();
    await buildIn(scene, layers, { files });
    await buildIn(scene, anew, { files });

    expect(await launchLayers(layers), `step ${step}`).toEqual(await launchLayers(anew));
    expect(await listTree(join(layers, "root")), `step ${step}`).toEqual(
      await listTree(join(anew, "root")),
    );
  }
});

test("compilers get whole packages, also those whose layers change places", async () => {
  const scene = await makeScene([
    { name: "tool", fields: { Depends: "libone, shared" }, files: { "usr/bin/tool": "" } },
    { name: "first", fields: { Depends: "shared" }, files: { "usr/bin/first": "" } },
    { name: "shared", files: { "usr/share/shared/data": "" } },
    ...["one", "two"].flatMap(libraryWithHeaders),
  ]);
  const layers = await temporaryDirectory();

  await build(scene, layers, "tool\nlibone-dev\n");
  await build(scene, layers, "first\ntool\nlibone-dev\nlibtwo-dev\n");

  const tree = join(layers, "development/tree");
  expect(await readThrough(layers, join(tree, "usr/lib/libone.so.1"))).toBe("one");
  expect(await readThrough(layers, join(tree, "usr/lib/libtwo.so.1"))).toBe("two");
  expect(await readThrough(layers, join(tree, "usr/include/two.h"))).toBe("two");
});

function libraryWithHeaders(name: string): readonly MadePackage[] {
  return [
    { name: `lib${name}`, files: { [`usr/lib/lib${name}.so.1`]: name } },
    {
      name: `lib${name}-dev`,
      fields: { Section: "libdevel", Depends: `lib${name}` },
      files: { [`usr/include/${name}.h`]: name },
    },
  ];
}

async function build(scene: Scene, layers: string, text: string): Promise<void> {
  await buildIn(scene, layers, { files: { "apt.txt": text } });
}

/** What the lifecycle compares: names and metadata. */
async function launchLayers(layers: string): Promise<Readonly<Record<string, string>>> {
  const files = (await readdir(layers)).filter((name) => name.endsWith(".toml")).sort();
  const texts = await Promise.all(
    files.map(async (name) => [name, await readFile(join(layers, name), "utf8")] as const),
  );
  return Object.fromEntries(texts.filter(([, text]) => text.includes("launch = true")));
}

/** Each path with what it leads to or holds. */
async function listTree(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length);
    if (entry.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
    return entry.isDirectory() ? `${name}/` : `${name}: ${await readFile(path, "utf8")}`;
  });
  return (await Promise.all(lines)).sort();
}

/** Follows links as in the container. */
async function readThrough(layers: string, path: string): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  return target === undefined
    ? await readFile(path, "utf8")
    : await readThrough(layers, target.replace(LAYERS, layers));
}
