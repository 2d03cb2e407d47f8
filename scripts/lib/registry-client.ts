import { Readable } from "node:stream";
import * as z from "zod/mini";
import { ScriptFailure } from "./failure.ts";

/** What a registry says of one image. */
export interface RemoteImage {
  /** Of the manifest: "sha256:…". */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** NAME=value, as in the image's configuration. */
  readonly env: readonly string[];
  /** All of it, for those who need more: https://github.com/opencontainers/image-spec/blob/main/config.md */
  readonly configuration: unknown;
  /** From the lowest to the highest. */
  readonly layers: readonly RemoteLayer[];
}

export interface RemoteLayer {
  /** Of the compressed blob: "sha256:…". */
  readonly digest: string;
  /** Of the uncompressed tar: "sha256:…". */
  readonly diffId: string;
  /** Compressed, in bytes. */
  readonly size: number;
}

/**
 * Reads an image, such as "127.0.0.1:40123/app:tag", from a registry that speaks plain HTTP; of an
 * image for several platforms, the first.
 */
export async function readRemoteImage(reference: string): Promise<RemoteImage> {
  const { address, repository, version } = parseReference(reference);
  const url = `http://${address}/v2/${repository}`;
  const response = await get(`${url}/manifests/${version}`, reference);
  const found = ManifestOrIndex.parse(await response.json());
  if ("manifests" in found) {
    const { digest = version } = found.manifests[0] ?? {};
    return await readRemoteImage(`${address}/${repository}@${digest}`);
  }
  const blob = await get(`${url}/blobs/${found.config.digest}`, reference);
  const configuration: unknown = await blob.json();
  const { config, rootfs } = Config.parse(configuration);
  return {
    digest: response.headers.get("docker-content-digest") ?? "",
    labels: config.Labels ?? {},
    env: config.Env ?? [],
    configuration,
    layers: found.layers.map(({ digest, size }, index) => ({
      digest,
      size,
      diffId: rootfs.diff_ids[index] ?? "",
    })),
  };
}

/** The bytes of a layer of an image, as the registry stores them. */
export async function readBlob(reference: string, digest: string): Promise<Readable> {
  const { address, repository } = parseReference(reference);
  const { body } = await get(`http://${address}/v2/${repository}/blobs/${digest}`, reference);
  return body === null ? Readable.from([]) : Readable.fromWeb(body);
}

export function parseReference(reference: string): {
  readonly address: string;
  readonly repository: string;
  /** A tag or a digest. */
  readonly version: string;
} {
  const parts = /^([^/]+)\/([^@]+?)(?:@(sha256:[0-9a-f]{64})|:([\w.-]+))?$/.exec(reference);
  const [, address, repository, digest, tag] = parts ?? [];
  if (address === undefined || repository === undefined) {
    throw new ScriptFailure(
      "This is not the name of an image in a registry",
      `Found '${reference}'. It needs to look like 127.0.0.1:5000/app:tag.`,
    );
  }
  return { address, repository, version: digest ?? tag ?? "latest" };
}

async function get(url: string, reference: string): Promise<Response> {
  const response = await fetch(url, { headers: { accept: MANIFEST_TYPES.join(", ") } });
  if (response.ok) return response;
  throw new ScriptFailure(
    `${reference} can't be read`,
    `The registry answered '${response.status} ${response.statusText}' to ${url}.`,
  );
}

const MANIFEST_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
];

const ManifestOrIndex = z.union([
  z.object({
    config: z.object({ digest: z.string() }),
    layers: z.array(z.object({ digest: z.string(), size: z.number() })),
  }),
  z.object({ manifests: z.array(z.object({ digest: z.string() })) }),
]);

const Config = z.object({
  config: z.object({
    Env: z.nullish(z.array(z.string())),
    Labels: z.nullish(z.record(z.string(), z.string())),
  }),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});
