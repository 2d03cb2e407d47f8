import * as z from "zod/mini";
import type { StoredImage } from "./image.ts";

/** What a layer is there for. */
export interface LayerRole {
  /** "ml-buildpacks/site-packages:torch", "the app", "run image: layer 1", "RUN pip install …". */
  readonly name: string;
  /** "step": of a Dockerfile, or of whatever made the image. */
  readonly part: "run image" | "buildpack" | "app" | "lifecycle" | "step";
  /** A Dockerfile's command: it gives other bytes whenever it runs again. */
  readonly runs: boolean;
  /** The packages that its buildpack's metadata names; none where it says nothing of them. */
  readonly packages: readonly NamedPackage[];
}

export interface NamedPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * The roles of an image's layers, in their order. How many are the run image's is said by the
 * lifecycle's label; of an image without it, the layers count that it has in common with the run
 * image of one of the `others`.
 */
export function rolesOf(
  image: Pick<StoredImage, "labels" | "layers">,
  others: readonly Pick<StoredImage, "labels" | "layers">[] = [],
): readonly LayerRole[] {
  const metadata = lifecycleMetadata(image.labels);
  const base = baseLayers(image, others);
  const named = metadata === undefined ? new Map<string, LayerRole>() : namedLayers(metadata);
  return image.layers.map(({ diffId, createdBy }, index) => {
    const step = describeStep(createdBy) || `layer ${index + 1}`;
    const role = { name: step, runs: step.startsWith("RUN "), packages: [] };
    if (index < base) return { ...role, name: `run image: ${step}`, part: "run image" };
    return named.get(diffId) ?? { ...role, part: "step" };
  });
}

function baseLayers(
  image: Pick<StoredImage, "labels" | "layers">,
  others: readonly Pick<StoredImage, "labels" | "layers">[],
): number {
  const own = countBase(image);
  if (own > 0) return own;
  const inCommon = others.map((other) => {
    const base = other.layers.slice(0, countBase(other));
    const differs = base.findIndex(({ diffId }, index) => diffId !== image.layers[index]?.diffId);
    return differs === -1 ? base.length : differs;
  });
  return Math.max(0, ...inCommon);
}

function countBase({ labels, layers }: Pick<StoredImage, "labels" | "layers">): number {
  const top = lifecycleMetadata(labels)?.runImage?.topLayer;
  return layers.findIndex(({ diffId }) => diffId === top) + 1;
}

/** Absent where the image is not one of the lifecycle's. */
function lifecycleMetadata(labels: Readonly<Record<string, string>>): Metadata | undefined {
  const text = labels["io.buildpacks.lifecycle.metadata"];
  return text === undefined ? undefined : Metadata.safeParse(JSON.parse(text)).data;
}

function namedLayers(metadata: Metadata): ReadonlyMap<string, LayerRole> {
  const roles = new Map<string, LayerRole>();
  const add = (sha: string | undefined, role: Pick<LayerRole, "name" | "part" | "packages">) => {
    if (sha !== undefined) roles.set(sha, { ...role, runs: false });
  };
  const lifecycle = (name: string) => ({ name, part: "lifecycle" as const, packages: [] });
  add(metadata.sbom?.sha, lifecycle("SBOM"));
  add(metadata.launcher?.sha, lifecycle("launcher"));
  add(metadata.config?.sha, lifecycle("launcher's configuration"));
  add(metadata["process-types"]?.sha, lifecycle("process types"));
  for (const { sha } of metadata.app ?? [])
    add(sha, { name: "the app", part: "app", packages: [] });
  for (const { key, layers } of metadata.buildpacks ?? []) {
    for (const [layer, { sha, data }] of Object.entries(layers ?? {})) {
      // apt's `root` names all packages, and has files of none: links, and what was made of them.
      const packages = layer === "root" ? [] : (Packages.safeParse(data).data?.packages ?? []);
      add(sha, { name: `${key}:${layer}`, part: "buildpack", packages });
    }
  }
  return roles;
}

/** As the Dockerfile has it, without what the builders put around it. */
function describeStep(createdBy: string): string {
  return createdBy
    .replace(/^(?:RUN )?(?:\|\d+ .*?)?\/bin\/sh -c (?!#\(nop\))/s, "RUN ")
    .replace(/^\/bin\/sh -c #\(nop\) +/, "")
    .replace(/# buildkit$/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const Digest = z.optional(z.object({ sha: z.optional(z.string()) }));

// https://github.com/buildpacks/spec/blob/main/platform.md#iobuildpackslifecyclemetadata-json
const Metadata = z.object({
  runImage: z.optional(z.object({ topLayer: z.optional(z.string()) })),
  app: z.nullish(z.array(z.object({ sha: z.optional(z.string()) }))),
  sbom: Digest,
  launcher: Digest,
  config: Digest,
  "process-types": Digest,
  buildpacks: z.nullish(
    z.array(
      z.object({
        key: z.string(),
        layers: z.nullish(
          z.record(
            z.string(),
            z.object({ sha: z.optional(z.string()), data: z.optional(z.unknown()) }),
          ),
        ),
      }),
    ),
  ),
});
type Metadata = z.infer<typeof Metadata>;

/** As our apt buildpack's layers have it, whose files no list of dpkg's tells of. */
const Packages = z.object({
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
});
