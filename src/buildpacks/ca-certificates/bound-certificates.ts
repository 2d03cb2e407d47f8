import { readFile } from "node:fs/promises";
import type { Binding } from "../../cnb/bindings.ts";
import type { Log } from "../../kit/log.ts";
import { bulleted, counted, listed } from "../../kit/text.ts";
import { type Certificate, findPemBlocks, parseCertificate, type PemBlock } from "./certificate.ts";
import { failure } from "./failures.ts";

/** The certificates of every binding of this type, each once, in an order that is always the same. */
export async function readBoundCertificates(
  bindings: readonly Binding[],
  log: Log,
  now = new Date(),
): Promise<readonly Certificate[]> {
  const found: Certificate[] = [];
  for (const binding of bindings.filter(({ type }) => type === "ca-certificates")) {
    if (binding.keys.length === 0) throw failure("binding-without-keys", { binding: binding.name });
    for (const key of binding.keys) {
      const certificates = parseKey(binding.name, key, await readFile(binding.path(key)));
      log.step(`Found ${describe(certificates)} (from the binding ${binding.name}, ${key})`);
      found.push(...certificates);
    }
  }
  const distinct = [...new Map(found.map((each) => [each.fingerprint, each])).values()];
  warnOfExpired(distinct, log, now);
  return distinct.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

function describe(certificates: readonly Certificate[]): string {
  return certificates.length <= 3
    ? listed(certificates.map(({ subject }) => subject))
    : counted(certificates.length, "certificate");
}

// A company's own are few, and an expired one matters. A whole machine's bundle always holds some.
const OWN_CERTIFICATES = 20;

function warnOfExpired(certificates: readonly Certificate[], log: Log, now: Date): void {
  const expired = certificates.filter(({ expires }) => expires < now);
  if (expired.length === 0) return;
  if (certificates.length > OWN_CERTIFICATES) {
    log.debug(`${counted(expired.length, "bound certificate")} expired`);
    return;
  }
  const dates = expired.map(
    ({ subject, expires }) => `${subject} (on ${expires.toISOString().slice(0, 10)})`,
  );
  const have = expired.length === 1 ? "has" : "have";
  log.warn(
    `${counted(expired.length, "bound certificate")} ${have} expired`,
    `${bulleted(dates)}\nPrograms will not trust what they have signed.`,
  );
}

function parseKey(binding: string, key: string, content: Buffer): readonly Certificate[] {
  const source = content.toString("utf8").replace(/^\uFEFF/, "");
  if (source.trim() === "") throw failure("key-empty", { binding, key });

  const blocks = findPemBlocks(source);
  if (blocks.length === 0) {
    if (isDer(content)) throw failure("key-in-der", { binding, key });
    throw failure("key-without-certificate", { binding, key, bytes: content.length });
  }
  return blocks.map((block) => parseBlock(binding, key, block));
}

function parseBlock(binding: string, key: string, { label, line, text }: PemBlock): Certificate {
  if (label.endsWith("PRIVATE KEY")) {
    throw failure("key-is-private", { binding, key, line, label });
  }
  if (label !== "CERTIFICATE") throw failure("key-of-other-kind", { binding, key, line, label });
  try {
    return parseCertificate(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure("certificate-unreadable", { binding, key, line, reason }, error);
  }
}

function isDer(content: Buffer): boolean {
  try {
    parseCertificate(content);
    return true;
  } catch {
    return false;
  }
}
