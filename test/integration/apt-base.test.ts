import { beforeAll, describe, expect, inject, it } from "vitest";
import { readBuilderConfig } from "../../scripts/lib/builder-config.ts";
import { createPassingBuilder, pushImage } from "../../scripts/lib/builder-image.ts";
import { cleanUpLater } from "../../scripts/lib/cleanup.ts";
import { askEngine, type Engine, findEngine } from "../../scripts/lib/engine.ts";
import { removeImage } from "../../scripts/lib/images.ts";
import { runPack } from "../../scripts/lib/pack.ts";
import { RUN_IMAGE_STATUS } from "../../src/debian/run-image.ts";
import { makeApp } from "../support/apps.ts";
import { buildAndPublish, runApp } from "../support/platform.ts";

/** A run image that came later, in the tests' registry, and a builder that belongs to it. */
interface NewerBase {
  /** In the engine. */
  readonly image: string;
  readonly runImage: string;
  readonly builder: string;
}

// jq needs libonig5, and file needs libmagic1t64, which needs zlib1g.
const APP = {
  "apt.txt": "jq\nfile\n",
  Procfile: "web: echo '{\"a\": 1}' | jq -c 'map_values(. + 1)' && file /bin/sh\n",
};
const ANSWER = /\{"a":2\}\s+\/bin\/sh: symbolic link to dash/;
const AS_ANYBODY = ["--user=12345", "--read-only", "--tmpfs=/tmp"];

let engine: Engine;
let newer: NewerBase;

beforeAll(async () => {
  engine = await findEngine();
  newer = await makeNewerBase();
});

describe("a newer base, with one more library and a newer version of another", () => {
  it("has the packages chosen again for it, and says why", async () => {
    const path = await makeApp(APP);
    const name = "apt-base/rebuilt";
    const first = await buildAndPublish(name, { path });
    const { builder, runImage } = newer;

    const second = await buildAndPublish(name, { path, builder, runImage });
    const third = await buildAndPublish(name, { path, builder, runImage });

    expect(first.output).toMatch(/Resolved \d+ packages/);
    expect(second.output).toMatch(
      /Discarding the earlier packages since:\n - the run image has libonig5 \S+ now\n - the run image has zlib1g \S+ in place of \S+\nResolved \d+ packages\nCompared with the previous lock:\n - libonig5 \S+ removed\n(?! - )/,
    );
    expect(second.output).not.toContain("[Warning");
    expect(third.output).toMatch(/Reusing \d+ packages of the previous image/);
    expect(third.image.digest).toBe(second.image.digest);
    const [before, after] = [exactly(first), exactly(second)];
    expect(await runApp(after, { args: AS_ANYBODY })).toMatch(ANSWER);
    expect(await librariesOf(before)).toContain("libonig.so.5 => /layers/");
    expect(await librariesOf(after)).toMatch(/libonig\.so\.5 => (?:\/usr)?\/lib\//);
  });

  it("can be put under an image as it is", async () => {
    const prefix = `${inject("platform").registry}/moving`;
    const path = await makeApp(APP);
    const runImage = await pushImage(engine, "ml-buildpacks/run:cpu", prefix);
    const { reference } = await buildAndPublish("apt-base/rebased", { path, runImage });

    // The same name means the newer one from now on.
    await pushImage(engine, newer.image, prefix);
    await runPack(engine, ["rebase", reference, "--publish"]);

    expect(await runApp(reference, { args: AS_ANYBODY })).toMatch(ANSWER);
    // The layers' own copy stays, until the app is built again.
    expect(await librariesOf(reference)).toContain("libonig.so.5 => /layers/");
  });
});

/** The tag means another image by now. */
function exactly({ reference, image }: Awaited<ReturnType<typeof buildAndPublish>>): string {
  return `${reference}@${image.digest}`;
}

async function librariesOf(reference: string): Promise<string> {
  const args = [...AS_ANYBODY, "--entrypoint=launcher"];
  return runApp(reference, { args, command: ["sh", "-c", 'ldd "$(command -v jq)"'] });
}

async function makeNewerBase(): Promise<NewerBase> {
  const { registry, namespace, runImage } = inject("platform");
  const [run, build, builder] = ["run", "build", "builder"].map(
    (what) => `${namespace}/newer/${what}:cpu`,
  ) as [string, string, string];
  await makeImage(run, runImage, `RUN ${UPDATE}`);
  await makeImage(
    build,
    "ml-buildpacks/build:cpu",
    `RUN ${UPDATE}\nCOPY --from=${run} /var/lib/dpkg/status ${RUN_IMAGE_STATUS}`,
  );
  const published = await pushImage(engine, run, `${registry}/newer`);
  const config = await readBuilderConfig({ build, run });
  await createPassingBuilder(engine, builder, config);
  return { image: run, runImage: published, builder };
}

/** Both images go the same way, as stacks/cpu has it. */
const UPDATE = [
  "apt-get update",
  "apt-get install --yes --no-install-recommends libonig5",
  "rm -rf /var/lib/apt/lists/*",
  // An update that Debian may have by then.
  `sed -i '/^Package: zlib1g$/,/^$/s/^Version: .*/&+deb13u9/' /var/lib/dpkg/status`,
].join(" && ");

async function makeImage(image: string, base: string, steps: string): Promise<void> {
  cleanUpLater(image, () => removeImage(engine, image));
  const dockerfile = `FROM ${base}\nUSER root\n${steps}\nUSER 1000:1000\n`;
  await askEngine(engine, ["build", "--network=host", "--force-rm", `--tag=${image}`, "-"], {
    input: dockerfile,
  });
}
