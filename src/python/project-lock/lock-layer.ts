import { describeHardware } from "../../accelerator/hardware.ts";
import type { FactChange } from "../../cnb/layer.ts";
import { describeDistro } from "../../cnb/target.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { changedEntries, describeEntry } from "../../kit/changed-entries.ts";
import { describeChange } from "../../kit/log.ts";
import type { Interpreter } from "../interpreter.ts";
import { type Lock, readableLock } from "../lock.ts";
import {
  type CachedLock,
  lockRecordSchema,
  type RecordableLock,
  recordLock,
  useRecorded,
} from "../lock-record.ts";
import { uvFormatArguments, uvIndexArguments } from "../requirements/uv-input.ts";
import type { ProjectInputs } from "./read-inputs.ts";

export interface LockLayer {
  /** What the previous build made of the same files. */
  readonly cached: CachedLock | undefined;
  /** What it had where that does not stand. */
  readonly previous: Lock;
  fill(locked: RecordableLock): Promise<void>;
}

interface Given {
  readonly interpreter: Interpreter;
  readonly inputs: ProjectInputs;
}

/** Launch-only, so that files that have not changed cost their digests. */
export async function openLockLayer(context: BuildContext, given: Given): Promise<LockLayer> {
  const layer = await context.layer({
    name: "lock",
    types: { launch: true },
    wanted: factsOf(context, given),
    labels: LABELS,
    recorded: lockRecordSchema,
  });
  const { log } = context;
  if (layer.state === "kept") {
    return { cached: useRecorded(layer.recorded, log), previous: [], fill: async () => {} };
  }
  const { cause, path } = layer;
  log.discarding("cached lock", cause, describeFact);
  const python = given.interpreter.minor;
  return {
    cached: undefined,
    previous: "found" in cause ? readableLock(cause.found["distributions"]) : [],
    fill: async (locked) => layer.commit(await recordLock(locked, { path, python })),
  };
}

/** Raised when the same files would give another lock, as with another ranking of wheels. */
const LAYOUT = 1;

interface Facts extends TomlTable {
  readonly layout: number;
  readonly python: string;
  readonly arch: string;
  readonly distro: string;
  readonly files: TomlTable;
  readonly groups: string | undefined;
  readonly extras: string | undefined;
  readonly variant: string | undefined;
  readonly hardware: string;
  readonly torch: string;
  readonly index: string;
}

const LABELS: { readonly [Fact in keyof Facts]: string } = {
  layout: "The form of the lock",
  python: "The Python version",
  arch: "The CPU architecture",
  distro: "The distribution of the build image",
  files: "A file of the project",
  groups: "BP_GROUPS",
  extras: "BP_EXTRAS",
  variant: "What of the project is installed",
  hardware: "The hardware",
  torch: "Where torch's packages are looked for",
  index: "Where packages are looked for",
};

function factsOf({ target }: BuildContext, { interpreter, inputs }: Given): Facts {
  return {
    layout: LAYOUT,
    // Markers ask for all of it.
    python: interpreter.version,
    arch: target.arch,
    distro: describeDistro(target),
    files: inputs.files,
    groups: joined(inputs.groups),
    extras: joined(inputs.extras),
    variant: inputs.variant,
    hardware: describeHardware(inputs.hardware),
    torch: inputs.torchIndexes.base ?? "default",
    index: [
      ...uvIndexArguments(inputs.options, ".", "best-match"),
      ...uvFormatArguments(inputs.options),
    ].join(" "),
  };
}

function joined(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(" ");
}

function describeFact(change: FactChange): readonly string[] {
  if (change.fact !== "files") return [describeChange(change)];
  return changedEntries(change).map((entry) => describeEntry(entry));
}
