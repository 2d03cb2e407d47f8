export type TarEntry = { readonly path: string } & (
  | { readonly content: Uint8Array; readonly mode: number }
  | { readonly linkTo: string }
  | { readonly directory: true }
);

/** A ustar archive whose bytes follow from its entries alone: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = "content" in entry ? entry.content : new Uint8Array();
    return [header(entry, content.length), content, Buffer.alloc(-content.length & 511)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(512);
  const [prefix, name] = splitPath("directory" in entry ? `${entry.path}/` : entry.path);
  const put = (text: string, at: number, most: number) => {
    if (Buffer.byteLength(text) > most) throw new Error(`too long for a tar header: ${text}`);
    block.write(text, at);
  };
  const octal = (value: number, at: number, digits: number) =>
    put(value.toString(8).padStart(digits, "0"), at, digits);
  put(name, 0, 100);
  octal("content" in entry ? entry.mode : "linkTo" in entry ? 0o777 : 0o755, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(1_700_000_000, 136, 11);
  put("content" in entry ? "0" : "linkTo" in entry ? "2" : "5", 156, 1);
  if ("linkTo" in entry) put(entry.linkTo, 157, 100);
  put("ustar\x0000", 257, 8);
  put(prefix, 345, 155);
  // The sum is taken with spaces in its own place.
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return block;
}

/** A path of more than 100 bytes is split at a slash. */
function splitPath(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ["", path];
  const slash = path.indexOf("/", path.length - 101);
  return [path.slice(0, slash), path.slice(slash + 1)];
}
