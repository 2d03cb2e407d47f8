import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { readAll } from "../../../scripts/lib/command.ts";
import { findEngine } from "../../../scripts/lib/engine.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { parseToml } from "../../../src/cnb/toml.ts";
import { bundled } from "../python/build-image.ts";

const entrySchema = z.union([
  z.object({ kind: z.literal("file"), mode: z.number(), digest: z.string() }),
  z.object({ kind: z.literal("directory"), mode: z.number() }),
  z.object({ kind: z.literal("special"), mode: z.number() }),
  /** Where it leads to in the end; no digest where that is no file. */
  z.object({ kind: z.literal("link"), real: z.string(), digest: z.nullable(z.string()) }),
]);

export type Entry = z.infer<typeof entrySchema>;

/** By path, without a leading slash. */
export type Files = ReadonlyMap<string, Entry>;

export interface ByApt {
  readonly before: Files;
  readonly after: Files;
  /** "name version" of what was added. */
  readonly packages: readonly string[];
}

export interface ByBuildpack {
  readonly files: Files;
  readonly packages: readonly string[];
  /** All that was said. */
  readonly log: string;
}

/** As root in the run image, with the manual pages and translations that it leaves out itself. */
export async function installByApt(names: readonly string[], directory: string): Promise<ByApt> {
  const output = await prepareOutput(directory);
  const { run } = await prepareStack(await findEngine(), "cpu");
  await inContainer(
    run,
    output,
    [],
    [
      // Not to wait for the disk.
      // Scripts of some packages fail where the directories for manuals are left out.
      "for section in 1 2 3 4 5 6 7 8; do mkdir -p /usr/share/man/man$section; done",
      "echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/quick",
      `packages() { dpkg-query --show --showformat='\${Package} \${Version}\\n' | sort; }`,
      "packages > /tmp/packages",
      "python3 /out/list-files.py / '' > /out/before.json",
      "apt-get -qq update",
      `DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends ${names.join(" ")}`,
      "python3 /out/list-files.py / '' > /out/after.json",
      "packages | comm -13 /tmp/packages - > /out/packages",
    ],
  );
  return {
    before: await readFiles(join(output, "before.json")),
    after: await readFiles(join(output, "after.json")),
    packages: (await readFile(join(output, "packages"), "utf8")).trim().split("\n"),
  };
}

const LAYERS = "/layers/ml-buildpacks_apt";
const ROOT_TREE = `${LAYERS}/root/tree`;
/** What scripts in Python begin with; see src/debian/generated/python-scripts.ts. */
const PYTHON_START = `${ROOT_TREE}/usr/lib/ml-buildpacks/python-script`;

/** Unprivileged in the build image. */
export async function installByBuildpack(
  names: readonly string[],
  directory: string,
): Promise<ByBuildpack> {
  const output = await prepareOutput(directory);
  const { build } = await prepareStack(await findEngine(), "cpu");
  await writeFile(join(output, "apt.txt"), `${names.join("\n")}\n`);
  const volume = `--volume=${await bundled("apt")}:/buildpack:ro`;
  const log = await inContainer(
    build,
    output,
    [volume],
    [
      `install -d -o 1000 -g 1000 /layers ${LAYERS} /platform`,
      `export CNB_LAYERS_DIR=${LAYERS} CNB_PLATFORM_DIR=/platform CNB_BUILDPACK_DIR=/buildpack`,
      "export CNB_BP_PLAN_PATH=/platform/plan.toml BP_LOG_LEVEL=debug HOME=/home/cnb",
      "export CNB_TARGET_OS=linux CNB_TARGET_ARCH=$(dpkg --print-architecture)",
      "export CNB_TARGET_DISTRO_NAME=debian CNB_TARGET_DISTRO_VERSION=13",
      "echo 'entries = []' > $CNB_BP_PLAN_PATH",
      "cd /out",
      "setpriv --reuid=1000 --regid=1000 --clear-groups -- /buildpack/bin/build",
      `python3 /out/list-files.py ${ROOT_TREE} ${LAYERS} ' ${PYTHON_START}' ${ROOT_TREE} > /out/files.json`,
      `cp ${LAYERS}/root.toml /out/`,
    ],
  );
  const metadata = parseToml(await readFile(join(output, "root.toml"), "utf8"))["metadata"];
  const { packages } = metadataSchema.parse(metadata);
  const files = await readFiles(join(output, "files.json"));
  return {
    files: new Map([...files].map(([path, entry]) => [path, withoutStore(entry)])),
    packages: packages.filter(({ launch }) => launch).map((one) => `${one.name} ${one.version}`),
    log,
  };
}

const metadataSchema = z.object({
  packages: z.array(z.object({ name: z.string(), version: z.string(), launch: z.boolean() })),
});

/** A link that ends at a file of a store layer ends where Debian has that file. */
function withoutStore(entry: Entry): Entry {
  if (entry.kind !== "link") return entry;
  return { ...entry, real: entry.real.replace(new RegExp(`^${LAYERS}/[^/]+/tree`), "") };
}

async function prepareOutput(directory: string): Promise<string> {
  await mkdir(directory);
  await chmod(directory, 0o777);
  const lister = await readFile(join(import.meta.dirname, "list-files.py"));
  await writeFile(join(directory, "list-files.py"), lister);
  return directory;
}

async function inContainer(
  image: string,
  output: string,
  options: readonly string[],
  steps: readonly string[],
): Promise<string> {
  const engine = await findEngine();
  return await readAll(
    engine.cli,
    ["run", "--rm", "--network=host", "--user=0", `--volume=${output}:/out`]
      .concat(options)
      .concat(image, "sh", "-euc", steps.join("\n")),
    { env: engine.env },
  );
}

async function readFiles(path: string): Promise<Files> {
  const parsed = z.record(z.string(), entrySchema).parse(JSON.parse(await readFile(path, "utf8")));
  return new Map(Object.entries(parsed));
}
