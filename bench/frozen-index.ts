import { build } from "esbuild";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { cleanUpLater } from "../scripts/lib/cleanup.ts";
import { reasonOf, ScriptFailure } from "../scripts/lib/failure.ts";
import { log } from "../scripts/lib/log.ts";
import { CACHE, ROOT } from "../scripts/lib/paths.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { createCounter } from "./frozen-index/counter.ts";
import { foldersIn } from "./frozen-index/server.ts";
import type { WorkerInput, WorkerMessage } from "./frozen-index/worker.ts";

/**
 * A server on 127.0.0.1 from which everybody who is measured takes packages: they all find the same
 * ones, at this machine's speed, and their bytes are counted.
 */
export interface FrozenIndex {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  /** Of the simple API, for PIP_INDEX_URL and UV_DEFAULT_INDEX. */
  readonly simple: string;
  /** Variables that have Debian's archive, and nothing else, taken from here, too. */
  readonly proxyEnv: Readonly<Record<"http_proxy" | "no_proxy", string>>;
  /** Of the folder of conda channels: "http://127.0.0.1:40123/conda". */
  readonly conda: string;
  /** Bytes of all bodies so far, as they went over the wire. */
  readonly bytesServed: () => number;
  /** Ends it before the command does. What it has fetched stays in the cache. */
  readonly stop: () => Promise<void>;
}

export interface FrozenIndexOptions {
  /**
   * ISO 8601. Files that were uploaded to the Python index later are hidden. Debian's archive is
   * as the first run of this time found it, for as long as that is kept.
   */
  readonly frozenAt: string;
  /** Whether there has been a run of this time, without which this one makes no sense. */
  readonly isResumed?: boolean;
  /** A folder of conda channels; may be filled later. */
  readonly channels?: string | undefined;
  /** The Python index: that of PIP_INDEX_URL, or PyPI. */
  readonly upstream?: string | undefined;
  /** Where Debian's archives are, as in the images' sources. */
  readonly debianHosts?: readonly string[] | undefined;
  /** Where everything is kept; one folder serves one run at a time. */
  readonly folder?: string | undefined;
  /** Any that is free, unless told otherwise. */
  readonly port?: number | undefined;
}

/** Starts it in a thread of its own, so that what this one measures is not disturbed. */
export async function startFrozenIndex(options: FrozenIndexOptions): Promise<FrozenIndex> {
  const { folder = join(CACHE, "bench-index"), isResumed = false } = options;
  const frozenAt = parseTime(options.frozenAt);
  const { partial } = foldersIn(folder, frozenAt);
  await rm(partial, { recursive: true, force: true });
  await prepareState(folder, frozenAt, isResumed);

  const counter = createCounter();
  const { upstream = process.env["PIP_INDEX_URL"] || "https://pypi.org/simple/" } = options;
  const input: WorkerInput = {
    options: {
      ...{ index: upstream, folder, frozenAt, channels: options.channels },
      debianHosts: options.debianHosts ?? ["deb.debian.org"],
    },
    memory: counter.memory,
    port: options.port ?? 0,
  };
  const worker = new Worker(await bundleWorker(), { workerData: input });
  const stop = cleanUpLater("the frozen index", async () => {
    await worker.terminate();
    await rm(partial, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${await waitForPort(worker)}`;
  return {
    ...{ url, simple: `${url}/simple/`, conda: `${url}/conda` },
    proxyEnv: { http_proxy: url, no_proxy: "127.0.0.1" },
    ...{ bytesServed: counter.bytes, stop },
  };
}

/** Has a folder for what is so at this time, and drops those that no run has used for longest. */
async function prepareState(folder: string, frozenAt: Date, isResumed: boolean): Promise<void> {
  const { state, states } = foldersIn(folder, frozenAt);
  if (isResumed && !existsSync(state)) {
    throw new ScriptFailure(
      "This run can't be resumed",
      `Its package lists, in ${state}, are gone: Debian's would be others now.\nBegin anew, without --resume.`,
    );
  }
  await mkdir(state, { recursive: true });
  const now = new Date();
  await utimes(state, now, now);
  const used = (await readdir(states)).map(async (name) => {
    const path = join(states, name);
    return { path, at: (await stat(path)).mtimeMs };
  });
  const outdated = (await Promise.all(used)).sort((a, b) => b.at - a.at).slice(KEPT_STATES);
  for (const { path } of outdated) await rm(path, { recursive: true });
}

// Each takes some 20 MB.
const KEPT_STATES = 8;

function parseTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new ScriptFailure(
    "This is not a time",
    `Found '${text}'. It needs to look like 2026-11-22 or 2026-11-22T09:30:00Z.`,
  );
}

/** As one file: a thread can't be started from a part of this program's bundle. */
async function bundleWorker(): Promise<string> {
  const outfile = join(await makeTemporaryFolder(), "frozen-index.mjs");
  await build({
    entryPoints: [join(ROOT, "bench", "frozen-index", "worker.ts")],
    ...{ outfile, bundle: true, platform: "node", format: "esm", target: "node20" },
    logLevel: "warning",
  });
  return outfile;
}

async function waitForPort(worker: Worker): Promise<number> {
  try {
    const [{ port }] = (await once(worker, "message")) as [{ port: number }];
    worker.on("message", (message: WorkerMessage) => {
      if ("problem" in message) log.warn("The frozen index lacks something", message.problem);
    });
    worker.on("error", (error) => log.warn("The frozen index has ended", reasonOf(error)));
    return port;
  } catch (error) {
    throw new ScriptFailure("The frozen index did not start", reasonOf(error), error);
  }
}
