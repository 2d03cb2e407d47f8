import { TORCH_FAMILY } from "../../accelerator/torch.ts";
import { knownMetadata } from "../../accelerator/build-needs.ts";
import type { Distribution } from "../../python/lock.ts";
import {
  constraintsText,
  requirementsText,
  uvFormatArguments,
  uvIndexArguments,
} from "../../python/requirements/uv-input.ts";
import type { DedicatedIndex } from "../../python/uv/own-indexes.ts";
import type { IndexOptions } from "../../python/requirements/index-options.ts";
import type { Preferences, Resolution } from "../../python/uv/resolve.ts";
import type { Asked } from "./asked.ts";
import type { Fit } from "./fit.ts";
import type { LockTask } from "./obtain-lock.ts";
import { named, type Sources, torchForSources } from "./sources.ts";

interface Known {
  readonly preferences: Preferences;
  readonly sources: Sources;
}

/** What uv is asked. */
export function resolutionOf(
  task: LockTask,
  fit: Fit,
  { preferences, sources }: Known,
): Resolution {
  const { context, asked } = task;
  const { dedicated, additions, excludes, choice } = fit;
  const { options } = asked;
  const { appDir } = context;
  const set = { ...asked.set, requirements: named(asked.set.requirements, sources) };
  const added = additions.map(({ line }) => `${line}\n`).join("");
  return {
    requirements: requirementsText(set, appDir) + added,
    constraints: constraintsText(set, appDir),
    dedicated,
    provided: task.offered.packages,
    excludes,
    builds: {
      requires: sources.requires,
      index: buildIndex(task, fit, sources),
      known: knownMetadata(),
    },
    arguments: [
      ...uvIndexArguments(options, appDir, asked.strategy),
      ...uvFormatArguments(formatsBeside(task)),
      ...(options.pre ? ["--prerelease", "allow"] : []),
      ...set.requirements.flatMap(({ name, configSettings }) =>
        name === undefined
          ? []
          : configSettings.flatMap((setting) => [
              "--config-settings-package",
              `${name}:${setting}`,
            ]),
      ),
    ],
    preferences: {
      lock: preferences.lock.map((one) => ofBackend(one, dedicated, choice.torchBackend)),
      requested: stillRequested(asked, preferences),
    },
  };
}

/** What is there is neither a wheel nor source, and stands for uv as a wheel. */
function formatsBeside({ asked: { options }, offered: { packages } }: LockTask): IndexOptions {
  if (options.noBinary.length === 0 || packages.size === 0) return options;
  return {
    ...options,
    noBinary: options.noBinary.filter((name) => !packages.has(name)),
    onlyBinary: [...options.onlyBinary, ...packages.keys()],
  };
}

/**
 * An app with torch has it for the builds of its sources, which often ask for it. torch for ROCm
 * depends on a package that its own index alone has, by a name that only the resolution tells.
 */
function buildIndex(
  task: LockTask,
  { choice, dedicated }: Fit,
  { requires }: Sources,
): string | undefined {
  if (choice.rocm !== undefined) return dedicated?.url;
  const hasSources = task.asked.set.requirements.some(({ source }) => source.kind !== "index");
  const needTorch = Object.values(requires).some((names) =>
    names.some((name) => TORCH_FAMILY.has(name)),
  );
  const isWanted = needTorch || (hasSources && dedicated !== undefined);
  return isWanted ? torchForSources(task) : undefined;
}

/** The same version of torch for other hardware: only its local part differs. */
function ofBackend(
  distribution: Distribution,
  dedicated: DedicatedIndex | undefined,
  backend: string,
): Distribution {
  const { name, version } = distribution;
  if (dedicated?.packages.includes(name) !== true || version?.includes("+") !== true)
    return distribution;
  return { ...distribution, version: version.replace(/\+.*$/, `+${backend}`) };
}

/** Commits are kept only for repositories that are asked for at the same revision as before. */
function stillRequested(
  { set }: Asked,
  { requested }: Preferences,
): Readonly<Record<string, string>> {
  const urls = new Set(
    set.requirements.map(({ source }) => (source.kind === "git" ? source.url : "")),
  );
  return Object.fromEntries(Object.entries(requested).filter(([, url]) => urls.has(url)));
}
