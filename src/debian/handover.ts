/** What buildpacks of one build tell each other of Debian packages, as environment variables. */
export const HANDOVER = {
  /**
   * Absolute path of a JSON file of the form of `handedRequestsSchema`: what ml-buildpacks/apt is
   * asked for besides the app's own requests.
   */
  requests: "ML_BUILDPACKS_APT_REQUESTS",
  /** Names of the Debian packages in the image's layers, separated by blanks. */
  packages: "ML_BUILDPACKS_DEBIAN_PACKAGES",
} as const;
