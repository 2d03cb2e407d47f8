/** What is installed of a lock below test/fixtures/locks. */
export interface Question {
  readonly lock: string;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
}

export interface Environment {
  /** An interpreter. */
  readonly python: string;
  /** "3.11.2" */
  readonly version: string;
  /** An empty virtual environment of it. */
  readonly environment: string;
  /** As buildpacks name it. */
  readonly arch: string;
}

/** Packages as "numpy==2.2.6", those of the app's directories without a version; or what went wrong. */
export interface Compared {
  readonly python: string;
  readonly selected: readonly string[] | string;
  readonly installed: readonly string[] | string;
}
