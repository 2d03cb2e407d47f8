import { hostOf } from "../../kit/text.ts";
import * as z from "zod/mini";
import { capture, CommandError } from "../../kit/command.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import type { DebianPackage } from "../lock.ts";
import type { FetchOptions } from "./fetch-packages.ts";

/**
 * Addresses of packages that the archive no longer has where it had them. Debian keeps every file
 * that its archives ever had: https://snapshot.debian.org/
 */
export async function findElsewhere(
  packages: readonly DebianPackage[],
  { env, log }: Pick<FetchOptions, "env" | "log">,
): Promise<ReadonlyMap<DebianPackage, string>> {
  const found = new Map<DebianPackage, string>();
  for (const item of packages.filter(({ url }) => /(?:^|\.)debian\.org$/.test(hostOf(url)))) {
    try {
      const url = await findInSnapshots(item, toolEnv(env));
      if (url === undefined) continue;
      log.step(
        `Using snapshot.debian.org for ${item.name} ${item.version}, which ${hostOf(item.url)} no longer has`,
      );
      found.set(item, url);
    } catch {
      // It is the last resort; what failed before is told.
      break;
    }
  }
  return found;
}

/** https://salsa.debian.org/snapshot-team/snapshot/raw/master/API */
const answerSchema = z.object({
  result: z.array(z.object({ architecture: z.string(), hash: z.string() })),
});

/** Throws where the server does not answer. */
async function findInSnapshots(
  { name, version, arch }: DebianPackage,
  env: ReturnType<typeof toolEnv>,
): Promise<string | undefined> {
  const path = `mr/binary/${encodeURIComponent(name)}/${encodeURIComponent(version)}/binfiles`;
  try {
    const { stdout } = await capture(
      "curl",
      [
        ...["--fail", "--silent", "--location", "--retry", "3"],
        ...["--connect-timeout", "30", "--max-time", "60", `${SNAPSHOTS}/${path}`],
      ],
      { env },
    );
    const { result } = answerSchema.parse(JSON.parse(stdout));
    const file = result.find(({ architecture }) => architecture === arch);
    return file === undefined ? undefined : `${SNAPSHOTS}/file/${file.hash}`;
  } catch (error) {
    if (error instanceof CommandError && isAnswer(error)) return undefined;
    throw error;
  }
}

/** Curl's status for an answer of 400 and more: https://curl.se/docs/manpage.html#22 */
function isAnswer({ ended }: CommandError): boolean {
  return ended.kind === "exit" && ended.code === 22;
}

const SNAPSHOTS = "https://snapshot.debian.org";
