import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { override } from "../../../cnb/layer-env.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import type { Certificate } from "../certificate.ts";

const SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Each names one file that replaces a program's roots (NODE_EXTRA_CA_CERTS adds to them), so the
 * file holds the build image's roots too.
 */
const TRUST_VARIABLES = [
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
  "PIP_CERT",
] as const;

/** Made at every build: bindings are not known before, and it is neither exported nor cached. */
export async function trustInBuild(
  context: BuildContext,
  certificates: readonly Certificate[],
  systemBundle = SYSTEM_BUNDLE,
): Promise<void> {
  const layer = await context.freshLayer("build-trust", { build: true });
  const bundle = join(layer.path, "certificates.pem");
  await writeFile(bundle, joinRoots(await readRoots(systemBundle), certificates));
  await layer.writeEnv({
    build: Object.fromEntries(TRUST_VARIABLES.map((name) => [name, override(bundle)])),
  });
  await layer.commit();
}

/** Empty where the build image has none: the bound certificates are then all that is trusted. */
async function readRoots(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

function joinRoots(roots: string, certificates: readonly Certificate[]): string {
  // Debian writes its bundle in the form that formatPem gives, so equal certificates are equal text.
  const added = certificates.filter(({ pem }) => !roots.includes(pem));
  const separator = roots === "" || roots.endsWith("\n") ? "" : "\n";
  return roots + separator + added.map(({ pem }) => pem).join("");
}
