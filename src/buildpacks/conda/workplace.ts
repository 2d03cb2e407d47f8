import { join } from "node:path";
import type { Network } from "../../conda/engine/protocol.ts";
import { withCredentialsFile } from "../../conda/credentials.ts";
import type { Asked } from "./asked.ts";

/**
 * A directory of the layers' file system without a layer TOML: hard links from it work, and nothing
 * of it is in the image or kept between builds.
 */
function cacheOf({ layersDir }: { readonly layersDir: string }): string {
  return join(layersDir, "conda-cache");
}

/** Does what needs the network; the file with credentials is gone afterwards. */
export async function withNetwork<Result>(
  context: { readonly layersDir: string },
  { mirrors, credentials }: Pick<Asked, "mirrors" | "credentials">,
  work: (network: Network) => Promise<Result>,
): Promise<Result> {
  return withCredentialsFile(credentials, (path) =>
    work({
      cache: cacheOf(context),
      mirrors,
      ...(path === undefined ? {} : { credentials: path }),
    }),
  );
}
