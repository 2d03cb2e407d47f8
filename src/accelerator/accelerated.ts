import * as z from "zod/mini";
import { ACCELERATORS } from "./hardware.ts";

/** What an image's packages turned out to be for. */
export const acceleratedSchema = z.object({
  accelerator: z.enum(ACCELERATORS),
  /** "12.8" */
  cuda: z.optional(z.string()),
  rocm: z.optional(z.string()),
  /** The oldest driver that hosts may have: "525". */
  driver: z.optional(z.string()),
  /** Whether something finds CUDA's libraries by the loader's path alone. */
  libraryPath: z.optional(z.boolean()),
});

export type Accelerated = z.infer<typeof acceleratedSchema>;
