import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { counted } from "../../../kit/text.ts";
import type { Certificate } from "../certificate.ts";
import joinRoots from "./join-roots.sh";

/**
 * Holds only the bound certificates: they are joined with the base image's roots when the app
 * starts, so that a rebase still renews those.
 */
export async function trustInApp(
  context: BuildContext,
  certificates: readonly Certificate[],
): Promise<void> {
  const layer = await context.layer({
    name: "app-trust",
    types: { launch: true },
    wanted: { layout: 1, fingerprints: certificates.map(({ fingerprint }) => fingerprint) },
    labels: { layout: "The layer's layout", fingerprints: "The list of certificates" },
  });
  const count = counted(certificates.length, "certificate");
  if (layer.state === "kept") {
    context.log.step(`Reusing the app's trust in ${count}`);
    return;
  }
  context.log.discarding("the app's certificates", layer.cause);
  context.log.step(`The build and the app trust ${count} (BP_EMBED_CERTS=true)`);
  const pem = certificates.map((certificate) => certificate.pem).join("");
  await writeFile(join(layer.path, "certificates.pem"), pem);
  await layer.writeExecD("join-roots", joinRoots);
  await layer.commit();
}
