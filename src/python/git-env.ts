import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { type Env, readVariable } from "../cnb/env.ts";
import { makeDirectory } from "../cnb/files.ts";

/**
 * What git is run with, whoever starts it: a HOME of the build's own, so that the build user's
 * configuration cannot change a build, and the certificates that everything else trusts.
 */
export function gitEnv(env: Env, home: string): Env {
  return {
    HOME: home,
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    // Debian's git is linked with a TLS library that does not know these variables.
    GIT_SSL_CAINFO: readVariable(env, "SSL_CERT_FILE"),
    GIT_SSL_CAPATH: readVariable(env, "SSL_CERT_DIR"),
  };
}

/** An empty HOME; with the credentials, which git's HTTP client looks for only there. */
export async function makeHome(home: string, netrc: string | undefined): Promise<void> {
  await makeDirectory(home);
  if (netrc !== undefined) await symlink(netrc, join(home, ".netrc"));
}
