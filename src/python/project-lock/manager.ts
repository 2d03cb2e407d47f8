import type { Env } from "../../cnb/env.ts";
import type { Credential } from "../../kit/credentials.ts";
import type { Interpreter } from "../interpreter.ts";
import type { PackageManager } from "../lock-sources.ts";
import type { PylockPackage } from "../uv/pylock.ts";

/** A package manager whose lock file is installed as it is: nothing is resolved. */
export interface LockManager {
  /** In the log, in labels, and as a value of BP_PACKAGE_MANAGER. */
  readonly name: Exclude<PackageManager, "conda">;
  /** "poetry.lock", relative to the app. */
  readonly lockFile: string;
  /**
   * What else decides than the contents of files, groups and extras, in words for the log ("the
   * member serving"); undefined for the usual.
   */
  variant?(appDir: string): Promise<string | undefined>;
  /** What makes the lock again for what the project says: "poetry lock". */
  readonly relock: string;
  /** What makes it again with newer versions: "poetry update". */
  readonly upgrade: string;
  /** What does so for one package, NAME: "poetry update NAME"; undefined where nothing does. */
  readonly upgradeOne?: string;
  /** The files that decide what is installed, relative to the app: the lock file, then others that exist. */
  files(appDir: string): Promise<readonly string[]>;
  /** Archives of the app that the lock names, relative to it: their digests decide, too. */
  archives?(appDir: string): Promise<readonly string[]>;
  /** Directories of the app, relative to it, any file of which decides: what only a build tells. */
  trees?(appDir: string): Promise<readonly string[]>;
  /** What the manager's own variables open (POETRY_HTTP_BASIC_…); none where it has no such variables. */
  credentials?(appDir: string, env: Env): Promise<readonly Credential[]>;
  /** Called when any of what it reads has changed since the previous build. */
  select(request: LockRequest): Promise<Selection>;
}

export interface LockRequest {
  readonly appDir: string;
  readonly interpreter: Interpreter;
  /** As buildpacks name it: "amd64". */
  readonly arch: string;
  /** Of BP_GROUPS and BP_EXTRAS, as they were written. */
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** For managers that run a program. */
  readonly place: {
    readonly env: Env;
    /** uv's working cache. */
    readonly cache: string;
    /** A directory for drafts; it need not exist. */
    readonly work: string;
    readonly netrc: string | undefined;
    /** Where an index is asked that a lock names: at its mirror, or PyPI's at the build's own ones. */
    readonly placesOf: (index: string) => readonly string[];
  };
}

export interface Selection {
  /**
   * What is installed on this Python and platform, each package once, with all its files; markers
   * are evaluated. Paths are relative to the app. The app itself is a directory "." where it is a package.
   */
  readonly packages: readonly PylockPackage[];
  /** Decisions for the log: "Skipping the app itself because …". */
  readonly notes: readonly string[];
}
