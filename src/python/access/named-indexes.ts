import { type Env, readVariable } from "../../cnb/env.ts";
import type { Credential } from "../../kit/credentials.ts";

/** As `[[tool.uv.index]]` and UV_INDEX have them; the URL is without credentials. */
export interface NamedIndex {
  readonly name: string;
  readonly url: string;
}

/**
 * What UV_INDEX_<NAME>_USERNAME and UV_INDEX_<NAME>_PASSWORD open.
 * https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly
 */
export function credentialsOfNamedIndexes(
  indexes: readonly NamedIndex[],
  env: Env,
): readonly Credential[] {
  return indexes.flatMap(({ name, url }) => {
    if (!URL.canParse(url)) return [];
    const prefix = `UV_INDEX_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
    const login = readVariable(env, `${prefix}_USERNAME`);
    const password = readVariable(env, `${prefix}_PASSWORD`);
    if (login === undefined && password === undefined) return [];
    const file = `${prefix}_${password === undefined ? "USERNAME" : "PASSWORD"}`;
    const { hostname: host } = new URL(url);
    return [
      { host, login: login ?? "", password: password ?? "", origin: { file, kind: "variable" } },
    ];
  });
}
