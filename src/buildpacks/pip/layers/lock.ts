import * as z from "zod/mini";
import { acceleratedSchema } from "../../../accelerator/accelerated.ts";
import { describeHardware } from "../../../accelerator/hardware.ts";
import type { MetadataParser } from "../../../cnb/layer.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { today } from "../../../kit/lock-age.ts";
import { readRenewal, RENEWAL_LABELS, type Renewal } from "../../../kit/renewal.ts";
import { tellUpgrades } from "../../../kit/upgrades.ts";
import type { Interpreter } from "../../../python/interpreter.ts";
import { type Distribution, type Lock, normalizeName, readableLock } from "../../../python/lock.ts";
import {
  type CachedLock,
  lockRecordSchema,
  recordLock,
  useRecorded,
} from "../../../python/lock-record.ts";
import { NO_PREFERENCES, type Preferences } from "../../../python/uv/resolve.ts";
import type { Asked } from "../asked.ts";
import type { Locked } from "../obtain-lock.ts";
import { tellDiscarded } from "./lock-changes.ts";
import { ASKED_LABELS, type AskedFacts, factsOf } from "./lock-facts.ts";
import { digestNested, nestedIn } from "./nested-packages.ts";

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
  const { appDir, env, log } = context;
  const found = (await context.foundLayers()).get(LAYER)?.metadata;
  const previous = readableLock(found?.["distributions"]);
  const renewal = readRenewal(context, { found, packages: previous }, normalizeName);
  const wanted: Facts = {
    ...factsOf(context, interpreter, asked),
    nested: await digestNested(found, { appDir, asked }),
    ...renewal.facts,
  };
  const layer = await context.layer({
    name: LAYER,
    types: { launch: true },
    wanted,
    labels: LABELS,
    recorded: recordedParser,
  });
  if (layer.state === "kept") {
    tellUpgrades(log, renewal.upgrades);
    const cached = useRecorded(layer.recorded, log);
    const none = { previous: [], preferences: NO_PREFERENCES, previousCuda: undefined };
    return { cached, made: layer.recorded.made, ...none, fill: async () => {} };
  }
  tellDiscarded(log, layer.cause, asked.source.kind === "handed" ? asked.source.file : undefined);
  tellUpgrades(log, renewal.upgrades);
  const made = renewal.preferences.length === 0 ? today(env) : renewal.made;
  return {
    cached: undefined,
    ...{ made, previous },
    preferences: preferencesIn(found, renewal),
    previousCuda: cudaIn(found, asked, renewal),
    fill: async (locked) => {
      const { lock, requested } = locked;
      await layer.commit({
        ...(await recordLock(locked, { path: layer.path, python: interpreter.minor })),
        made,
        ...renewal.upgrades.recorded,
        requested: Object.keys(requested).length === 0 ? undefined : requested,
        nested: await nestedIn(lock, { appDir, asked }),
      });
    },
  };
}

const LAYER = "lock";

const requestedSchema = z.record(z.string(), z.string());

const recordedSchema = z.extend(lockRecordSchema, {
  made: z.optional(z.string()),
  requested: z.optional(requestedSchema),
});

/** Without repositories there is no table of them. */
type Recorded = TomlTable &
  z.infer<typeof recordedSchema> & {
    readonly upgrade?: string;
    /** In place of the fact, which was compared with the previous lock's packages. */
    readonly nested?: TomlTable | undefined;
  };

const recordedParser: MetadataParser<Recorded> = recordedSchema;

interface Facts extends AskedFacts {
  readonly nested: TomlTable | undefined;
  readonly epoch: string | undefined;
  readonly upgrade?: string;
}

const LABELS: { readonly [Fact in keyof Facts]-?: string } = {
  ...ASKED_LABELS,
  nested: "A local package",
  ...RENEWAL_LABELS,
};

type FoundMetadata = Readonly<Record<string, unknown>>;

function preferencesIn(
  found: FoundMetadata | undefined,
  { isSameEpoch, preferences }: Renewal<Distribution>,
): Preferences {
  if (!isSameEpoch) return NO_PREFERENCES;
  return {
    lock: preferences,
    requested: requestedSchema.safeParse(found?.["requested"]).data ?? {},
  };
}

/** With another line of hardware, the reason for the version may be gone. */
function cudaIn(
  found: FoundMetadata | undefined,
  { hardware }: Asked,
  { isSameEpoch }: Renewal<Distribution>,
): string | undefined {
  if (!isSameEpoch || found?.["hardware"] !== describeHardware(hardware)) return undefined;
  return acceleratedSchema.safeParse(found["accelerated"]).data?.cuda;
}
