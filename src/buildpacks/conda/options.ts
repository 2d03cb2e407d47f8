import { KEEPABLE } from "../../conda/prefix/prune-rules.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { listed, nearest } from "../../kit/text.ts";
import { MOST_HEAVY_LAYERS } from "../../python/environment/split.ts";
import type { Asked } from "./asked.ts";
import { failure } from "./failures.ts";
import type { EnvironmentOptions } from "./layers/environment.ts";

const KEEP_SETTING = "BP_CONDA_KEEP";

/** Throws a failure where a setting names a rule that there is not. */
export function readOptions(
  { settings }: Pick<BuildContext, "settings">,
  { variables }: Pick<Asked, "variables">,
): EnvironmentOptions {
  return {
    mostHeavyLayers: settings.get("BP_HEAVY_LAYERS") ?? MOST_HEAVY_LAYERS,
    keep: readKept(settings.get(KEEP_SETTING) ?? []),
    linkScripts: settings.get("BP_CONDA_LINK_SCRIPTS") ?? false,
    variables,
  };
}

function readKept(words: readonly string[]): readonly string[] {
  const problems = words
    .filter((word) => !KEEPABLE.includes(word))
    .map((word) => {
      const [near] = nearest(word, KEEPABLE, 1);
      const needed =
        near === undefined
          ? `What can be kept is ${listed(KEEPABLE, "or")}`
          : `There is no such rule; did you mean ${near}?`;
      return { origin: { file: KEEP_SETTING }, line: word, needed };
    });
  if (problems.length > 0) throw failure("settings-invalid", { problems });
  return [...new Set(words)].sort();
}
