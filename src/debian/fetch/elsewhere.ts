import { hostOf } from "../../kit/text.ts";
import * as z from "zod/mini";
import { capture } from "../../kit/command.ts";
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
    const url = await findInSnapshots(item, toolEnv(env));
    if (url === undefined) continue;
    log.step(
      `Using snapshot.debian.org for ${item.name} ${item.version}, which ${hostOf(item.url)} no longer has`,
    );
    found.set(item, url);
  }
  return found;
}

/** https://salsa.debian.org/snapshot-team/snapshot/raw/master/API */
const answerSchema = z.object({
  result: z.array(z.object({ architecture: z.string(), hash: z.string() })),
});

async function findInSnapshots(
  { name, version, arch }: DebianPackage,
  env: ReturnType<typeof toolEnv>,
): Promise<string | undefined> {
  const path = `mr/binary/${encodeURIComponent(name)}/${encodeURIComponent(version)}/binfiles`;
  try {
    const { stdout } = await capture(
      "curl",
      ["--fail", "--silent", "--location", "--retry", "3", `${SNAPSHOTS}/${path}`],
      { env },
    );
    const { result } = answerSchema.parse(JSON.parse(stdout));
    const file = result.find(({ architecture }) => architecture === arch);
    return file === undefined ? undefined : `${SNAPSHOTS}/file/${file.hash}`;
  } catch {
    // It is the last resort; what failed before is told.
    return undefined;
  }
}

const SNAPSHOTS = "https://snapshot.debian.org";
