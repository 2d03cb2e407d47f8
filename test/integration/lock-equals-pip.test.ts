import { chmod, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod/mini";
import { bundleBuildpack } from "../../scripts/lib/bundle.ts";
import { findCaBundle } from "../../scripts/lib/ca-bundle.ts";
import { cleanUp } from "../../scripts/lib/cleanup.ts";
import { readAll } from "../../scripts/lib/command.ts";
import { findEngine } from "../../scripts/lib/engine.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { prepareStack } from "../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";
import type { Hardware } from "../../src/accelerator/hardware.ts";
import { lockFileSchema, normalizeName } from "../../src/python/lock.ts";

const FIXTURES = join(ROOT, "test", "fixtures", "requirements");

// Each app is locked by bin/build, and resolved by the newest pip, in the same image within the
// same minute: what is published in between would be a difference that says nothing.
let work: string;

beforeAll(async () => {
  await bundleBuildpack(ROOT, "pip");
  work = await makeTemporaryFolder();
  await cp(FIXTURES, join(work, "apps"), { recursive: true });
  await mkdir(join(work, "out"));
  await writeFile(join(work, "compare.sh"), COMPARE);
  await openTo(work);
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  const bundle = findCaBundle();
  const trust =
    bundle === undefined
      ? []
      : [
          "--volume",
          `${bundle}:/roots.pem:ro`,
          "--env",
          "SSL_CERT_FILE=/roots.pem",
          "--env",
          "PIP_CERT=/roots.pem",
        ];
  await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=host", "--volume", `${work}:/work`, ...trust],
      ...["--volume", `${join(ROOT, "buildpacks", "pip")}:/buildpack:ro`, build],
      ...["sh", "/work/compare.sh"],
    ],
    { env: engine.env },
  );
});

afterAll(cleanUp);

const CUDA = JSON.stringify({
  accelerator: {
    ...{ name: "cuda", specifier: "", assumed: false },
    ...{ origin: { file: "hardware.txt", line: 1 }, text: "cuda" },
  },
  gpus: [],
  libraries: [],
} satisfies Hardware);

const COMPARE = `set -eu
export UV_CACHE_DIR=/tmp/uv-cache
uv venv --quiet /tmp/pip && uv pip install --quiet --python /tmp/pip pip
export CNB_PLATFORM_DIR=/platform CNB_BUILDPACK_DIR=/buildpack CNB_BP_PLAN_PATH=/dev/null
export ML_BUILDPACKS_PYTHON=/usr/bin/python3 ML_BUILDPACKS_PYTHON_VERSION=$(python3 -c 'import platform; print(platform.python_version())')
for app in /work/apps/*; do
  name=$(basename "$app"); out=/work/out/$name; mkdir "$out"; cd "$app"
  export CNB_LAYERS_DIR=/tmp/layers/$name; mkdir -p "$CNB_LAYERS_DIR"
  # pip takes torch from PyPI, which has it for CUDA.
  case $name in torch) export BP_TORCH_INDEX=default ML_BUILDPACKS_HARDWARE='${CUDA}';; *) unset BP_TORCH_INDEX ML_BUILDPACKS_HARDWARE;; esac
  /buildpack/bin/build >"$out/build.log" 2>&1 && cp "$CNB_LAYERS_DIR/handover/lock.json" "$out/lock.json" || true
  /tmp/pip/bin/pip install --quiet --dry-run --ignore-installed --no-input --disable-pip-version-check --no-cache-dir \\
    --report "$out/report.json" --requirement requirements.txt >"$out/pip.log" 2>&1 || true
  chmod -R a+rX "$out"
done
`;

const reportSchema = z.object({
  install: z.array(
    z.object({
      metadata: z.object({ name: z.string(), version: z.string() }),
      download_info: z.object({
        url: z.string(),
        archive_info: z.optional(
          z.object({ hashes: z.optional(z.record(z.string(), z.string())) }),
        ),
      }),
    }),
  ),
});

const names = await readdir(FIXTURES);

test.each(names)("%s", async (name) => {
  const [locked, resolved] = await Promise.all([readLock(name), readReport(name)]);

  expect(resolved).not.toEqual([]);
  expect(locked).toEqual(resolved);
});

/** "numpy 2.2.6 sha256…"; a directory of the app has no version of its own in a lock. */
async function readLock(name: string): Promise<readonly string[]> {
  const text = await readFile(join(work, "out", name, "lock.json"), "utf8").catch(async () => {
    throw new Error(await readFile(join(work, "out", name, "build.log"), "utf8"));
  });
  const { distributions } = lockFileSchema.parse(JSON.parse(text));
  return distributions
    .map((distribution) => {
      const { name: project, version, from } = distribution;
      if (from === "directory") return `${project} ${distribution.path}`;
      return `${project} ${version} ${from === "git" ? distribution.commit : distribution.sha256}`;
    })
    .sort();
}

async function readReport(name: string): Promise<readonly string[]> {
  const text = await readFile(join(work, "out", name, "report.json"), "utf8").catch(async () => {
    throw new Error(await readFile(join(work, "out", name, "pip.log"), "utf8"));
  });
  return reportSchema
    .parse(JSON.parse(text))
    .install.map(({ metadata, download_info: { url, archive_info: archive } }) => {
      const project = normalizeName(metadata.name);
      if (archive === undefined) {
        const path = url.replace(`file:///work/apps/${name}`, "").replace(/^\//, "");
        return `${project} ${path === "" ? "." : path}`;
      }
      return `${project} ${metadata.version} ${archive.hashes?.["sha256"]}`;
    })
    .sort();
}

/** The container's user is another than this one. */
async function openTo(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  }
  await chmod(root, 0o777);
}
