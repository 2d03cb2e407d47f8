import { type Env, readVariable } from "../../../cnb/env.ts";
import type { Credential } from "../../../kit/credentials.ts";
import { readProject } from "./project.ts";

/**
 * POETRY_HTTP_BASIC_<NAME>_USERNAME and _PASSWORD, for the sources of the project and for what
 * POETRY_REPOSITORIES_<NAME>_URL names. https://python-poetry.org/docs/repositories/#configuring-credentials
 */
export async function readPoetryCredentials(
  appDir: string,
  env: Env,
): Promise<readonly Credential[]> {
  const { poetry } = await readProject(appDir);
  const sources = (poetry.source ?? []).map(({ name, url }) => [variablePart(name), url] as const);
  const repositories = Object.keys(env).flatMap((variable) => {
    const name = /^POETRY_REPOSITORIES_([A-Z0-9_]+)_URL$/.exec(variable)?.[1];
    return name === undefined ? [] : [[name, readVariable(env, variable)] as const];
  });
  return [...sources, ...repositories].flatMap(([name, url]) => {
    const [user, secret] = ["USERNAME", "PASSWORD"].map(
      (part) => `POETRY_HTTP_BASIC_${name}_${part}`,
    );
    const login = readVariable(env, user ?? "");
    const password = readVariable(env, secret ?? "");
    if (url === undefined || !URL.canParse(url)) return [];
    if (login === undefined && password === undefined) return [];
    const file = (password === undefined ? user : secret) ?? "";
    return [
      {
        host: new URL(url).hostname,
        login: login ?? "",
        password: password ?? "",
        origin: { file, kind: "variable" as const },
      },
    ];
  });
}

/** "my-index" is MY_INDEX in the names of variables. */
function variablePart(name: string): string {
  return name.toUpperCase().replaceAll(/[-.]/g, "_");
}
