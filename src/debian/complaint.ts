import type { Problem } from "../kit/wrong-lines.ts";
import type { Origin } from "../kit/origin.ts";

/** A request as messages quote it. */
export interface Asked {
  readonly name: string;
  readonly origin: Origin;
  readonly text: string;
}

/** Where a source is written: in a file of the app, or in the image. */
export interface SourcePlace {
  /** "http://deb.debian.org/debian trixie", without credentials. */
  readonly source: string;
  /** "apt.txt, line 3"; absent for the sources that the images have. */
  readonly origin?: Origin;
}

/** What can go wrong between an app's requests and its packages. */
export type Complaint =
  | { readonly kind: "requests-invalid"; readonly problems: readonly Problem[] }
  | {
      readonly kind: "unknown-packages";
      readonly packages: readonly (Asked & {
        /** Names of the archive that are like it, best first. */
        readonly near: readonly string[];
        /** Several packages that all provide it. */
        readonly providers: readonly string[];
        /** What is known of its end, without a full stop. */
        readonly advice: string | undefined;
      })[];
    }
  | {
      readonly kind: "version-unavailable";
      readonly packages: readonly (Asked & {
        readonly version: string;
        /** Newest first. */
        readonly available: readonly string[];
      })[];
      readonly hasSnapshot: boolean;
    }
  | {
      readonly kind: "suite-unavailable";
      readonly asked: Asked;
      readonly suite: string;
      /** "trixie", "stable", … of the sources. */
      readonly suites: readonly string[];
    }
  | {
      readonly kind: "unsatisfiable";
      /** What apt says, one fact a line. */
      readonly lines: readonly string[];
      readonly asked: readonly Asked[];
    }
  | {
      readonly kind: "run-image-differs";
      readonly changes: readonly RunImageChange[];
      /** The requests that lead to it, as far as apt tells. */
      readonly asked: readonly Asked[];
      readonly snapshot: string | undefined;
    }
  | ({
      readonly kind: "signature";
      readonly reason: "key-missing" | "key-weak" | "bad" | "unsigned";
      /** Fingerprint or identifier, where apt tells it. */
      readonly key: string | undefined;
      readonly output: string;
    } & SourcePlace)
  | ({
      readonly kind: "release-time";
      readonly reason: "expired" | "not-yet-valid";
      /** As apt says it: "4d 3h 2min 1s". */
      readonly by: string;
    } & SourcePlace)
  | ({ readonly kind: "release-missing"; readonly status: string } & SourcePlace)
  | ({ readonly kind: "component-missing"; readonly component: string } & SourcePlace)
  | {
      readonly kind: "denied";
      readonly url: string;
      readonly status: string;
      /** What gave the credentials that were sent; undefined where none were. */
      readonly sent: Origin | undefined;
    }
  | { readonly kind: "unreachable"; readonly url: string; readonly reason: string }
  | { readonly kind: "index-mismatch"; readonly url: string; readonly output: string }
  | {
      readonly kind: "sources-conflict";
      readonly issue: string;
      readonly places: readonly Origin[];
    }
  | {
      readonly kind: "checksum";
      readonly name: string;
      readonly url: string;
      readonly expected: string;
      readonly found: string;
      /** Where the expected digest is written; absent for one of the archive's index. */
      readonly origin: Origin | undefined;
    }
  | {
      readonly kind: "deb-invalid";
      readonly text: string;
      readonly origin: Origin;
      /** A sentence without a full stop. */
      readonly issue: string;
    }
  | { readonly kind: "deb-missing"; readonly url: string; readonly status: string }
  | {
      readonly kind: "gone";
      /** Whether the archive's lists of this very build name them; else an earlier build chose them. */
      readonly isListed?: boolean;
      readonly packages: readonly {
        readonly name: string;
        readonly version: string;
        readonly url: string;
      }[];
    }
  | { readonly kind: "unknown"; readonly output: string };

export interface RunImageChange {
  readonly name: string;
  /** What the run image has. */
  readonly installed: string;
  /** What it would have to be; absent where the package would have to go. */
  readonly wanted: string | undefined;
}

/** Thrown where a step of this domain cannot go on; the buildpack puts it into words. */
export class DebianError extends Error {
  override readonly name = "DebianError";
  readonly complaint: Complaint;

  constructor(complaint: Complaint, cause?: unknown) {
    super(complaint.kind, { cause });
    this.complaint = complaint;
  }
}
