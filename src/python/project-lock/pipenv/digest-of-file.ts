import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { capture, CommandError } from "../../../kit/command.ts";
import { withoutCredential } from "../../../kit/credentials.ts";
import { sha256OfFile } from "../../../kit/hash.ts";
import { toolEnv } from "../../../kit/tool-env.ts";
import { failure } from "../failures.ts";
import { digestsInApp } from "../files-in-app.ts";
import type { LockRequest } from "../manager.ts";
import type { Place } from "./place-of.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

interface Named {
  readonly name: string;
  /** Hexadecimal; those of all files of the release, or none. */
  readonly sha256: readonly string[];
}

/**
 * The digest of the one file that an entry names: Pipenv writes none, or those of all the release's
 * files, without saying which is whose. Undefined for a path that is not in the app.
 */
export async function digestOfFile(
  { address, isRemote }: Extract<Place, { kind: "file" }>,
  { name, sha256 }: Named,
  { appDir, place }: Pick<LockRequest, "appDir" | "place">,
): Promise<string | undefined> {
  const [, said] = /#(?:.*&)?sha256=([0-9a-f]{64})/i.exec(address) ?? [];
  const [only, ...others] = said === undefined ? sha256 : [said.toLowerCase()];
  if (only !== undefined && others.length === 0) return only;
  const found = isRemote
    ? await digestOfUrl(address, name, place)
    : Object.values(await digestsInApp(appDir, [address]))[0];
  if (found === undefined || sha256.length === 0 || sha256.includes(found)) return found;
  throw notFound(name, address, "its digest is none of those in the lock");
}

async function digestOfUrl(
  url: string,
  name: string,
  { env, netrc, work }: LockRequest["place"],
): Promise<string> {
  const draft = join(work, "archive");
  await mkdir(dirname(draft), { recursive: true });
  const plain = withoutCredential(url).replace(/#.*$/, "");
  try {
    await capture(
      "curl",
      [
        ...["--fail", "--location", "--silent", "--show-error", "--retry", "3"],
        ...(netrc === undefined ? [] : ["--netrc-file", netrc]),
        ...["--output", draft, "--", plain],
      ],
      { env: toolEnv(env) },
    );
    return await sha256OfFile(draft);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw notFound(name, plain, `it can't be downloaded: ${error.output.trim()}`, error);
  } finally {
    await rm(draft, { force: true });
  }
}

function notFound(name: string, address: string, answer: string, cause?: unknown): Error {
  const answers = [{ index: withoutCredential(address), answer }];
  const facts = { lockFile: LOCK_FILE, relock: RELOCK, name, version: undefined, answers };
  return failure("files-not-found", facts, cause);
}
