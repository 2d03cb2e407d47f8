/** Image labels that say where the packages are from; `made` is a UTC day. */
export function lockLabels({
  manager,
  python,
  made,
}: {
  readonly manager: string;
  /** "3.13.5"; undefined for an environment without Python. */
  readonly python: string | undefined;
  readonly made: string | undefined;
}): Readonly<Record<string, string>> {
  return {
    [`${PREFIX}.package-manager`]: manager,
    ...(python === undefined ? {} : { [`${PREFIX}.python`]: python }),
    ...(made === undefined ? {} : { [`${PREFIX}.lock-date`]: made }),
  };
}

const PREFIX = "io.ml-buildpacks";
