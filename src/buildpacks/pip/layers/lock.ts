import { join } from "node:path";
import { type Accelerated, acceleratedSchema } from "../../../accelerator/accelerated.ts";
import { describeHardware } from "../../../accelerator/hardware.ts";
import * as z from "zod/mini";
import type { EmptyCause, FactChange, MetadataParser } from "../../../cnb/layer.ts";
import { writeFileWhole } from "../../../cnb/files.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { describeDistro } from "../../../cnb/target.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { dayIn, today } from "../../../kit/lock-age.ts";
import { epochOf } from "../../../kit/lock-epoch.ts";
import { describeChange } from "../../../kit/log.ts";
import { counted } from "../../../kit/text.ts";
import { readUpgrades, tellUpgrades } from "../../../kit/upgrades.ts";
import type { Interpreter } from "../../../python/interpreter.ts";
import {
  type Distribution,
  distributionSchema,
  type Lock,
  normalizeName,
  readableLock,
} from "../../../python/lock.ts";
import { digestOfProvided } from "../../../python/provided/provided.ts";
import { formatPylock } from "../../../python/uv/pylock.ts";
import { NO_PREFERENCES, type Preferences } from "../../../python/uv/resolve.ts";
import { uvFormatArguments, uvIndexArguments } from "../../../python/requirements/uv-input.ts";
import type { Asked } from "../asked.ts";
import { digestInLock, digestPaths } from "../local-digests.ts";
import type { Locked } from "../obtain-lock.ts";

/** What is kept of a lock besides pylock.toml. */
export type CachedLock = Pick<Locked, "lock" | "accelerated">;

export interface LockLayer {
  /** The lock of the previous build where it still holds. */
  readonly cached: CachedLock | undefined;
  /** What the previous build had. */
  readonly previous: Lock;
  /** The UTC day of its versions, that of the last resolution that kept none; unknown of old locks. */
  readonly made: string | undefined;
  /** The versions to keep where the requirements allow it; none with a new epoch. */
  readonly preferences: Preferences;
  /** The CUDA version to keep where it may be kept, likewise. */
  readonly previousCuda: string | undefined;
  /** Writes pylock.toml, which only tells; the lock itself is in the layer's metadata. */
  fill(locked: Locked): Promise<void>;
}

/**
 * Launch-only, so that an unchanged lock costs a comparison: later buildpacks are given what the
 * metadata holds. pylock.toml is in the image for people and scanners.
 */
export async function openLockLayer(
  context: BuildContext,
  interpreter: Interpreter,
  asked: Asked,
): Promise<LockLayer> {
  const { env, log, settings } = context;
  const found = (await context.foundLayers()).get(LAYER)?.metadata;
  const previous = found === undefined ? NO_PREFERENCES : preferencesIn(found);
  const earlier = { found, names: previous.lock.map(({ name }) => name) };
  const upgrades = readUpgrades(settings, earlier, normalizeName);
  const epoch = epochOf(context, found);
  const wanted: Facts = {
    ...factsOf(context, interpreter, asked),
    nested: await digestNested(context, asked, found),
    epoch,
    ...upgrades.fact,
  };
  const layer = await context.layer({
    name: LAYER,
    types: { launch: true },
    wanted,
    labels: LABELS,
    recorded: recordedParser,
  });
  if (layer.state === "kept") {
    const { distributions, accelerated, made } = layer.recorded;
    tellUpgrades(log, upgrades);
    log.step(`Using cached lock of ${counted(distributions.length, "package")}`);
    const none = { previous: [], preferences: NO_PREFERENCES, previousCuda: undefined };
    return { cached: { lock: distributions, accelerated }, made, ...none, fill: async () => {} };
  }
  tellCause(context, layer.cause, asked.source.kind === "handed" ? asked.source.file : undefined);
  tellUpgrades(log, upgrades);
  const sameEpoch = found?.["epoch"] === epoch;
  const isKept = ({ name }: Distribution) => !upgrades.names.has(name);
  const preferences = sameEpoch
    ? { ...previous, lock: previous.lock.filter(isKept) }
    : NO_PREFERENCES;
  const made = preferences.lock.length === 0 ? today(env) : dayIn(found);
  // With another line of hardware, the reason for the version may be gone.
  const sameHardware = found?.["hardware"] === describeHardware(asked.hardware);
  return {
    cached: undefined,
    made,
    previous: previous.lock,
    preferences,
    previousCuda:
      sameEpoch && sameHardware
        ? acceleratedSchema.safeParse(found?.["accelerated"]).data?.cuda
        : undefined,
    fill: async ({ lock, packages, requested, accelerated }) => {
      const file = join(layer.path, "pylock.toml");
      await writeFileWhole(file, formatPylock(packages, interpreter.minor));
      await layer.commit({
        distributions: [...lock],
        accelerated,
        ...(made === undefined ? {} : { made }),
        ...upgrades.recorded,
        ...(Object.keys(requested).length === 0 ? {} : { requested }),
        nested: tableUnlessEmpty(await nestedIn(lock, context, asked)),
      });
    },
  };
}

const LAYER = "lock";
/** Raised when the same files would give another lock, as with another ranking of wheels. */
const LAYOUT = 2;

const requestedSchema = z.record(z.string(), z.string());

const recordedSchema = z.object({
  distributions: z.array(distributionSchema),
  accelerated: acceleratedSchema,
  made: z.optional(z.string()),
  requested: z.optional(requestedSchema),
});

const recordedParser: MetadataParser<Recorded> = {
  parse(metadata) {
    const { made, requested, ...rest } = recordedSchema.parse(metadata);
    return {
      ...rest,
      ...(made === undefined ? {} : { made }),
      ...(requested === undefined ? {} : { requested }),
    };
  },
};

/** Without repositories there is no table of them. */
type Recorded = TomlTable & {
  readonly distributions: readonly Distribution[];
  readonly accelerated: Accelerated;
  readonly made?: string;
  readonly upgrade?: string;
  readonly requested?: Readonly<Record<string, string>>;
  /** In place of the fact, which was compared with the previous lock's packages. */
  readonly nested?: TomlTable | undefined;
};

function preferencesIn(metadata: FoundMetadata): Preferences {
  const { distributions, requested } = metadata;
  return {
    lock: readableLock(distributions),
    requested: requestedSchema.safeParse(requested).data ?? {},
  };
}

type FoundMetadata = Readonly<Record<string, unknown>>;

/**
 * Local packages that other local packages depend on, by path. Only a resolution tells which those
 * are, so that they are compared for the lock that was found and kept for the one that is made.
 */
async function digestNested(
  { appDir }: BuildContext,
  asked: Asked,
  found: FoundMetadata | undefined,
): Promise<TomlTable | undefined> {
  if (!hasLocalPackages(asked)) return undefined;
  const paths = Object.keys(tableOf(found?.["nested"])).filter((path) => !(path in asked.local));
  return tableUnlessEmpty(await digestPaths(appDir, paths));
}

async function nestedIn(lock: Lock, { appDir }: BuildContext, asked: Asked): Promise<TomlTable> {
  if (!hasLocalPackages(asked)) return {};
  const digests = await digestInLock(appDir, lock);
  return Object.fromEntries(Object.entries(digests).filter(([path]) => !(path in asked.local)));
}

function hasLocalPackages({ set }: Asked): boolean {
  return set.requirements.some(({ source }) => source.kind === "path");
}

interface AskedFacts extends TomlTable {
  readonly layout: number;
  readonly python: string;
  readonly arch: string;
  readonly distro: string;
  readonly source: string;
  readonly files: TomlTable | undefined;
  readonly local: TomlTable | undefined;
  readonly index: string;
  readonly hardware: string;
  readonly torch: string;
  readonly provided: string | undefined;
  readonly expanded: string | undefined;
}

interface Facts extends AskedFacts {
  readonly nested: TomlTable | undefined;
  readonly epoch: string | undefined;
  readonly upgrade?: string;
}

const LABELS: { readonly [Fact in keyof Facts]-?: string } = {
  layout: "The form of the lock",
  python: "The Python version",
  arch: "The CPU architecture",
  distro: "The distribution of the build image",
  source: "What is installed",
  files: "A requirements file",
  local: "A local package",
  nested: "A local package",
  index: "Where packages are looked for",
  hardware: "The hardware",
  torch: "Where torch's packages are looked for",
  provided: "The set of conda's packages",
  expanded: "A variable in the requirements",
  epoch: "BP_LOCK_EPOCH",
  upgrade: "BP_UPGRADE_PACKAGES",
};

function factsOf({ target }: BuildContext, { minor }: Interpreter, asked: Asked): AskedFacts {
  const options = asked.options;
  return {
    layout: LAYOUT,
    python: minor,
    arch: target.arch,
    distro: describeDistro(target),
    source: [asked.source.kind, ...asked.extras].join(" "),
    files: tableUnlessEmpty(Object.fromEntries(asked.files)),
    local: tableUnlessEmpty(asked.local),
    index: [
      ...uvIndexArguments(options, ".", asked.strategy),
      ...uvFormatArguments(options),
      ...(options.pre ? ["--pre"] : []),
    ].join(" "),
    hardware: describeHardware(asked.hardware),
    torch: asked.torchIndexes.base ?? "default",
    provided: asked.provided === undefined ? undefined : digestOfProvided(asked.provided),
    expanded: asked.expanded,
  };
}

/** Metadata pass through JSON and TOML on their way; an empty table need not survive it. */
function tableUnlessEmpty(table: TomlTable): TomlTable | undefined {
  return Object.keys(table).length === 0 ? undefined : table;
}

/** `handed` is the file of another package manager: only its lines for pip are compared. */
function tellCause({ log }: BuildContext, cause: EmptyCause, handed: string | undefined): void {
  if (cause.kind === "outdated") {
    // The text with its variables changes with the file, too.
    const hasFile = cause.changes.some(({ fact }) => fact === "files");
    const changes = cause.changes.filter(({ fact }) => fact !== "expanded" || !hasFile);
    log.list(
      "Discarding cached lock since:",
      changes.flatMap((change) => describe(change, handed)),
    );
  } else {
    log.discarding("cached lock", cause);
  }
}

/** Tables of files say which of them has changed. */
function describe(change: FactChange, handed: string | undefined): readonly string[] {
  const { fact, found, wanted } = change;
  if (fact !== "files" && fact !== "local" && fact !== "nested") return [describeChange(change)];
  const [before, after] = [tableOf(found), tableOf(wanted)];
  return (
    [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((path) => before[path] !== after[path])
      // One that the app's files name by now is told as such.
      .filter((path) => fact !== "nested" || after[path] !== undefined)
      .map((path) => {
        const what = nameOf(path, handed);
        if (before[path] === undefined) return `${what} is new`;
        return after[path] === undefined ? `${what} is not used any more` : `${what} has changed`;
      })
  );
}

function nameOf(path: string, handed: string | undefined): string {
  if (path === handed) return `The pip section of ${path}`;
  return path === "." ? "the app's own package" : path;
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
