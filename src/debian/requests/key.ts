/**
 * The extension that apt needs for a public key, by what it is; undefined where it is none. The
 * first byte of a binary one is a packet's tag: https://www.rfc-editor.org/rfc/rfc9580#section-4.2
 */
export function keyExtension(bytes: Uint8Array): ".asc" | ".gpg" | undefined {
  const text = Buffer.from(bytes).toString("latin1");
  if (/^-----BEGIN PGP PUBLIC KEY BLOCK-----/m.test(text)) return ".asc";
  const [tag = 0] = bytes;
  const type = (tag & 0x40) === 0 ? (tag & 0x3c) >> 2 : tag & 0x3f;
  return (tag & 0x80) !== 0 && type === PUBLIC_KEY ? ".gpg" : undefined;
}

const PUBLIC_KEY = 6;
