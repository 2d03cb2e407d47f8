import { createLog } from "../../src/kit/log.ts";

/** What scripts print, in the vocabulary of the builds themselves. */
export const log = createLog({
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  debug: process.env["BP_LOG_LEVEL"] === "debug",
});
