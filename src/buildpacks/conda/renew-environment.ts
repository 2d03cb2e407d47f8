import { join } from "node:path";
import { makeDirectory } from "../../cnb/files.ts";
import { LAUNCH_ONLY, type FoundLayer, type LayerFiles } from "../../cnb/layer.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import type { CondaLock } from "../../conda/lock.ts";
import { prefixPath, WHOLE_DIRECTORY } from "../../conda/paths.ts";
import { readDistributions } from "../../conda/prefix/distributions.ts";
import { componentsOf } from "../../conda/prefix/sbom.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { cycloneDxFor } from "../../kit/cyclonedx.ts";
import type { Asked } from "./asked.ts";
import type {
  EnvironmentFacts,
  EnvironmentLayer,
  EnvironmentOptions,
} from "./layers/environment.ts";
import { formatHeavy, isSameHeavy } from "./layers/heavy-package.ts";
import type { LightParts } from "./layers/light-parts.ts";
import { makeEnvironment, type MadeEnvironment } from "./make-environment.ts";
import { tellMade } from "./report.ts";
import { commonFacts, findStanding } from "./standing.ts";
import { withNetwork } from "./workplace.ts";

export interface RenewOptions {
  readonly asked: Asked;
  readonly packages: CondaLock;
  readonly options: EnvironmentOptions;
  readonly found: ReadonlyMap<string, FoundLayer>;
  readonly layer: EnvironmentLayer;
  readonly lightParts: LightParts;
}

/** Makes the environment's layer anew, with those of heavy packages that do not stand. */
export async function renewEnvironment(
  context: BuildContext,
  { asked, packages, options, found, layer, lightParts }: RenewOptions,
): Promise<EnvironmentFacts> {
  const { layersDir, log } = context;
  const started = performance.now();
  const common = commonFacts(context, packages, options);
  const heavyLayers = new Map<string, LayerFiles<TomlTable>>();
  const made = await withNetwork(context, asked, async (network) =>
    makeEnvironment({
      ...{ context, packages, platform: asked.platform, network, options },
      standing: await findStanding(packages, found, common),
      emptyLayer: async (name) => {
        heavyLayers.set(name, await context.freshLayer<TomlTable>(name, LAUNCH_ONLY));
      },
    }),
  );
  const isHeavy = ({ name }: { readonly name: string }) => made.split.has(name);
  const heavyPackages = packages.filter(isHeavy).flatMap((one) => {
    const record = made.records.find(({ name }) => name === one.name);
    return record === undefined ? [] : [{ record, facts: { package: one, ...common } }];
  });
  await lightParts.keep(heavyPackages);

  // None of the layers counts before all are done.
  const reused = new Set<string>();
  for (const { record, facts: own } of heavyPackages) {
    const name = made.split.get(record.name) ?? "";
    const [files, before] = [heavyLayers.get(name), found.get(name)];
    // An image that seeds this one may have the layer, where no light part is at hand.
    if (before !== undefined && isSameHeavy(before, own)) {
      reused.add(record.name);
      await context.keepLayer(before, LAUNCH_ONLY);
    } else if (files !== undefined) {
      await files.writeSbom("cdx", cycloneDxFor(componentsOf([record])));
      await files.commit(formatHeavy(own, made.weights.get(record.name) ?? 0));
    }
  }
  if (reused.size === 0) await makeDirectory(join(layersDir, WHOLE_DIRECTORY));
  const light = made.records.filter((record) => !isHeavy(record));
  await layer.writeSbom("cdx", cycloneDxFor(componentsOf(light)));
  const facts = {
    heavy: Object.fromEntries(made.split),
    distributions: await provided(made, layersDir),
  };
  await layer.commit(facts);
  tellMade(made, { log, options, reused, milliseconds: performance.now() - started });
  return facts;
}

async function provided(
  { python }: MadeEnvironment,
  layersDir: string,
): Promise<EnvironmentFacts["distributions"]> {
  return python === undefined
    ? {}
    : readDistributions(join(prefixPath(layersDir), python.sitePackages));
}
