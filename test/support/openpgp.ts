import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/**
 * As much of OpenPGP as an archive of packages needs: an Ed25519 key and signatures with it.
 * https://www.rfc-editor.org/rfc/rfc4880, and for the curve
 * https://datatracker.ietf.org/doc/html/draft-koch-eddsa-for-openpgp-04
 */
export interface SigningKey {
  readonly publicKey: string;
  /** Upper-case hexadecimal. */
  readonly fingerprint: string;
  clearSign(text: string): string;
}

export function makeSigningKey(userId: string): SigningKey {
  const pair = generateKeyPairSync("ed25519");
  const body = publicKeyBody(pair.publicKey);
  const keyHead = Buffer.concat([Buffer.from([0x99]), uint16(body.length), body]);
  const fingerprint = createHash("sha1").update(keyHead).digest();
  const signer: Signer = { privateKey: pair.privateKey, fingerprint };

  const user = Buffer.from(userId);
  const userHead = Buffer.concat([Buffer.from([0xb4]), uint32(user.length), user]);
  // It may certify and sign.
  const flags = subpacket(27, Buffer.from([0x03]));
  const selfSignature = signature(signer, 0x13, Buffer.concat([keyHead, userHead]), flags);
  return {
    publicKey: armor("PUBLIC KEY BLOCK", [packet(6, body), packet(13, user), selfSignature]),
    fingerprint: fingerprint.toString("hex").toUpperCase(),
    clearSign: (text) => {
      const canonical = text.replace(/\n$/, "").replaceAll("\n", "\r\n");
      const made = signature(signer, 0x01, Buffer.from(canonical), Buffer.alloc(0));
      return `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text}${armor("SIGNATURE", [made])}`;
    },
  };
}

interface Signer {
  readonly privateKey: KeyObject;
  readonly fingerprint: Buffer;
}

function signature(signer: Signer, type: number, data: Buffer, more: Buffer): Buffer {
  const created = subpacket(2, uint32(Math.floor(Date.now() / 1000) - 60));
  const issuer = subpacket(33, Buffer.concat([Buffer.from([4]), signer.fingerprint]));
  const hashed = Buffer.concat([created, issuer, more]);
  const head = Buffer.concat([
    Buffer.from([4, type, EDDSA, SHA512]),
    uint16(hashed.length),
    hashed,
  ]);
  const trailer = Buffer.concat([Buffer.from([4, 0xff]), uint32(head.length)]);
  const digest = createHash("sha512").update(data).update(head).update(trailer).digest();
  const made = sign(null, digest, signer.privateKey);
  const unhashed = subpacket(16, signer.fingerprint.subarray(-8));
  return packet(
    2,
    Buffer.concat([
      head,
      uint16(unhashed.length),
      unhashed,
      digest.subarray(0, 2),
      integer(made.subarray(0, 32)),
      integer(made.subarray(32)),
    ]),
  );
}

const EDDSA = 22;
const SHA512 = 10;

function publicKeyBody(key: KeyObject): Buffer {
  const point = Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
  const curve = Buffer.from("2b06010401da470f01", "hex");
  return Buffer.concat([
    Buffer.from([4]),
    uint32(Math.floor(Date.now() / 1000) - 3600),
    Buffer.from([EDDSA, curve.length]),
    curve,
    integer(Buffer.concat([Buffer.from([0x40]), point])),
  ]);
}

function packet(tag: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xc0 | tag, 0xff]), uint32(body.length), body]);
}

function subpacket(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([body.length + 1, type]), body]);
}

/** A number with its length in bits, without leading zeros. */
function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const trimmed = bytes.subarray(start);
  const bits = trimmed.length * 8 - Math.clz32(trimmed[0] ?? 0) + 24;
  return Buffer.concat([uint16(bits), trimmed]);
}

function armor(what: string, packets: readonly Buffer[]): string {
  const lines = Buffer.concat([...packets])
    .toString("base64")
    .replaceAll(/.{64}/g, "$&\n")
    .trim();
  return `-----BEGIN PGP ${what}-----\n\n${lines}\n-----END PGP ${what}-----\n`;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
