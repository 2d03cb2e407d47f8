import { join } from "node:path";
import * as z from "zod/mini";
import { type Accelerated, acceleratedSchema } from "../../accelerator/accelerated.ts";
import { describeHardware } from "../../accelerator/hardware.ts";
import { writeFileWhole } from "../../cnb/files.ts";
import type { EmptyCause, MetadataParser } from "../../cnb/layer.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { describeChange } from "../../kit/log.ts";
import { counted } from "../../kit/text.ts";
import type { Interpreter } from "../interpreter.ts";
import { distributionSchema, type Lock, readableLock } from "../lock.ts";
import { formatPylock, type PylockPackage } from "../uv/pylock.ts";
import type { LockManager } from "./manager.ts";
import type { ProjectInputs } from "./read-inputs.ts";

/** What is kept of a lock besides pylock.toml. */
export interface CachedLock {
  readonly lock: Lock;
  readonly accelerated: Accelerated;
}

export interface Locked extends CachedLock {
  readonly packages: readonly PylockPackage[];
}

export interface LockLayer {
  /** What the previous build made of the same files. */
  readonly cached: CachedLock | undefined;
  /** What it had where that does not stand. */
  readonly previous: Lock;
  /** Writes pylock.toml, which only tells; the lock itself is in the layer's metadata. */
  fill(locked: Locked): Promise<void>;
}

interface Given {
  readonly manager: LockManager;
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
    recorded: recordedParser,
  });
  if (layer.state === "kept") {
    const { distributions, accelerated } = layer.recorded;
    context.log.step(`Using cached lock of ${counted(distributions.length, "package")}`);
    const cached = { lock: distributions, accelerated };
    return { cached, previous: [], fill: async () => {} };
  }
  tellCause(context, layer.cause);
  const { cause } = layer;
  return {
    cached: undefined,
    previous: "found" in cause ? readableLock(cause.found["distributions"]) : [],
    fill: async ({ lock, packages, accelerated }) => {
      const text = formatPylock(packages, given.interpreter.minor);
      await writeFileWhole(join(layer.path, "pylock.toml"), text);
      await layer.commit({ distributions: [...lock], accelerated });
    },
  };
}

/** Raised when the same files would give another lock, as with another ranking of wheels. */
const LAYOUT = 1;

const recordedSchema = z.object({
  distributions: z.array(distributionSchema),
  accelerated: acceleratedSchema,
});

const recordedParser: MetadataParser<z.infer<typeof recordedSchema>> = recordedSchema;

interface Facts extends TomlTable {
  readonly layout: number;
  readonly python: string;
  readonly arch: string;
  readonly files: TomlTable;
  readonly groups: string | undefined;
  readonly extras: string | undefined;
  readonly variant: string | undefined;
  readonly hardware: string;
  readonly torch: string;
}

const LABELS: { readonly [Fact in keyof Facts]: string } = {
  layout: "The form of the lock",
  python: "The Python version",
  arch: "The CPU architecture",
  files: "A file of the project",
  groups: "BP_GROUPS",
  extras: "BP_EXTRAS",
  variant: "What of the project is installed",
  hardware: "The hardware",
  torch: "Where torch's packages are looked for",
};

function factsOf({ target }: BuildContext, { manager, interpreter, inputs }: Given): Facts {
  return {
    layout: LAYOUT,
    python: interpreter.minor,
    arch: target.arch,
    files: inputs.files,
    groups: joined(inputs.groups),
    extras: joined(inputs.extras),
    variant: manager.variant,
    hardware: describeHardware(inputs.hardware),
    torch: inputs.torchIndexes.base ?? "default",
  };
}

function joined(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(" ");
}

function tellCause({ log }: BuildContext, cause: EmptyCause): void {
  if (cause.kind !== "outdated") return log.discarding("cached lock", cause);
  const lines = cause.changes.flatMap((change) => {
    if (change.fact !== "files") return [describeChange(change)];
    const [before, after] = [tableOf(change.found), tableOf(change.wanted)];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((path) => before[path] !== after[path])
      .map((path) => `${path} ${before[path] === undefined ? "is new" : "has changed"}`);
  });
  log.list("Discarding cached lock since:", lines);
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
