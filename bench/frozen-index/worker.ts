import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { createCounter } from "./counter.ts";
import { createIndexServer, type ServerOptions } from "./server.ts";

/** What the thread is started with. */
export interface WorkerInput {
  readonly options: Omit<ServerOptions, "onProblem">;
  /** Of a counter. */
  readonly memory: SharedArrayBuffer;
  /** 0: any that is free. */
  readonly port: number;
}

/** What it tells: once that it listens, then what can't be had. */
export type WorkerMessage = { readonly port: number } | { readonly problem: string };

const { options, memory, port } = workerData as WorkerInput;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a browser's windows have origins
const tell = (message: WorkerMessage) => parentPort?.postMessage(message);
const server = createIndexServer(
  { ...options, onProblem: (problem) => tell({ problem }) },
  createCounter(memory),
);
server.listen(port, "127.0.0.1", () => tell({ port: (server.address() as AddressInfo).port }));
