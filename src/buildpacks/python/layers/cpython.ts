import { join } from "node:path";
import * as z from "zod/mini";
import { type EnvDelta, prepend, writeDelta } from "../../../cnb/layer-env.ts";
import type { BuildContext, RecreateContext } from "../../../kit/buildpack.ts";
import { isSatisfiedBy } from "../../../python/version/version-request.ts";
import { installRelease } from "../install-release.ts";
import { interpreterOf, type Release, urlOf } from "../release.ts";
import type { Origin, Request } from "../request.ts";

const NAME = "cpython";

/** Counts up when the same release gives other bytes than before: what is pruned or patched. */
const LAYOUT = 1;

const LABELS = {
  layout: "The layer's layout",
  version: "The Python version",
  archive: "The build of Python",
  arch: "The CPU architecture",
  libc: "The C library",
};

const metadataSchema = z.object({
  layout: z.number(),
  version: z.string(),
  archive: z.string(),
  arch: z.string(),
  sha256: z.string(),
});

const recordedSchema = z.object({ sha256: z.string() });

/** The release of the previous build, if it is still what is asked for. */
export async function findKeptRelease(
  context: BuildContext,
  request: Request,
): Promise<Release | undefined> {
  const found = (await context.foundLayers()).get(NAME);
  const parsed = metadataSchema.safeParse(found?.metadata);
  if (!parsed.success) return undefined;
  const { version, archive, arch } = parsed.data;
  if (arch !== context.target.arch || !isSatisfiedBy(request, version)) return undefined;
  return { version, archive, url: urlOf(archive, context.settings) };
}

/**
 * A layer with the release. On a later build nothing of it is there: the exporter takes the layer
 * of the previous image, and who needs the interpreter runs the layer's recreate command.
 */
export async function provideCpython(
  context: BuildContext,
  release: Release,
  origin: Origin,
): Promise<{ readonly interpreter: string }> {
  const { version, archive } = release;
  const layer = await context.layer({
    name: NAME,
    types: { launch: true },
    wanted: { layout: LAYOUT, version, archive, arch: context.target.arch, libc: "glibc" },
    labels: LABELS,
    recorded: recordedSchema,
  });
  const tree = treeIn(layer.path);
  const interpreter = interpreterOf(tree, version);
  if (layer.state === "kept") {
    context.log.step(`Reusing Python ${version} of the previous image`);
    return { interpreter };
  }
  context.log.discarding("Python", layer.cause);
  context.log.step(`Installing Python ${version}`);
  const sha256 = await installRelease(context, release, tree, { origin });
  await layer.writeEnv(launchEnv(tree));
  await layer.commit({ sha256 });
  return { interpreter };
}

/** Makes the same bytes at the same path, whatever release a newer uv would choose. */
export async function recreateCpython(context: RecreateContext): Promise<void> {
  const { path, metadata } = context.layer;
  const { version, archive, sha256 } = metadataSchema.parse(metadata);
  context.log.step(`Installing Python ${version} again because its layer is not restored`);
  const release = { version, archive, url: urlOf(archive, context.settings) };
  await installRelease(context, release, treeIn(path), { sha256 });
  await writeDelta(path, launchEnv(treeIn(path)));
}

/** A `lib` directory at the layer's root would be in LD_LIBRARY_PATH of every process. */
function treeIn(layerPath: string): string {
  return join(layerPath, "python");
}

/** site-packages, whose buildpack comes later, goes before it. */
function launchEnv(tree: string): EnvDelta {
  return { launch: { PATH: prepend(join(tree, "bin"), ":") } };
}
