import { join } from "node:path";
import * as z from "zod/mini";
import type { FactChange, MetadataParser } from "../../../cnb/layer.ts";
import { writeFileWhole } from "../../../cnb/files.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import { type CondaLock, formatLock, lockTableSchema, parseLock } from "../../../conda/lock.ts";
import { explicitText } from "../../../conda/explicit-text.ts";
import { formatVirtualPackage } from "../../../conda/virtual-packages.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { changedEntries, describeEntry } from "../../../kit/changed-entries.ts";
import { today } from "../../../kit/lock-age.ts";
import { epochOf } from "../../../kit/lock-epoch.ts";
import { describeChange } from "../../../kit/log.ts";
import { counted } from "../../../kit/text.ts";
import { readRenewal, RENEWAL_LABELS } from "../../../kit/renewal.ts";
import { tellUpgrades } from "../../../kit/upgrades.ts";
import type { Asked } from "../asked.ts";

/** What is known once the environment is solved, or a lock file is read. */
export interface Locked {
  readonly packages: CondaLock;
  /** Requirement lines of the lock file's packages of a Python index. */
  readonly pip: readonly string[];
}

export interface LockLayer {
  /** The lock of the previous build where it still holds. */
  readonly cached: Locked | undefined;
  /** The UTC day of its versions, that of the last solve that kept none; unknown of lock files. */
  readonly made: string | undefined;
  /** What the previous build had. */
  readonly previous: CondaLock;
  /** What is kept where it fits; empty with a new epoch. */
  readonly preferences: CondaLock;
  /** Writes an explicit file, which only tells; the lock itself is in the layer's metadata. */
  fill(locked: Locked): Promise<void>;
}

/**
 * Launch-only, so that an unchanged environment costs a comparison. The explicit file is in the
 * image for people and scanners: `conda create --file` makes the same environment from it.
 */
export async function openLockLayer(context: BuildContext, asked: Asked): Promise<LockLayer> {
  const { env, log } = context;
  const found = (await context.foundLayers()).get(LAYER)?.metadata;
  const previous = lockIn(found);
  const isSolved = asked.wanted.kind === "environment";
  // A lock file of the app's own says itself which versions there are.
  const packages = isSolved ? previous : [];
  const renewal = readRenewal(context, { found, packages }, (name) => name.toLowerCase());
  const wanted: Facts = { ...factsOf(asked), ...renewal.facts };
  const layer = await context.layer({
    name: LAYER,
    types: { launch: true },
    wanted,
    labels: LABELS,
    recorded: recordedParser,
  });
  if (layer.state === "kept") {
    const { packages: table, pip, made } = layer.recorded;
    const lock = parseLock(table) ?? [];
    tellUpgrades(log, renewal.upgrades);
    log.step(`Using cached lock of ${counted(lock.length, "package")}`);
    return {
      cached: { packages: lock, pip: pip ?? [] },
      made,
      ...{ previous: [], preferences: [], fill: async () => {} },
    };
  }
  log.discarding("cached lock", layer.cause, describe);
  tellUpgrades(log, renewal.upgrades);
  const preferences = hasVariantsFor(found, asked) ? renewal.preferences : [];
  const day = preferences.length === 0 ? today(env) : renewal.made;
  const made = isSolved ? day : undefined;
  return {
    cached: undefined,
    ...{ made, previous, preferences },
    fill: async (locked) => {
      const file = join(layer.path, "conda-explicit.txt");
      await writeFileWhole(file, explicitText(locked.packages, asked.platform));
      await layer.commit({
        packages: formatLock(locked.packages),
        made,
        ...renewal.upgrades.recorded,
        pip: locked.pip.length === 0 ? undefined : [...locked.pip],
      });
    },
  };
}

/**
 * Whether the earlier lock was made with the same choice of variants. Those for the plainest system
 * run everywhere, and would stay as preferences where the image is now for GPUs.
 */
function hasVariantsFor(
  found: Readonly<Record<string, unknown>> | undefined,
  asked: Asked,
): boolean {
  const before = textsIn(found?.["virtual"]);
  const chosen = textsIn(factsOf(asked).virtual).filter((each) =>
    /^__(?:archspec|cuda)/.test(each),
  );
  return chosen.every((each) => before.includes(each));
}

/** The CUDA version that the earlier build was made for, unless its epoch was another one. */
export async function findEarlierCuda(
  context: Pick<BuildContext, "foundLayers" | "settings">,
): Promise<string | undefined> {
  const found = (await context.foundLayers()).get(LAYER)?.metadata;
  if (found === undefined || found["epoch"] !== epochOf(context, found)) return undefined;
  const cuda = textsIn(found["virtual"]).find((each) => each.startsWith("__cuda="));
  return cuda?.split("=")[1];
}

const LAYER = "lock";
/** Raised when the same files would give another lock. */
const LAYOUT = 1;

const recordedSchema = z.object({
  packages: lockTableSchema,
  made: z.optional(z.string()),
  pip: z.optional(z.array(z.string())),
});

type Recorded = TomlTable & z.infer<typeof recordedSchema> & { readonly upgrade?: string };

const recordedParser: MetadataParser<Recorded> = {
  parse(metadata) {
    const recorded = recordedSchema.parse(metadata);
    if (parseLock(recorded.packages) === undefined) {
      throw new Error("a package has an unknown form");
    }
    return recorded;
  },
};

/** The lock of this build, for one who makes the environment again. */
export async function readLock(context: Pick<BuildContext, "foundLayers">): Promise<CondaLock> {
  return lockIn((await context.foundLayers()).get(LAYER)?.metadata);
}

function lockIn(metadata: Readonly<Record<string, unknown>> | undefined): CondaLock {
  const table = lockTableSchema.safeParse(metadata?.["packages"]).data;
  return (table === undefined ? undefined : parseLock(table)) ?? [];
}

interface AskedFacts extends TomlTable {
  readonly layout: number;
  readonly platform: string;
  readonly source: string;
  readonly specs: readonly string[] | undefined;
  readonly channels: readonly string[] | undefined;
  readonly priority: string | undefined;
  readonly virtual: readonly string[] | undefined;
  readonly file: string | undefined;
  readonly environment: string | undefined;
}

interface Facts extends AskedFacts {
  readonly epoch: string | undefined;
  readonly upgrade?: string;
}

const LABELS: { readonly [Fact in keyof Facts]-?: string } = {
  layout: "The form of the lock",
  platform: "The platform",
  source: "What is installed",
  specs: "The list of packages",
  channels: "The list of channels",
  priority: "The priority of channels",
  virtual: "What the image is to run on",
  file: "The lock file",
  environment: "The environment of pixi.lock",
  ...RENEWAL_LABELS,
};

function factsOf({ platform, wanted }: Asked): AskedFacts {
  const isSolved = wanted.kind === "environment";
  return {
    layout: LAYOUT,
    platform,
    source: wanted.kind,
    specs: isSolved ? wanted.specs : undefined,
    channels: isSolved ? wanted.channels : undefined,
    priority: isSolved ? wanted.priority : undefined,
    virtual: isSolved
      ? [...wanted.virtualPackages.map(formatVirtualPackage), ...wanted.constraints]
      : undefined,
    file: isSolved ? undefined : wanted.digest,
    environment: wanted.kind === "pixi" ? wanted.environment : undefined,
  };
}

/** Lists say what is new in them. */
function describe(change: FactChange): readonly string[] {
  const { fact, label } = change;
  if (fact !== "specs" && fact !== "channels" && fact !== "virtual")
    return [describeChange(change)];
  const lines = changedEntries(change).map((entry) => describeEntry(entry));
  if (lines.length === 0) return [`${label} has another order`];
  const others = lines.length - MOST_TOLD;
  return [
    ...lines.slice(0, MOST_TOLD),
    ...(others > 0 ? [counted(others, "other change", "other changes")] : []),
  ];
}

/** With more, as where the previous image is another app's, they tell less than their number. */
const MOST_TOLD = 8;

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
