import { join } from "node:path";
import { writeFileWhole } from "../../../cnb/files.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { sha256 } from "../../../kit/hash.ts";
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
    wanted: {
      fingerprints: certificates.map(({ fingerprint }) => fingerprint),
      script: sha256(joinRoots),
    },
    labels: {
      fingerprints: "The list of certificates",
      script: "The script that joins them with the base image's",
    },
  });
  const count = counted(certificates.length, "certificate");
  if (layer.state === "kept") {
    context.log.step(`Reusing the app's trust in ${count}`);
    return;
  }
  context.log.discarding("the app's certificates", layer.cause);
  context.log.step(`The build and the app trust ${count} (BP_EMBED_CERTS=true)`);
  const pem = certificates.map((certificate) => certificate.pem).join("");
  await writeFileWhole(join(layer.path, "certificates.pem"), pem);
  await layer.writeExecD("join-roots", joinRoots);
  await layer.commit();
}
