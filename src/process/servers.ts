import type { Framework, Interface } from "./frameworks.ts";

/** The app's packages: versions by normalised name; undefined where only the build tells it. */
export type Installed = ReadonlyMap<string, string | undefined>;

/** What a server is given. */
export interface Served {
  readonly framework: Framework;
  /** "package.module" */
  readonly module: string;
  readonly name: string;
  readonly isFactory: boolean;
  /** The app brings settings of its own for gunicorn. */
  readonly hasGunicornConfig: boolean;
}

/** The words after a server's name depend on its version. */
type Command = (served: Served, version: string | undefined) => string;

export interface ChosenServer {
  /** As it is named in requirements. */
  readonly name: string;
  /** Words of POSIX sh. */
  readonly command: string;
}

/** The address of every service, in the form that most servers want. */
export const HOST = "0.0.0.0";
export const PORT = '"${PORT:-8080}"';
const BIND = `"${HOST}:\${PORT:-8080}"`;
const WORKERS = '"${WEB_CONCURRENCY:-1}"';

/** The best of the installed servers; undefined where none can serve the app. */
export function chooseServer(served: Served, installed: Installed): ChosenServer | undefined {
  const able = SERVERS.filter(
    (server) =>
      server.serves === served.framework.interface &&
      server.needs.every((name) => installed.has(name)) &&
      (server.since === undefined || isAtLeast(installed.get(server.name), server.since)) &&
      (server.callsFactories !== false || !served.isFactory),
  );
  // A server that the framework itself depends on was not asked for by anybody.
  const server = able.find(({ name }) => name !== served.framework.brings) ?? able[0];
  if (server === undefined) return undefined;
  const command = server.command(served, installed.get(server.name));
  return { name: server.name, command };
}

/** Of versions such as "24.1.1"; what follows the numbers ("rc1") does not count. */
export function isAtLeast(version: string | undefined, least: string): boolean {
  if (version === undefined) return false;
  const [found, wanted] = [version, least].map((text) => text.split(".").map(Number.parseFloat));
  const difference = wanted?.findIndex((number, index) => (found?.[index] ?? 0) !== number) ?? -1;
  return difference === -1 || (found?.[difference] ?? 0) > (wanted?.[difference] ?? 0);
}

interface Server {
  readonly name: string;
  readonly serves: Interface;
  readonly needs: readonly string[];
  readonly since?: string;
  readonly callsFactories?: false;
  readonly command: Command;
}

// The order of choice. uvicorn comes with many packages (Gradio, Chainlit, MLflow), so another
// server beside it is the one that was asked for.
const SERVERS: readonly Server[] = [
  { name: "granian", serves: "asgi", needs: ["granian"], command: granian },
  {
    name: "gunicorn",
    serves: "asgi",
    needs: ["gunicorn", "uvicorn", "uvicorn-worker"],
    command: gunicorn("--worker-class uvicorn_worker.UvicornWorker"),
  },
  { name: "hypercorn", serves: "asgi", needs: ["hypercorn"], command: hypercorn },
  // uvicorn restarts its workers itself; its own class for gunicorn is deprecated.
  // https://github.com/Kludex/uvicorn-worker
  { name: "uvicorn", serves: "asgi", needs: ["uvicorn"], command: uvicorn },
  { name: "daphne", serves: "asgi", needs: ["daphne"], callsFactories: false, command: daphne },
  // https://gunicorn.org/2026-news/
  {
    name: "gunicorn",
    serves: "asgi",
    needs: ["gunicorn"],
    since: "24.0.0",
    command: gunicorn("--worker-class asgi"),
  },
  {
    name: "gunicorn",
    serves: "wsgi",
    needs: ["gunicorn"],
    // One process holds the model once; threads keep it answering while a request computes.
    command: gunicorn("--threads 8"),
  },
  { name: "granian", serves: "wsgi", needs: ["granian"], command: granian },
  { name: "waitress", serves: "wsgi", needs: ["waitress"], command: waitress },
  { name: "hypercorn", serves: "wsgi", needs: ["hypercorn"], command: hypercorn },
];

function uvicorn({ module, name, isFactory }: Served): string {
  const factory = isFactory ? " --factory" : "";
  return `uvicorn ${module}:${name}${factory} --host ${HOST} --port ${PORT}`;
}

function gunicorn(worker: string): Command {
  return (served, version) => {
    const command = `gunicorn ${calledTarget(served)} --bind ${BIND}`;
    // Options would override gunicorn.conf.py.
    if (served.hasGunicornConfig) return command;
    // A socket for gunicornc, in the home directory, which may not be writable.
    // https://gunicorn.org/2026-news/ (25.1.0)
    const socket = isAtLeast(version, "25.1.0") ? ["--no-control-socket"] : [];
    return [command, worker, ...GUNICORN_FLAGS, ...socket].join(" ");
  };
}

const GUNICORN_FLAGS = [
  // Loading a model takes longer than the 30 seconds after which a worker is taken for dead.
  "--timeout 0",
  // A worker's heartbeat file must not wait for a disk, and may find no other writable place.
  // https://docs.gunicorn.org/en/stable/faq.html#how-do-i-avoid-gunicorn-excessively-blocking-in-os-fchmod
  "--worker-tmp-dir /dev/shm",
  "--access-logfile -",
];

function hypercorn(served: Served): string {
  const target = served.framework.interface === "wsgi" ? `wsgi:${served.module}` : served.module;
  const call = calledTarget({ ...served, module: target });
  return `hypercorn ${call} --bind ${BIND} --workers ${WORKERS} --access-logfile -`;
}

function granian({ framework, module, name, isFactory }: Served): string {
  const factory = isFactory ? " --factory" : "";
  const flags = `--interface ${framework.interface}${factory} --workers ${WORKERS} --access-log`;
  return `granian ${module}:${name} ${flags} --host ${HOST} --port ${PORT}`;
}

function daphne({ module, name }: Served): string {
  return `daphne ${module}:${name} --bind ${HOST} --port ${PORT}`;
}

function waitress({ module, name, isFactory }: Served): string {
  return `waitress-serve --host ${HOST} --port ${PORT}${isFactory ? " --call" : ""} ${module}:${name}`;
}

function calledTarget({
  module,
  name,
  isFactory,
}: Pick<Served, "module" | "name" | "isFactory">): string {
  return isFactory ? `'${module}:${name}()'` : `${module}:${name}`;
}
