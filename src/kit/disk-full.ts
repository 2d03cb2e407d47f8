import { defineFailures } from "./failure.ts";
import { text } from "./text.ts";

/** Whether a program, or Node itself, says that the disk is full. */
export function isDiskFull(output: string): boolean {
  return /No space left on device|ENOSPC|os error 28|Disk quota exceeded/i.test(output);
}

export const diskFull = defineFailures<{ "disk-full": { output: string } }>({
  "disk-full": ({ output }) => ({
    blame: "environment",
    title: "The disk is full",
    body: text`
      Found: no space is left where the build keeps its layers or its temporary files.
      Needed: a larger volume or disk for the build, or less on it. An app with torch and CUDA, for
      example, takes 12 GB while it is built.
    `,
    details: output,
  }),
});
