import { type Env, readVariable } from "./env.ts";

/** The platform that the image is built for. Specification: "Targets". */
export interface Target {
  readonly os: string;
  /** As Go names it: "amd64", "arm64". */
  readonly arch: string;
  readonly variant: string | undefined;
  readonly distro: { readonly name: string; readonly version: string } | undefined;
}

export function readTarget(env: Env): Target {
  const name = readVariable(env, "CNB_TARGET_DISTRO_NAME");
  const version = readVariable(env, "CNB_TARGET_DISTRO_VERSION");
  return {
    os: readVariable(env, "CNB_TARGET_OS") ?? "linux",
    arch:
      readVariable(env, "CNB_TARGET_ARCH") ??
      { x64: "amd64" }[process.arch as "x64"] ??
      process.arch,
    variant: readVariable(env, "CNB_TARGET_ARCH_VARIANT"),
    distro: name === undefined ? undefined : { name, version: version ?? "" },
  };
}

/** "debian 13"; "unknown" where the platform does not say. */
export function describeDistro({ distro }: Target): string {
  return distro === undefined ? "unknown" : `${distro.name} ${distro.version}`.trim();
}
