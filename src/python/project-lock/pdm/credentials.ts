import { type Env, readVariable } from "../../../cnb/env.ts";
import type { Credential } from "../../../kit/credentials.ts";
import type { Origin } from "../../../kit/origin.ts";
import { PYPI } from "../../uv/index-config.ts";
import { PROJECT_FILE } from "./names.ts";
import { type PdmSource, readProject } from "./project.ts";

/**
 * What a source names besides its URL, and PDM_PYPI_USERNAME and _PASSWORD for the source "pypi".
 * https://pdm-project.org/en/stable/usage/config/#store-credentials-with-the-index
 */
export async function readSourceCredentials(
  appDir: string,
  env: Env,
): Promise<readonly Credential[]> {
  const { pdm } = await readProject(appDir);
  const sources = pdm.source ?? [];
  const isNamed = sources.some(({ name }) => name === "pypi");
  return (isNamed ? sources : [{ name: "pypi" }, ...sources]).flatMap((source) =>
    credentialOf(source, env),
  );
}

function credentialOf(source: PdmSource, env: Env): readonly Credential[] {
  const ofVariables = source.name === "pypi" ? ["PDM_PYPI_USERNAME", "PDM_PYPI_PASSWORD"] : [];
  const [user, secret] = ofVariables.map((name) => readVariable(env, name));
  const [login, password] = [source.username ?? user, source.password ?? secret];
  const url = source.url ?? (source.name === "pypi" ? PYPI : "");
  if (login === undefined || password === undefined || !URL.canParse(url)) return [];
  const origin: Origin =
    source.password === undefined
      ? { file: "PDM_PYPI_PASSWORD", kind: "variable" }
      : { file: PROJECT_FILE };
  return [{ host: new URL(url).hostname, login, password, origin }];
}
