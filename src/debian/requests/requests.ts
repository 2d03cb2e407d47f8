import type { Problem } from "../../kit/wrong-lines.ts";
import type { Credential } from "../../kit/credentials.ts";
import type { Origin } from "../../kit/origin.ts";

/** A package of an archive. */
export interface PackageRequest {
  /** Without the architecture. */
  readonly name: string;
  /** After "=", as apt takes it: exact, or with "*" at its end. */
  readonly version?: string;
  /** After "/": "trixie-backports". */
  readonly suite?: string;
  /** In the image whole, with headers and static libraries: an app compiles with it as it runs. */
  readonly whole?: boolean;
  readonly origin: Origin;
  /** As it is quoted in messages. */
  readonly text: string;
}

/** A package that is a file: of the app, or of an address. */
export interface DebRequest {
  /**
   * - `path`: relative to the app, with a leading "./".
   * - `url`: without credentials.
   */
  readonly source:
    | { readonly kind: "path"; readonly path: string }
    | { readonly kind: "url"; readonly url: string };
  /** Lower-case hexadecimal. Of a file of the app: what the file has, which is checked if given. */
  readonly sha256: string;
  readonly origin: Origin;
  readonly text: string;
}

/** An archive of the app's own, besides those of the images. */
export interface ArchiveSource {
  /** Without credentials. */
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  /** Empty for a suite that ends with "/". */
  readonly components: readonly string[];
  /**
   * The public key that its Release file is signed with. Absent for Debian's own archives, whose
   * keys the images have.
   */
  readonly key?: ArchiveKey;
  /** False where the source says "Check-Valid-Until: no". */
  readonly checksValidity: boolean;
  readonly origin: Origin;
  readonly text: string;
}

export interface ArchiveKey {
  /** Relative to the app; the file of the source where the key stands in it. */
  readonly file: string;
  readonly content: Uint8Array;
  /** ".asc" or ".gpg": apt judges a key by its name. */
  readonly extension: ".asc" | ".gpg";
}

/** Stands for a file in {@link Requests.files}. */
export const HANDED = "(hardware)";

/** All that an app asks of apt. */
export interface Requests {
  readonly packages: readonly PackageRequest[];
  readonly debs: readonly DebRequest[];
  readonly sources: readonly ArchiveSource[];
  /** The text of apt.preferences. */
  readonly preferences: string | undefined;
  /** "20261101T000000Z": Debian's archives as they were then. */
  readonly snapshot: string | undefined;
  /**
   * SHA-256 of every file that was read, by path relative to the app; keys and .debs among them, and
   * under `HANDED` what another buildpack asks for.
   */
  readonly files: ReadonlyMap<string, string>;
  /** Where packages are asked for: "apt.txt", "BP_APT_PACKAGES". */
  readonly from: readonly string[];
  /** Hosts are with a port where the URL has one. */
  readonly credentials: readonly ArchiveCredential[];
  /** Worth a line in the log. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

export interface ArchiveCredential extends Credential {
  /** What the credential is for: a URL without it. */
  readonly url: string;
}
