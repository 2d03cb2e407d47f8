import { existsSync } from "node:fs";

/**
 * A bundle of HTTPS roots that this machine's programs are told to use instead of their own, as
 * behind a proxy that inspects traffic. Containers know nothing of it unless they are handed it.
 */
export function findCaBundle(): string | undefined {
  return VARIABLES.map((name) => process.env[name]).find(
    (path) => path !== undefined && path !== "" && existsSync(path),
  );
}

const VARIABLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
