import * as z from "zod/mini";

/** What is built, and how, to be measured. `docs/benchmarks.md` explains each. */
export const SCENARIOS = [
  "cold",
  "unchanged",
  "edit",
  "add",
  "upgrade-small",
  "upgrade-heavy",
  "rebase",
  "seeded",
  "second-app",
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** A part of a build, in the order in which they ran. */
const PhaseTime = z.object({
  /** "set-up", "analyze", "build: pip", …; of a Dockerfile "RUN pip install …", "export", "push". */
  name: z.string(),
  seconds: z.number(),
});
export type PhaseTime = z.infer<typeof PhaseTime>;

/** What one build cost. */
const Cost = z.object({
  /** Wall time of all commands that a user would type. */
  seconds: z.number(),
  /** Their sum is `seconds`. */
  phases: z.array(PhaseTime),
  /** Of all processes of the machine, engine and registry included. */
  cpuSeconds: z.number(),
  /** The most that the whole machine held beyond what it held before, page cache left out. */
  peakMemoryBytes: z.number(),
  /** The most that was on disk beyond what was there before. */
  peakDiskBytes: z.number(),
  /** From package indexes, Debian's archive and conda channels. */
  downloadedBytes: z.number(),
  /** Compressed bytes, and layers, that the registry did not have before; 0 for builds into the engine. */
  pushedBytes: z.number(),
  pushedLayers: z.number(),
});
export type Cost = z.infer<typeof Cost>;

const Measurement = z.object({
  app: z.string(),
  scenario: z.enum(SCENARIOS),
  /** What is particular: the requirement that was added or upgraded. */
  detail: z.optional(z.string()),
  /** "fresh": no local state, the registry only. */
  machine: z.enum(["warm", "fresh"]),
  target: z.enum(["registry", "engine"]),
  /** "ours", a rival's name, or "floor": a buildpack of sh that does nothing. */
  contender: z.string(),
  /** From 1. */
  round: z.number(),
  cost: Cost,
});
export type Measurement = z.infer<typeof Measurement>;

/** The image of an app after its first build. */
const ImageSize = z.object({
  app: z.string(),
  contender: z.string(),
  /** The first that has it. */
  round: z.number(),
  layers: z.number(),
  /** As a registry stores it, base image included. */
  compressedBytes: z.number(),
  unpackedBytes: z.number(),
});
export type ImageSize = z.infer<typeof ImageSize>;

/** Seconds in new containers, one figure each; contenders in turn. */
const StartUp = z.object({
  app: z.string(),
  contender: z.string(),
  round: z.number(),
  /** The first import of the app's heavy modules, inside the interpreter. */
  importSeconds: z.array(z.number()),
  /** From the container's start to the first answer over HTTP. */
  requestSeconds: z.array(z.number()),
});
export type StartUp = z.infer<typeof StartUp>;

/** What no builder on this machine can beat. */
const Limits = z.object({
  /** From the frozen index, over the loopback interface. */
  downloadBytesPerSecond: z.number(),
  /** Go's gzip at the lifecycle's level, in one thread, on the files of the run image's heaviest layer. */
  gzipBytesPerSecond: z.number(),
  /** Creation, start and removal of a container that does nothing. */
  containerSeconds: z.number(),
});
export type Limits = z.infer<typeof Limits>;

/** What is measured of an app in one round. */
const RoundPlan = z.object({
  /** Ours is always there. */
  rivals: z.readonly(z.array(z.string())),
  scenarios: z.readonly(z.array(z.enum(SCENARIOS))),
  /** How many of the app's additions. */
  additions: z.number(),
  /** Also on machines without local state. */
  fresh: z.boolean(),
  /** Also into the engine. */
  engine: z.boolean(),
  /** How often each image is started. */
  startUps: z.number(),
});
export type RoundPlan = z.infer<typeof RoundPlan>;

export const BenchResult = z.object({
  /** What it ran on and with, in all sittings: "processor", "BuildKit", "lifecycle", … */
  environment: z.record(z.string(), z.string()),
  /** ISO 8601: packages that were published later were hidden. */
  frozenAt: z.string(),
  /** More than one where the run was resumed. */
  sittings: z.array(
    z.object({
      /** As typed. */
      command: z.string(),
      /** UTC, ISO 8601. */
      startedAt: z.string(),
    }),
  ),
  /** Those that are complete, each with all that it was to measure. All figures are of one of them. */
  rounds: z.array(z.object({ app: z.string(), number: z.number(), plan: RoundPlan })),
  /** Of the first sitting. */
  limits: Limits,
  /** In the order in which they were measured. */
  measurements: z.array(Measurement),
  images: z.array(ImageSize),
  startUps: z.array(StartUp),
});
export type BenchResult = z.infer<typeof BenchResult>;
