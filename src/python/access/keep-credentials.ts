import { type Credential, mergeCredentials, secretsOf } from "../../kit/credentials.ts";
import type { Log } from "../../kit/log.ts";
import { describeOrigin } from "../../kit/origin.ts";

/** Hides the secrets from the log, and tells where a host has two: a netrc file can hold one. */
export function keepCredentials(
  log: Pick<Log, "hide" | "warn">,
  all: readonly Credential[],
): readonly Credential[] {
  for (const secret of all.flatMap(secretsOf)) log.hide(secret);
  const { kept, conflicts } = mergeCredentials(all);
  for (const { kept: first, dropped } of conflicts) {
    log.warn(
      `Two different credentials for ${first.host} were given`,
      `Using that of ${describeOrigin(first.origin)}, not that of ${describeOrigin(dropped.origin)}: a build can have one for each host.`,
    );
  }
  return kept;
}
