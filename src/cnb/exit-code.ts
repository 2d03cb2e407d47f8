/** Specification: "Detection" and "Build". The builder treats everything but 0 as failure. */
export const ExitCode = {
  success: 0,
  /** Something in the app, or in its settings, must change. */
  app: 1,
  /** Network, registry, disk: the same build may succeed later or elsewhere. */
  environment: 2,
  /** A fault of the buildpack. */
  buildpack: 3,
  /** Detection only: this buildpack does not take part. */
  notTakingPart: 100,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
