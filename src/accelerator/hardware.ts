import * as z from "zod/mini";

/** Where a line stands, see `Origin`; a schema of its own since it is handed to later buildpacks. */
const saidSchema = z.object({
  origin: z.object({ file: z.string(), line: z.optional(z.number()) }),
  /** The line as it was written, or what stands for it. */
  text: z.string(),
});

export const ACCELERATORS = ["cpu", "cuda", "rocm", "neuron", "tpu", "coral"] as const;

export type Accelerator = (typeof ACCELERATORS)[number];

/**
 * What the image is to run on, as `hardware.txt`, `BP_HARDWARE` or the builder says it. Nothing is
 * decided here: which CUDA version a bare `cuda` becomes depends on the packages, see `choose.ts`.
 */
export const hardwareSchema = z.object({
  accelerator: z.extend(saidSchema, {
    name: z.enum(ACCELERATORS),
    /** PEP 440, of versions of CUDA or ROCm: "==12.8", ">=12.4"; empty for any. */
    specifier: z.string(),
    /** True where nobody wrote it: what the packages say themselves then counts more. */
    assumed: z.boolean(),
  }),
  /** GPUs that the image is to run on; empty for any. */
  gpus: z.array(
    z.extend(saidSchema, {
      /** As the data names it: "l4". */
      name: z.string(),
      /** Compute capability: "8.9". */
      capability: z.string(),
    }),
  ),
  /** The oldest driver of the hosts: "550", "550.54.15". */
  driver: z.optional(z.extend(saidSchema, { version: z.string() })),
  /** System CUDA libraries for programs that bring none: "cublas". */
  libraries: z.array(z.extend(saidSchema, { name: z.string() })),
  toolkit: z.optional(saidSchema),
});

export type Hardware = z.infer<typeof hardwareSchema>;

/** All of it that decides which packages fit, as it could stand in one line. */
export function describeHardware({ accelerator, gpus, driver, libraries }: Hardware): string {
  return [
    `${accelerator.name}${accelerator.specifier}${accelerator.assumed ? " by default" : ""}`,
    ...gpus.map(({ name }) => `gpu ${name}`),
    ...(driver === undefined ? [] : [`driver>=${driver.version}`]),
    ...libraries.map(({ name }) => `libraries ${name}`),
  ].join(", ");
}
