/** What activation itself sets. */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  ...["CONDA_DEFAULT_ENV", "CONDA_PREFIX", "CONDA_SHLVL", "PATH"],
]);
