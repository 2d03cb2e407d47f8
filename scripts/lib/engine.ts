import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, openSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { read, readIfPossible, run } from "./command.ts";
import { installDebianPackages, isDebian } from "./debian-packages.ts";
import { ScriptFailure } from "./failure.ts";
import { log } from "./log.ts";
import { CACHE } from "./paths.ts";
import { isOnPath } from "./programs.ts";

/** A container engine that answers, and how to reach it. */
export interface Engine {
  readonly kind: "docker" | "podman";
  /** The client to call. */
  readonly cli: string;
  /** For the client and for pack, over the command's own environment. */
  readonly env: NodeJS.ProcessEnv;
  /** The architecture of its containers, as Go names it. */
  readonly arch: string;
}

let found: Promise<Engine> | undefined;

/** The engine to use: looked for once a command, and started only where there is none. */
export function findEngine(): Promise<Engine> {
  found ??= findOrStartEngine();
  return found;
}

/** What the engine's client says. */
export async function askEngine(
  engine: Engine,
  args: readonly string[],
  options: { readonly input?: string } = {},
): Promise<string> {
  return await read(engine.cli, args, { env: engine.env, ...options });
}

/** As {@link askEngine}, or undefined where the engine says no. */
export async function askEngineIfPossible(
  engine: Engine,
  args: readonly string[],
): Promise<string | undefined> {
  return await readIfPossible(engine.cli, args, { env: engine.env });
}

async function findOrStartEngine(): Promise<Engine> {
  const host = await findHost();
  if (host !== undefined) return await connect(host);
  await startDocker();
  return await connect(`unix://${DOCKER_SOCKET}`);
}

const DOCKER_SOCKET = "/var/run/docker.sock";

/** The first address that answers. One that the user names is the only one that is asked. */
async function findHost(): Promise<string | undefined> {
  const named = process.env["DOCKER_HOST"];
  if (named !== undefined && named !== "") {
    if (await answers(named)) return named;
    throw new ScriptFailure(
      "The container engine does not answer",
      `DOCKER_HOST says ${named}, and nothing answers there.\nStart that engine, or unset DOCKER_HOST to use another one.`,
    );
  }
  const sockets = [
    DOCKER_SOCKET,
    join(process.env["XDG_RUNTIME_DIR"] ?? "/run/user/0", "docker.sock"),
    join(process.env["XDG_RUNTIME_DIR"] ?? "/run/user/0", "podman/podman.sock"),
    "/run/podman/podman.sock",
  ];
  for (const socket of sockets) {
    if (await answers(`unix://${socket}`)) return `unix://${socket}`;
  }
  return undefined;
}

/** Whether an engine's API answers there: https://docs.docker.com/reference/api/engine/#tag/System/operation/SystemPing */
async function answers(host: string): Promise<boolean> {
  const socketPath = /^unix:\/\/(.*)/.exec(host)?.[1];
  if (socketPath !== undefined) return existsSync(socketPath) && (await ping({ socketPath }));
  // Only the client knows how to speak TLS or SSH with the keys that it has been given.
  const env = { ...process.env, DOCKER_HOST: host };
  return (await readIfPossible("docker", ["version"], { env, timeout: 30_000 })) !== undefined;
}

async function ping({ socketPath }: { readonly socketPath: string }): Promise<boolean> {
  return await new Promise((resolve) => {
    const question = request({ socketPath, path: "/_ping", timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    question.on("timeout", () => question.destroy());
    question.on("error", () => resolve(false));
    question.end();
  });
}

async function connect(host: string): Promise<Engine> {
  // Its own client where there is no other; pack itself speaks to the socket.
  const cli = ["docker", "podman"].find(isOnPath);
  if (cli === undefined) {
    throw new ScriptFailure(
      "There is no client for the container engine",
      `An engine answers at ${host}, but neither 'docker' nor 'podman' is on PATH.\nInstall Docker's client (on Debian: docker-cli or docker.io).`,
    );
  }
  const env = {
    ...process.env,
    ...(cli === "docker" ? { DOCKER_HOST: host } : { CONTAINER_HOST: host, DOCKER_HOST: host }),
    // Not every client has BuildKit: Docker's needs its buildx plugin. What is built here needs neither.
    DOCKER_BUILDKIT: "0",
  };
  const version = await read(cli, ["version", "--format", "{{json .Server}}"], { env });
  const kind = /podman/i.test(version) || host.includes("podman") ? "podman" : "docker";
  const arch = await read(cli, ["version", "--format", "{{.Server.Arch}}"], { env });
  return { kind, cli, env, arch: arch.replace(/^.*\//, "") };
}

async function startDocker(): Promise<void> {
  if (existsSync(DOCKER_SOCKET) && !isWritable(DOCKER_SOCKET)) {
    throw new ScriptFailure("Docker does not let this user in", HOW_TO_BE_LET_IN);
  }
  if (!isDebian() || process.getuid?.() !== 0) {
    throw new ScriptFailure("No container engine answers", HOW_TO_START);
  }
  if (!isOnPath("dockerd")) await installDebianPackages(["docker.io"], "to build images");
  // Debian 13 has the client in a package of its own.
  if (!isOnPath("docker")) await installDebianPackages(["docker-cli"], "to build images");
  if (existsSync("/run/systemd/system")) {
    log.step("Starting Docker (systemctl start docker)");
    await run("systemctl", ["start", "docker"]);
  } else {
    startDaemon();
  }
  await waitForDocker();
}

/** It goes on when the command ends: what is built lives in it. */
function startDaemon(): void {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, "dockerd.log");
  log.step(`Starting dockerd, which goes on after this command (its log: ${file})`);
  const output = openSync(file, "a");
  spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output] }).unref();
}

async function waitForDocker(): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    if (await answers(`unix://${DOCKER_SOCKET}`)) return;
    await setTimeout(500);
  }
  throw new ScriptFailure(
    "Docker was started but does not answer",
    `Nothing answers at ${DOCKER_SOCKET} after a minute.\nIts log may say why: ${join(CACHE, "dockerd.log")}, or 'journalctl --unit docker'.`,
  );
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const HOW_TO_BE_LET_IN = `${DOCKER_SOCKET} is there, but only root and the group 'docker' may use it.
Run this as root, or join the group and log in again: sudo usermod --append --groups docker "$USER"`;

const HOW_TO_START = `Asked were DOCKER_HOST (not set), ${DOCKER_SOCKET} and Podman's sockets. Start one of these:

- Docker on Debian and Ubuntu: sudo apt-get install docker.io && sudo systemctl start docker
  and, to use it without sudo: sudo usermod --append --groups docker "$USER", then log in again
- Podman: systemctl --user start podman.socket`;
