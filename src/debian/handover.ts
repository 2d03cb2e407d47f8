/** What ml-buildpacks/apt tells later buildpacks of the same build, as environment variables. */
export const HANDOVER = {
  /** Names of the Debian packages in the image's layers, separated by blanks. */
  packages: "ML_BUILDPACKS_DEBIAN_PACKAGES",
} as const;
