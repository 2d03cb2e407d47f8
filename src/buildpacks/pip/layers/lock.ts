import { join } from "node:path";
import { type Accelerated, acceleratedSchema } from "../../../accelerator/accelerated.ts";
import { describeHardware } from "../../../accelerator/hardware.ts";
import * as z from "zod/mini";
import type { EmptyCause, FactChange, MetadataParser } from "../../../cnb/layer.ts";
import { writeFileWhole } from "../../../cnb/files.ts";
import { formatToml, type TomlTable } from "../../../cnb/toml.ts";
import { describeDistro } from "../../../cnb/target.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { describeChange } from "../../../kit/log.ts";
import { counted } from "../../../kit/text.ts";
import type { Interpreter } from "../../../python/interpreter.ts";
import { type Distribution, distributionSchema, type Lock } from "../../../python/lock.ts";
import { digestOfProvided } from "../../../python/provided/provided.ts";
import type { PylockPackage } from "../../../python/uv/pylock.ts";
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
  const layer = await context.layer({
    name: LAYER,
    types: { launch: true },
    wanted: factsOf(context, interpreter, asked, await digestNested(context, asked)),
    labels: LABELS,
    recorded: recordedParser,
  });
  if (layer.state === "kept") {
    const { distributions, accelerated } = layer.recorded;
    context.log.step(`Using cached lock of ${counted(distributions.length, "package")}`);
    const none = { previous: [], preferences: NO_PREFERENCES, previousCuda: undefined };
    return { cached: { lock: distributions, accelerated }, ...none, fill: async () => {} };
  }
  tellCause(context, layer.cause, asked.source.kind === "handed" ? asked.source.file : undefined);
  const found = "found" in layer.cause ? layer.cause.found : undefined;
  const previous = found === undefined ? NO_PREFERENCES : preferencesIn(found);
  const sameEpoch = found?.["epoch"] === asked.epoch;
  // With another line of hardware, the reason for the version may be gone.
  const sameHardware = found?.["hardware"] === describeHardware(asked.hardware);
  return {
    cached: undefined,
    previous: previous.lock,
    preferences: sameEpoch ? previous : NO_PREFERENCES,
    previousCuda:
      sameEpoch && sameHardware
        ? acceleratedSchema.safeParse(found?.["accelerated"]).data?.cuda
        : undefined,
    fill: async ({ lock, packages, requested, accelerated }) => {
      const file = join(layer.path, "pylock.toml");
      await writeFileWhole(file, pylockText(packages, interpreter.minor));
      await layer.commit({
        distributions: [...lock],
        accelerated,
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
  requested: z.optional(requestedSchema),
});

const recordedParser: MetadataParser<Recorded> = {
  parse(metadata) {
    const { requested, ...rest } = recordedSchema.parse(metadata);
    return { ...rest, ...(requested === undefined ? {} : { requested }) };
  },
};

/** Without repositories there is no table of them. */
type Recorded = TomlTable & {
  readonly distributions: readonly Distribution[];
  readonly accelerated: Accelerated;
  readonly requested?: Readonly<Record<string, string>>;
  /** In place of the fact, which was compared with the previous lock's packages. */
  readonly nested?: TomlTable | undefined;
};

/** All that can be read: what an earlier form of the lock knew is better than nothing. */
function preferencesIn(metadata: FoundMetadata): Preferences {
  const { distributions, requested } = metadata;
  const all = Array.isArray(distributions) ? distributions : [];
  return {
    lock: all.flatMap((one) => distributionSchema.safeParse(one).data ?? []),
    requested: requestedSchema.safeParse(requested).data ?? {},
  };
}

type FoundMetadata = Readonly<Record<string, unknown>>;

/**
 * Local packages that other local packages depend on, by path. Only a resolution tells which those
 * are, so that they are compared for the lock that was found and kept for the one that is made.
 */
async function digestNested(context: BuildContext, asked: Asked): Promise<TomlTable> {
  if (!hasLocalPackages(asked)) return {};
  const found = (await context.foundLayers()).get(LAYER)?.metadata["nested"];
  const paths = Object.keys(tableOf(found)).filter((path) => !(path in asked.local));
  return digestPaths(context.appDir, paths);
}

async function nestedIn(lock: Lock, { appDir }: BuildContext, asked: Asked): Promise<TomlTable> {
  if (!hasLocalPackages(asked)) return {};
  const digests = await digestInLock(appDir, lock);
  return Object.fromEntries(Object.entries(digests).filter(([path]) => !(path in asked.local)));
}

function hasLocalPackages({ set }: Asked): boolean {
  return set.requirements.some(({ source }) => source.kind === "path");
}

interface Facts extends TomlTable {
  readonly layout: number;
  readonly python: string;
  readonly arch: string;
  readonly distro: string;
  readonly source: string;
  readonly files: TomlTable | undefined;
  readonly local: TomlTable | undefined;
  readonly nested: TomlTable | undefined;
  readonly index: string;
  readonly hardware: string;
  readonly torch: string;
  readonly provided: string | undefined;
  readonly expanded: string | undefined;
  readonly epoch: string | undefined;
}

const LABELS: { readonly [Fact in keyof Facts]: string } = {
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
};

function factsOf(
  { target }: BuildContext,
  { minor }: Interpreter,
  asked: Asked,
  nested: TomlTable,
): Facts {
  const options = asked.options;
  return {
    layout: LAYOUT,
    python: minor,
    arch: target.arch,
    distro: describeDistro(target),
    source: asked.source.kind,
    files: tableUnlessEmpty(Object.fromEntries(asked.files)),
    local: tableUnlessEmpty(asked.local),
    nested: tableUnlessEmpty(nested),
    index: [
      ...uvIndexArguments(options, ".", asked.strategy),
      ...uvFormatArguments(options),
      ...(options.pre ? ["--pre"] : []),
    ].join(" "),
    hardware: describeHardware(asked.hardware),
    torch: asked.torchIndexes.base ?? "default",
    provided: asked.provided === undefined ? undefined : digestOfProvided(asked.provided),
    expanded: asked.expanded,
    epoch: asked.epoch,
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

/** PEP 751. */
function pylockText(packages: readonly PylockPackage[], minor: string): string {
  return formatToml({
    "lock-version": "1.0",
    "created-by": "ml-buildpacks",
    "requires-python": `~=${minor}.0`,
    packages,
  });
}
