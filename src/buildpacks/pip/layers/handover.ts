import type { Accelerated } from "../../../accelerator/accelerated.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { handOverLock } from "../../../python/hand-over-lock.ts";
import type { Lock } from "../../../python/lock.ts";
import type { Requirement } from "../../../python/requirements/requirement.ts";
import { uvIndexArguments } from "../../../python/requirements/uv-input.ts";
import type { Asked } from "../asked.ts";

interface Handed {
  readonly lock: Lock;
  readonly made: string | undefined;
  readonly accelerated: Accelerated;
  readonly asked: Asked;
  readonly netrc: string | undefined;
}

export async function handOver(
  context: BuildContext,
  { lock, made, accelerated, asked, netrc }: Handed,
): Promise<void> {
  const lockFile = {
    manager: "pip",
    distributions: [...lock],
    ...(made === undefined ? {} : { made }),
    uvArguments: [...uvIndexArguments(asked.options, context.appDir, asked.strategy)],
    buildArguments: [...buildArguments(asked, lock)],
    // Whoever brought packages with the interpreter says what those need.
    ...(asked.provided !== undefined && accelerated.cuda === undefined ? {} : { accelerated }),
  };
  await handOverLock(context, lockFile, netrc);
}

/** "name:KEY=VALUE" for each `--config-settings` that follows a requirement. */
function buildArguments({ set }: Asked, lock: Lock): readonly string[] {
  return set.requirements.flatMap((requirement) => {
    const name = requirement.name ?? nameInLock(requirement, lock);
    return requirement.configSettings.map((setting) => `${name}:${setting}`);
  });
}

function nameInLock({ source }: Requirement, lock: Lock): string {
  const found = lock.find((distribution) => {
    if (source.kind === "path")
      return distribution.from === "directory" && distribution.path === source.path;
    return (
      source.kind !== "index" && "url" in distribution && source.url.includes(distribution.url)
    );
  });
  return found?.name ?? "";
}
