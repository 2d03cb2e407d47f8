/**
 * What one buildpack of the suite tells a later one of the same build, as environment variables
 * that a build-only layer without other contents sets anew at each build.
 */
export const HANDOVER = {
  /** Absolute path of the interpreter that the app will run with; the same path at launch. */
  python: "ML_BUILDPACKS_PYTHON",
  /** Its version, three numbers ("3.13.5"). */
  pythonVersion: "ML_BUILDPACKS_PYTHON_VERSION",
  /**
   * A shell command that puts the interpreter there if it is absent (its layer may be taken from
   * the previous image by digest, without contents). Absent where the interpreter is always there.
   */
  recreatePython: "ML_BUILDPACKS_RECREATE_PYTHON",
  /**
   * Absolute path of a JSON file of the form of `providedSchema`: the distributions that the
   * interpreter has by itself and a venv must see. Absent where it brings none.
   */
  providedPackages: "ML_BUILDPACKS_PROVIDED_PACKAGES",
  /**
   * Absolute path of a JSON file of the form of `handedSchema`: what pip is asked for in a file of
   * another package manager. Then nothing else is read.
   */
  requirements: "ML_BUILDPACKS_REQUIREMENTS",
  /** Absolute path of a JSON file of the form of `lockFileSchema`. */
  lock: "ML_BUILDPACKS_LOCK",
  /** uv's working cache: a directory that is neither in the image nor kept between builds. */
  uvCache: "ML_BUILDPACKS_UV_CACHE",
  /** A netrc file with the credentials of this build's indexes; absent where there are none. */
  netrc: "ML_BUILDPACKS_NETRC",
} as const;
