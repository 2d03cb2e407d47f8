import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Accelerated } from "../../../accelerator/accelerated.ts";
import { override } from "../../../cnb/layer-env.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { HANDOVER } from "../../../python/handover.ts";
import type { Lock, LockFile } from "../../../python/lock.ts";
import type { Requirement } from "../../../python/requirements/requirement.ts";
import { uvIndexArguments } from "../../../python/requirements/uv-input.ts";
import type { Asked } from "../asked.ts";
import { uvCacheOf } from "../workplace.ts";

interface Handed {
  readonly lock: Lock;
  readonly accelerated: Accelerated;
  readonly asked: Asked;
  readonly netrc: string | undefined;
}

/** The lock and what its files are downloaded with, for the buildpacks that follow. */
export async function handOver(
  context: BuildContext,
  { lock, accelerated, asked, netrc }: Handed,
): Promise<void> {
  const layer = await context.freshLayer("handover", { build: true });
  const path = join(layer.path, "lock.json");
  const file: LockFile = {
    manager: "pip",
    distributions: [...lock],
    uvArguments: [...uvIndexArguments(asked.options, context.appDir, asked.strategy)],
    buildArguments: [...buildArguments(asked, lock)],
    // Whoever brought packages with the interpreter says what those need.
    ...(asked.provided !== undefined && accelerated.cuda === undefined ? {} : { accelerated }),
  };
  await writeFile(path, JSON.stringify(file));
  await layer.writeEnv({
    build: {
      [HANDOVER.lock]: override(path),
      [HANDOVER.uvCache]: override(uvCacheOf(context)),
      ...(netrc === undefined ? {} : { [HANDOVER.netrc]: override(netrc) }),
    },
  });
  await layer.commit();
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
