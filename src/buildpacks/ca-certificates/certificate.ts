import { X509Certificate } from "node:crypto";
import { sha256 } from "../../kit/hash.ts";

export interface Certificate {
  /** SHA-256 of its DER form, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** With lines of 64 characters and a final newline. */
  readonly pem: string;
  readonly subject: string;
  readonly expires: Date;
}

/** One `-----BEGIN <label>-----` block. */
export interface PemBlock {
  readonly label: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Text outside the blocks is left out, as OpenSSL does (RFC 7468, section 2). */
export function findPemBlocks(text: string): readonly PemBlock[] {
  return [...text.matchAll(BLOCK)].map((match) => ({
    label: match.groups?.["label"] ?? "",
    line: text.slice(0, match.index).split("\n").length,
    text: match[0],
  }));
}

// A block that does not end is found too, so that it can be refused.
const BLOCK = /^-----BEGIN (?<label>[^\n]*?)-----[^]*?(?:^-----END \k<label>-----|(?![^]))/gm;

/** Throws where the block, or the DER bytes, are no X.509 certificate. */
export function parseCertificate(source: string | Uint8Array): Certificate {
  const certificate = new X509Certificate(source);
  return {
    fingerprint: sha256(certificate.raw),
    pem: formatPem(certificate.raw),
    subject: describeSubject(certificate),
    expires: new Date(certificate.validTo),
  };
}

/** Written anew, not copied: CR-LF, indents and comments of the source do not reach the image. */
function formatPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function describeSubject({ subject, fingerprint256 }: X509Certificate): string {
  const parts = new Map(
    subject?.split("\n").map((part): [string, string] => {
      const [name = "", ...value] = part.split("=");
      return [name, value.join("=")];
    }),
  );
  return parts.get("CN") ?? parts.get("OU") ?? parts.get("O") ?? fingerprint256;
}
