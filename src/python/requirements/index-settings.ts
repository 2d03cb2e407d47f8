import type { Binding } from "../../cnb/bindings.ts";
import { type Env, readVariable } from "../../cnb/env.ts";
import { type BoundIndex, readBoundAccess } from "../access/bound-credentials.ts";
import { readPipConf } from "./pip-conf.ts";
import type { Given, Setting } from "./setting.ts";
import { type CollectedSettings, SettingsCollector } from "./settings-collector.ts";

interface IndexPlace {
  readonly appDir: string;
  readonly env: Env;
  readonly bindings: readonly Binding[];
}

/**
 * pip.conf first, then bindings, then variables, each winning over those before it. Other PIP_* and
 * UV_* have no effect. The credentials of git's bindings are there, too. Throws a failure for
 * bindings that can't be used.
 */
export async function readIndexSettings(place: IndexPlace): Promise<CollectedSettings> {
  const bound = await readBoundAccess(place.bindings);
  const conf = await readPipConf(place.appDir);
  const collector = new SettingsCollector(place);
  for (const given of [
    ...conf.given,
    ...bound.indexes.map(settingOf),
    ...readVariables(place.env),
  ]) {
    await collector.take(given);
  }
  const { credentials, notes, problems, ...rest } = collector.result();
  return {
    ...rest,
    credentials: [...bound.credentials, ...credentials],
    notes: [...bound.notes, ...notes],
    problems: [...conf.problems, ...problems],
  };
}

function settingOf({ kind, url, origin }: BoundIndex): Given {
  return { setting: kind === "main" ? "index-url" : "extra-index-url", value: url, origin };
}

/** The later wins where there can be only one. */
const VARIABLES: readonly (readonly [string, Setting])[] = [
  ["PIP_INDEX_URL", "index-url"],
  ["PIP_EXTRA_INDEX_URL", "extra-index-url"],
  ["PIP_FIND_LINKS", "find-links"],
  ["PIP_NO_INDEX", "no-index"],
  ["PIP_TRUSTED_HOST", "trusted-host"],
  ["PIP_CONSTRAINT", "constraint"],
  ["PIP_PRE", "pre"],
  ["PIP_NO_BINARY", "no-binary"],
  ["PIP_ONLY_BINARY", "only-binary"],
  ["PIP_PREFER_BINARY", "prefer-binary"],
  ["PIP_REQUIRE_HASHES", "require-hashes"],
  ["UV_INDEX_URL", "index-url"],
  ["UV_DEFAULT_INDEX", "index-url"],
  ["UV_EXTRA_INDEX_URL", "extra-index-url"],
  ["UV_INDEX", "extra-index-url"],
];

function readVariables(env: Env): readonly Given[] {
  return VARIABLES.flatMap(([name, setting]) => {
    const value = readVariable(env, name)?.trim();
    const origin = { file: name, kind: "variable" as const };
    return value === undefined || value === "" ? [] : [{ setting, value, origin }];
  });
}
