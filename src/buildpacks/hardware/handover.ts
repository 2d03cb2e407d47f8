import { join } from "node:path";
import { HANDOVER } from "../../accelerator/handover.ts";
import type { Item } from "../../accelerator/hardware/items.ts";
import { packagesOf } from "../../accelerator/hardware/packages.ts";
import type { AskedHardware } from "../../accelerator/hardware/read.ts";
import { writeFileWhole } from "../../cnb/files.ts";
import { type EnvChanges, override } from "../../cnb/layer-env.ts";
import { HANDOVER as DEBIAN } from "../../debian/handover.ts";
import type { HandedRequest } from "../../debian/handed-requests.ts";
import type { BuildContext } from "../../kit/buildpack.ts";

/** Tells later buildpacks what the image is to run on, and apt what that stands for. */
export async function handOver(
  context: BuildContext,
  { hardware, items }: AskedHardware,
  further: EnvChanges = {},
): Promise<void> {
  const layer = await context.freshLayer("handover", { build: true });
  const requests = requestsFor(items);
  const path = join(layer.path, "apt-requests.json");
  if (requests.length > 0) await writeFileWhole(path, JSON.stringify(requests));
  await layer.writeEnv({
    build: {
      [HANDOVER.hardware]: override(JSON.stringify(hardware)),
      ...(requests.length === 0 ? {} : { [DEBIAN.requests]: override(path) }),
      ...further,
    },
  });
  await layer.commit();
}

/** A keyword on two lines is asked for once. */
function requestsFor(items: readonly Item[]): readonly HandedRequest[] {
  const first = new Map(items.toReversed().map((item) => [item.keyword, item]));
  return [...first.values()].toReversed().flatMap(({ keyword, origin, text }) => {
    const found = packagesOf(keyword);
    if (found === undefined) return [];
    const { packages, whole = [], archive } = found;
    const request = { origin, text, packages: [...packages], whole: [...whole] };
    return [archive === undefined ? request : { ...request, archive }];
  });
}
