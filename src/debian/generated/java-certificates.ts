import { createHash, X509Certificate } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { makeDirectory } from "../../cnb/files.ts";
import type { Generator } from "./generator.ts";
import { dirname } from "node:path";
import { writeFile } from "node:fs/promises";

/**
 * The trust store that Debian's Java reads, with the roots of the image: ca-certificates-java
 * makes it in its maintainer script.
 * https://docs.oracle.com/en/java/javase/21/security/java-secure-socket-extension-jsse-reference-guide.html
 */
export const certificates: Generator = {
  name: "the trust store of Java",
  run: async ({ tree }) => {
    if (tree.match("usr/lib/jvm/*/lib/security/cacerts").length === 0) return undefined;
    const bundle = await readFile(SYSTEM_ROOTS, "utf8");
    const roots = bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
    const store = keyStore(roots.map((pem) => new X509Certificate(pem).raw));
    await makeDirectory(dirname(tree.at(STORE)));
    await rm(tree.at(STORE), { force: true });
    await writeFile(tree.at(STORE), store, { mode: 0o644 });
    return `with the ${roots.length} roots of the image`;
  },
};

/** Java's own format, without a program of Java's, and the same bytes for the same roots. */
export function keyStore(roots: readonly Buffer[]): Buffer {
  const entries = roots.map((der, index) =>
    Buffer.concat([
      int32(TRUSTED_CERTIFICATE),
      utf(`root-${index}`),
      // When the entry was made; nobody reads it.
      Buffer.alloc(8),
      utf("X.509"),
      int32(der.length),
      der,
    ]),
  );
  const content = Buffer.concat([int32(0xfeedfeed), int32(2), int32(entries.length), ...entries]);
  const digest = createHash("sha1")
    .update(Buffer.from(PASSWORD, "utf16le").swap16())
    .update("Mighty Aphrodite")
    .update(content)
    .digest();
  return Buffer.concat([content, digest]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function utf(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

const TRUSTED_CERTIFICATE = 2;
/** Everybody's, by convention: it protects nothing. */
const PASSWORD = "changeit";
const STORE = "etc/ssl/certs/java/cacerts";
const SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt";
