import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretsOf } from "../kit/credentials.ts";
import type { Log } from "../kit/log.ts";
import { describeOrigin, inPrecedence, type Origin } from "../kit/origin.ts";
import { bulleted } from "../kit/text.ts";
import type { ChannelCredential } from "./channel-url.ts";

/** Opens the channels of a host, by the first of what is given for it. */
export type HostCredential = ChannelCredential | BearerToken;

/** Sent as a header; a {@link ChannelCredential}'s token stands in the path. */
export interface BearerToken {
  /** "repo.prefix.dev", or "*.prefix.dev" for it and all hosts below it. */
  readonly host: string;
  readonly bearer: string;
  readonly origin: Origin;
}

/** Hides the secrets from the log, and tells where a host has two of them: rattler holds one. */
export function keepHostCredentials(
  log: Pick<Log, "hide" | "warn">,
  all: readonly HostCredential[],
): readonly HostCredential[] {
  for (const secret of all.flatMap(secretsIn)) log.hide(secret);
  const kept = new Map<string, HostCredential>();
  const conflicts: string[] = [];
  for (const credential of inPrecedence(all)) {
    const { host, origin } = credential;
    const key = host.toLowerCase();
    const first = kept.get(key);
    if (first === undefined) kept.set(key, credential);
    else if (JSON.stringify(entryOf(first)) !== JSON.stringify(entryOf(credential))) {
      conflicts.push(
        `${host}: using that of ${describeOrigin(first.origin)}, not that of ${describeOrigin(origin)}`,
      );
    }
  }
  if (conflicts.length > 0) {
    log.warn(
      "Different credentials for the channels of one host were given",
      `${bulleted(conflicts)}\nA build can have one for each host.`,
    );
  }
  return [...kept.values()];
}

/**
 * Does work with a file of the credentials in rattler's form, which is gone afterwards; without one
 * where there are none. https://rattler-build.prefix.dev/latest/authentication_and_upload/
 */
export async function withCredentialsFile<Result>(
  credentials: readonly HostCredential[],
  work: (path: string | undefined) => Promise<Result>,
): Promise<Result> {
  if (credentials.length === 0) return work(undefined);
  // Nobody else can enter it.
  const directory = await mkdtemp(join(tmpdir(), "conda-credentials-"));
  try {
    const path = join(directory, "credentials.json");
    await writeFile(path, credentialsText(credentials), { mode: 0o600 });
    await chmod(path, 0o600);
    return await work(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** rattler looks for a host as URLs have it: in lower case and without a port. */
export function credentialsText(credentials: readonly HostCredential[]): string {
  const entries = credentials.map((one) => [one.host.toLowerCase(), entryOf(one)]);
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}

/** https://github.com/conda/rattler/blob/main/crates/rattler_networking/src/authentication_storage/authentication.rs */
function entryOf(credential: HostCredential): object {
  if ("bearer" in credential) return { BearerToken: credential.bearer };
  if ("token" in credential) return { CondaToken: credential.token };
  return { BasicHTTP: { username: credential.login, password: credential.password } };
}

function secretsIn(credential: HostCredential): readonly string[] {
  if ("bearer" in credential) return [credential.bearer];
  if ("token" in credential) return [credential.token];
  return secretsOf(credential);
}
