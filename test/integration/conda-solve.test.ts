import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  condaLog,
  environmentFile,
  failingBuild,
  lockOf,
  makeLastingApp,
  serveTestChannels,
  type TestChannels,
} from "../support/conda-builds.ts";
import { type MadeCondaPackage, publishCondaPackage } from "../../scripts/lib/conda/channel.ts";
import { buildAndPublish } from "../support/platform.ts";

let channels: TestChannels;

beforeAll(async () => {
  channels = await serveTestChannels([
    made("walker", "1.0", ["shoe >=1.0"]),
    made("shoe", "1.0", ["lace"]),
    made("lace", "1.0"),
    made("hat", "1.0", ["lace >=1.0"]),
    made("skater", "1.0", ["shoe >=1.1"]),
  ]);
});

describe("what an environment has", () => {
  it("stays when lines are added, moves where a line demands it, and anew on request, once", async () => {
    const app = await makeLastingApp({ Procfile: "web: true\n" });
    const build = async (dependencies: readonly string[], epoch?: string) => {
      const text = environmentFile([channels.own], dependencies);
      await writeFile(join(app, "environment.yml"), text);
      const env = epoch === undefined ? {} : { env: { BP_LOCK_EPOCH: epoch } };
      return await buildAndPublish("conda/versions", { path: app, ...env });
    };

    const first = await build(["walker"]);
    expect(lockOf(first.image)).toEqual(["lace-1.0-0", "shoe-1.0-0", "walker-1.0-0"]);

    await publish("shoe", "1.1", ["lace"]);
    await publish("lace", "1.1");
    const added = await build(["walker", "hat"]);
    expect(lockOf(added.image)).toEqual([
      ...["hat-1.0-0", "lace-1.0-0", "shoe-1.0-0", "walker-1.0-0"],
    ]);

    const demanding = await build(["walker", "hat", "skater"]);
    expect(lockOf(demanding.image)).toEqual([
      ...["hat-1.0-0", "lace-1.0-0", "shoe-1.1-0", "skater-1.0-0", "walker-1.0-0"],
    ]);
    expect(condaLog(demanding.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Discarding cached lock since:
       - skater is new
      Solving for linux-64
      Solved: 5 packages (… s)
      Compared with the previous lock:
       - shoe 1.0 → 1.1
       - skater 1.0 added
      Discarding the environment since:
       - The set of packages has changed
      Installing 5 packages
      Done (… s)"
    `);

    await publish("shoe", "1.2", ["lace"]);
    const anew = await build(["walker", "hat", "skater"], "2026-11");
    expect(lockOf(anew.image)).toEqual([
      ...["hat-1.0-0", "lace-1.1-0", "shoe-1.2-0", "skater-1.0-0", "walker-1.0-0"],
    ]);
    expect(condaLog(anew.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Discarding cached lock since:
       - BP_LOCK_EPOCH has changed
      Solving for linux-64
      Solved: 5 packages (… s)
      Compared with the previous lock:
       - lace 1.0 → 1.1
       - shoe 1.1 → 1.2
      Discarding the environment since:
       - The set of packages has changed
      Installing 5 packages
      Done (… s)"
    `);

    await publish("lace", "1.2");
    const asked = channels.requests.length;
    const again = await build(["walker", "hat", "skater"], "2026-11");
    expect(channels.requests.slice(asked)).toEqual([]);
    expect(again.image.digest).toBe(anew.image.digest);
    const fewer = await build(["walker", "hat"], "2026-11");
    expect(lockOf(fewer.image)).toEqual([
      ...["hat-1.0-0", "lace-1.1-0", "shoe-1.2-0", "walker-1.0-0"],
    ]);
  });
});

describe("what the image is to run on", () => {
  const build = async (name: string, dependencies: readonly string[], env = {}) =>
    await buildAndPublish(`conda/${name}`, {
      path: await makeLastingApp({
        "environment.yml": environmentFile([channels.real], dependencies),
        Procfile: "web: accel\n",
      }),
      env,
    });

  it("decides between variants, and a change of it is told", async () => {
    const cpu = await build("hardware", ["accel"], { BP_HARDWARE: "cpu" });
    expect(lockOf(cpu.image)).toEqual(["accel-2.0-cpu_0"]);
    expect(cpu.image.labels["io.ml-buildpacks.accelerator"]).toBe("cpu");

    const cuda = await build("hardware", ["accel"], { BP_HARDWARE: "cuda==12.8" });
    expect(lockOf(cuda.image)).toEqual(["accel-2.0-cuda_0", "cuda-version-12.8-0"]);
    expect(cuda.image.labels).toMatchObject({
      "io.ml-buildpacks.accelerator": "cuda",
      "io.ml-buildpacks.cuda": "12.8",
    });
    expect(condaLog(cuda.output, channels)).toMatchInlineSnapshot(`
      "Found environment.yml
      Discarding cached lock since:
       - __cuda=12.8=0 is new
       - cuda-version =12.8 is new
       - cudatoolkit =12.8 is new
      Solving for linux-64
      Solved: 2 packages (… s)
      Compared with the previous lock:
       - accel 2.0: build cpu_0 → cuda_0
       - cuda-version 12.8 added
      Discarding the environment since:
       - The set of packages has changed
      Installing 2 packages
      Done (… s)
      Using CUDA 12.8, which the packages bring"
    `);
  });

  it("has the run image's C library", async () => {
    const { image } = await build("glibc", ["needs-glibc"]);

    expect(lockOf(image)).toEqual(["needs-glibc-1.0-0"]);
  });

  it("has the oldest processor of its kind, unless told otherwise", async () => {
    const path = await makeLastingApp({
      "environment.yml": environmentFile([channels.real], ["needs-v3"]),
      Procfile: "web: true\n",
    });
    const env = { BP_CONDA_ARCHSPEC: "x86_64_v3" };

    expect(await failingBuild("conda/old", { path }, channels)).toMatchInlineSnapshot(`
      "[Error: No set of packages fits what environment.yml asks for]

      needs-v3 cannot be installed because there are no viable options:
      └─ needs-v3 1.0 would require
         └─ __archspec ==1 x86_64_v3, for which no candidates were found

      Found in environment.yml, line 4: needs-v3

      - __archspec is the oldest processor that the image is for. Where all of yours are newer, set BP_CONDA_ARCHSPEC=x86_64_v3."
    `);
    const { image } = await buildAndPublish("conda/v3", { path, env });
    expect(lockOf(image)).toEqual(["needs-v3-1.0-0"]);
  });
});

function made(name: string, version: string, depends: readonly string[] = []): MadeCondaPackage {
  return { name, version, depends, noarch: "generic", files: { [`share/${name}`]: version } };
}

async function publish(...args: Parameters<typeof made>): Promise<void> {
  await publishCondaPackage(channels.ownDirectory, made(...args));
}
