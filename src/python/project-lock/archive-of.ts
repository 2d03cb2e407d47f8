import { fileNameOf, type PylockFile, type PylockPackage } from "../uv/pylock.ts";

type Archive = NonNullable<PylockPackage["archive"]>;

/** The one file that an address or a path is, with its digests among those that are locked. */
export function archiveOf(
  place: Pick<Archive, "url" | "path" | "subdirectory">,
  files: readonly PylockFile[],
): Archive {
  const name = fileNameOf({ ...place, hashes: {} });
  const own = files.find((file) => fileNameOf(file) === name) ?? files[0];
  return { ...place, hashes: own?.hashes ?? {} };
}

/** "sha256:0123…" by its algorithm. */
export function asHashes(digest: string): Readonly<Record<string, string>> {
  const [algorithm = "", hexadecimal = ""] = digest.split(":");
  return { [algorithm]: hexadecimal };
}
