import { type Env, readVariable } from "../../cnb/env.ts";
import { DEVELOPMENT } from "../../kit/development.ts";
import { sha256 } from "../../kit/hash.ts";
import { SEARCH_PATHS } from "../../kit/tool-env.ts";
import { HANDOVER } from "../handover.ts";
import { type LockFile, normalizeName } from "../lock.ts";
import { acceleratedFacts } from "./further-needs.ts";

/**
 * What a build from source sees besides its source, and what changes the bytes that it makes; one
 * `name=value` each, sorted. Earlier buildpacks add facts of theirs, such as Debian's development
 * packages. They end up in the image's labels, so that of what a user has written, which may be
 * secret, there is only a digest.
 */
export function readBuiltAgainst(
  env: Env,
  lockFile: Pick<LockFile, "buildArguments" | "distributions" | "accelerated">,
): string[] {
  const added = (readVariable(env, DEVELOPMENT.builtAgainst) ?? "").split(/\s+/);
  // Pythons of one minor version differ in the compiler flags that they hand to their extensions.
  const interpreter = `python=${readVariable(env, HANDOVER.python) ?? ""}`;
  const variables = Object.entries({
    ...pickVariables(env, (name) => SEARCH_PATHS.includes(name)),
    ...pickBuildVariables(env),
  }).map(([name, value]) => `${name}=${digestOf(value ?? "")}`);
  const settings = lockFile.buildArguments.map((argument) => {
    const equals = argument.indexOf("=");
    return equals === -1
      ? argument
      : `${argument.slice(0, equals)}=${digestOf(argument.slice(equals + 1))}`;
  });
  return [...added, interpreter, ...variables, ...settings, ...acceleratedFacts(env, lockFile)]
    .filter((fact) => fact !== "")
    .sort();
}

/** Of these facts those that are about one of the packages: `name:fact=value` is about that one alone. */
export function builtAgainstFor(
  names: readonly string[],
  facts: readonly string[],
): readonly string[] {
  return facts.filter((fact) => {
    const owner = /^([^=:]+):[^=]*=/.exec(fact)?.[1];
    return owner === undefined || names.includes(normalizeName(owner));
  });
}

/** The user's variables that packages' own documents tell people to set for a build. */
export function pickBuildVariables(env: Env): Env {
  return pickVariables(env, (name) => BUILD_VARIABLES.some((pattern) => pattern.test(name)));
}

function pickVariables(env: Env, isPicked: (name: string) => boolean): Env {
  return Object.fromEntries(
    Object.keys(env)
      .filter(isPicked)
      .flatMap((name) => {
        const value = readVariable(env, name);
        return value === undefined ? [] : [[name, value]];
      }),
  );
}

function digestOf(value: string): string {
  return `sha256:${sha256(value)}`;
}

const BUILD_VARIABLES: readonly RegExp[] = [
  // https://github.com/abetlen/llama-cpp-python#installation-configuration
  /^CMAKE_ARGS$/,
  /^FORCE_CMAKE$/,
  // https://docs.pytorch.org/docs/stable/cpp_extension.html
  /^TORCH_CUDA_ARCH_LIST$/,
  /^FORCE_CUDA$/,
  /^CUDA_HOME$/,
  // https://setuptools-scm.readthedocs.io/en/latest/overrides/
  /^SETUPTOOLS_SCM_PRETEND_VERSION(_FOR_[A-Z0-9_]+)?$/,
  // https://docs.openstack.org/pbr/latest/user/packagers.html
  /^PBR_VERSION$/,
];
