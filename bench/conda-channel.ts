import { cp } from "node:fs/promises";
import { join } from "node:path";
import { log } from "../scripts/lib/log.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { publishCondaPackage } from "../test/support/conda-channel.ts";
import { realChannel } from "../test/support/conda/real-channel.ts";
import { wheelPackages } from "../test/support/conda/wheel-packages.ts";
import type { BenchApp, CondaChannel } from "./apps.ts";

/** Makes the channels that apps take packages from; gives the folder that has them, if there are any. */
export async function makeChannels(apps: readonly BenchApp[]): Promise<string | undefined> {
  const channels = apps.flatMap(({ channel }) => (channel === undefined ? [] : [channel]));
  if (channels.length === 0) return undefined;
  log.step("Making a conda channel of PyPI's packages");
  const folder = await makeTemporaryFolder();
  for (const channel of channels) await makeChannel(join(folder, channel.name), channel);
  return folder;
}

async function makeChannel(folder: string, { sets, bounds }: CondaChannel): Promise<void> {
  await cp(await realChannel(), folder, { recursive: true });
  for (const set of sets) {
    for (const made of await wheelPackages(set)) {
      const depends = [...(made.depends ?? []), ...(bounds[made.name] ?? [])];
      await publishCondaPackage(folder, { ...made, depends });
    }
  }
}
