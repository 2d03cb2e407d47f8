import { execFile } from "node:child_process";
import { createServer, type RequestListener, request as forward } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { cleanUpLater } from "../../scripts/lib/cleanup.ts";
import { makeTemporaryFolder } from "../../scripts/lib/temporary-folder.ts";

export interface BehindPassword {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  /** How many requests had the right user name and password. */
  admitted(): number;
  /** From now on, these alone are right. */
  accept(login: string, password: string): void;
}

export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/**
 * A server on 127.0.0.1 that gives what another one has to those who know a user name and a password;
 * over HTTPS where it has a certificate. Ends when the tests are over.
 */
export async function serveBehindPassword(
  upstream: string,
  {
    authority,
    host = "127.0.0.1",
  }: { readonly authority?: Authority; readonly host?: string } = {},
): Promise<BehindPassword> {
  let wanted = "";
  let admitted = 0;
  const listener: RequestListener = (incoming, response) => {
    if (incoming.headers.authorization !== wanted) {
      incoming.resume();
      response.writeHead(401, { "www-authenticate": 'Basic realm="private"' }).end();
      return;
    }
    admitted += 1;
    const { method, headers, url = "/" } = incoming;
    const outgoing = forward(new URL(url, upstream), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  };
  const server =
    authority === undefined
      ? createServer(listener)
      : createSecureServer({ cert: authority.certificate, key: authority.key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUpLater("a server behind a password", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${authority === undefined ? "http" : "https"}://${host}:${port}`,
    admitted: () => admitted,
    accept(login, password) {
      wanted = `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;
    },
  };
}

/** A certificate of one's own for "localhost", which is its own authority. */
export async function makeAuthority(): Promise<Authority> {
  const folder = await makeTemporaryFolder();
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=DNS:localhost", "-out", certificate, "-keyout", key],
  ]);
  return { certificate: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
}
