import { type Env, readVariable } from "../cnb/env.ts";
import { DEVELOPMENT } from "./development.ts";

/**
 * The environment of a program that a buildpack runs: only what is named here, so that a user's
 * UV_*, PIP_*, PYTHON* or LD_* variables cannot change a build by accident.
 */
export function toolEnv(env: Env, extra: Env = {}): Env {
  return { ...pick(env, PASSED), LANG: "C.UTF-8", ...extra };
}

/** For compilers: also the search paths and variables that earlier buildpacks' layers have set. */
export function compilerEnv(env: Env, extra: Env = {}): Env {
  const further = (readVariable(env, DEVELOPMENT.variables) ?? "").split(" ");
  return { ...toolEnv(env), ...pick(env, [...SEARCH_PATHS, ...further]), ...extra };
}

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];

const PASSED = [
  "PATH",
  "HOME",
  "TMPDIR",
  ...PROXIES,
  ...PROXIES.map((name) => name.toLowerCase()),
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/** Where compilers and linkers look for headers and libraries besides their own places. */
export const SEARCH_PATHS = ["CPATH", "LIBRARY_PATH", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH"];

function pick(env: Env, names: readonly string[]): Env {
  return Object.fromEntries(
    names
      .map((name) => [name, readVariable(env, name)] as const)
      .filter(([, value]) => value !== undefined),
  );
}
