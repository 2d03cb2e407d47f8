import { join } from "node:path";
import { makeChannel, type MadeCondaPackage } from "../scripts/lib/conda/channel.ts";
import { installedPython } from "../scripts/lib/conda/python-package.ts";
import { wheelPackages } from "../scripts/lib/conda/wheel-packages.ts";
import { log } from "../scripts/lib/log.ts";
import type { BenchApp, CondaChannel } from "./apps.ts";
import type { FrozenIndex } from "./frozen-index.ts";

/** Makes the channels that apps take packages from, of packages that the index has; each in a folder of `folder`. */
export async function makeChannels(
  apps: readonly BenchApp[],
  { folder, index }: { readonly folder: string; readonly index: FrozenIndex },
): Promise<void> {
  const channels = apps.flatMap(({ channel }) => (channel === undefined ? [] : [channel]));
  if (channels.length === 0) return;
  log.step("Making a conda channel of the index' packages");
  const env = { UV_DEFAULT_INDEX: index.simple, ...index.proxyEnv };
  for (const channel of channels) {
    const packages = [...(await installedPython()), ...(await packagesOf(channel, env))];
    await makeChannel(packages, join(folder, channel.name));
  }
}

async function packagesOf(
  { sets, bounds }: CondaChannel,
  env: Readonly<Record<string, string>>,
): Promise<readonly MadeCondaPackage[]> {
  const packages: MadeCondaPackage[] = [];
  for (const set of sets) packages.push(...(await wheelPackages(set, env)));
  return packages.map((made) => ({
    ...made,
    depends: [...(made.depends ?? []), ...(bounds[made.name] ?? [])],
  }));
}
