import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../kit/log.ts";
import { originAddress } from "./git-remote.ts";
import { type Found, type Label, NOTHING, OCI_PREFIX } from "./label.ts";

const ORIGIN = { file: ".git" };

/**
 * The commit that is checked out, and where it comes from, as the files of `.git` say it: the build
 * needs no git, which would refuse a repository of another user. What is odd there is no failure.
 */
export async function readGit(appDir: string, log: Log): Promise<Found> {
  const directory = join(appDir, ".git");
  const stats = await stat(directory).catch(() => undefined);
  if (stats === undefined) return NOTHING;
  if (!stats.isDirectory()) {
    // https://git-scm.com/docs/gitrepository-layout: a worktree's or a submodule's.
    log.step("Skipping .git because it is a file that names a repository outside of the app");
    return NOTHING;
  }
  const revision = await headCommit(directory);
  if (revision === undefined) log.step("Skipping the commit because .git does not say it");
  const source = originAddress((await textOf(directory, "config")) ?? "");
  const labels: readonly Label[] = [
    ...(revision === undefined ? [] : [labelOf("revision", revision)]),
    ...(source === undefined ? [] : [labelOf("source", source)]),
  ];
  return { labels, problems: [] };
}

function labelOf(end: string, value: string): Label {
  return { key: OCI_PREFIX + end, value, origin: ORIGIN };
}

/** Undefined before the first commit, and for what is kept in a reftable. */
async function headCommit(directory: string): Promise<string | undefined> {
  let name = "HEAD";
  // git itself follows five. https://git-scm.com/docs/git-symbolic-ref
  for (let depth = 0; depth < 5; depth += 1) {
    const found = (await textOf(directory, name))?.trim() ?? (await packedCommit(directory, name));
    if (found === undefined || COMMIT.test(found)) return found;
    const [, next] = /^ref:\s*(refs\/\S+)$/.exec(found) ?? [];
    if (next === undefined || next.split("/").includes("..")) return undefined;
    name = next;
  }
  return undefined;
}

/** SHA-1, or SHA-256. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

async function packedCommit(directory: string, name: string): Promise<string | undefined> {
  const packed = (await textOf(directory, "packed-refs")) ?? "";
  for (const line of packed.split("\n")) {
    const [commit = "", packedName] = line.trim().split(" ");
    if (packedName === name && COMMIT.test(commit)) return commit;
  }
  return undefined;
}

async function textOf(directory: string, name: string): Promise<string | undefined> {
  return readFile(join(directory, name), "utf8").catch(() => undefined);
}
