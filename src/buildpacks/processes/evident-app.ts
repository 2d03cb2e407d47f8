import type { Process } from "../../cnb/launch.ts";
import type { Log } from "../../kit/log.ts";
import { listed } from "../../kit/text.ts";
import type { AppFiles } from "../../process/app-files.ts";
import { type RecognisedApp, recogniseApps } from "../../process/recognise.ts";
import { type Start, startOf } from "../../process/start.ts";
import { adviceToAdd, missingFor } from "./missing-packages.ts";
import type { Packages } from "./packages.ts";

/** The processes of what the app evidently is; none where that cannot be told. */
export async function findEvidentProcesses(
  files: AppFiles,
  packages: Packages,
  log: Log,
): Promise<readonly Process[]> {
  const hasGunicornConfig = (await files.list("")).files.includes("gunicorn.conf.py");
  const { installed, includesApp } = packages;
  const options = { installed, hasGunicornConfig, installsItself: includesApp };
  const found = (await recogniseApps(files)).flatMap((app) => {
    const start = startOf(app, options);
    return start === undefined ? [] : [{ app, start }];
  });
  const chosen = choose(found);
  if (chosen === undefined) {
    reportNothing(log);
    return [];
  }

  log.step(`Found ${describe(chosen.app)}`);
  const others = found.filter(
    (other) => other !== chosen && !(isDjango(other.app) && isDjango(chosen.app)),
  );
  if (others.length > 0) {
    log.list(
      "Also found, and not started:",
      others.map(({ app }) => describe(app)),
    );
    log.step("To start another, name its command in a Procfile.");
  }
  const missing = await missingFor(chosen.app, packages, files);
  return processesOf(chosen, { log, packages, missing });
}

interface Startable {
  readonly app: RecognisedApp;
  readonly start: Start;
}

/** The first that can be started; of Django's two files, the one that a real server can serve. */
function choose(found: readonly Startable[]): Startable | undefined {
  const first = found.find(({ start }) => start.kind !== "no-server") ?? found[0];
  if (first === undefined || !isDjango(first.app)) return first;
  const served = found.filter(
    ({ app, start }) => isDjango(app) && start.kind === "service" && !start.isForDevelopment,
  );
  // An app that has Channels in asgi.py needs it for its WebSockets.
  return served.find(({ app }) => frameworkOf(app) === "Channels") ?? served[0] ?? first;
}

function isDjango(app: RecognisedApp): boolean {
  return ["Django", "Channels"].includes(frameworkOf(app) ?? "");
}

function frameworkOf(app: RecognisedApp): string | undefined {
  return app.kind === "web-app" ? app.object.framework.name : undefined;
}

interface Circumstances {
  readonly log: Log;
  readonly packages: Packages;
  /** What has to be installed for the app to run, besides a server. */
  readonly missing: readonly string[];
}

function processesOf(
  { app, start }: Startable,
  { log, packages, missing }: Circumstances,
): readonly Process[] {
  if (start.kind === "no-server") {
    const wanted = [...new Set([...missing, start.wanted])];
    log.warn(
      "The image will have no process, since nothing that can serve the app is installed",
      `Found ${describe(app)}.\n${adviceToAdd(wanted, packages)}`,
    );
    return [];
  }
  const processes = processesTold(app, start, { log, packages });
  if (missing.length > 0) {
    log.warn(
      `The app can't start, since ${listed(missing)} ${missing.length === 1 ? "is" : "are"} not installed`,
      `Found ${describe(app)}.\n${adviceToAdd(missing, packages)}`,
    );
  }
  return processes;
}

function processesTold(
  app: RecognisedApp,
  start: Exclude<Start, { kind: "no-server" }>,
  { log, packages }: Omit<Circumstances, "missing">,
): readonly Process[] {
  switch (start.kind) {
    case "task": {
      log.list("Process types:", [`task (default), web: ${start.command}`]);
      const command = shellCommand(start.command, "task");
      // Some platforms start nothing but a process called web.
      return [
        { type: "task", command, default: true },
        { type: "web", command },
      ];
    }
    case "service": {
      const version = packages.installed.get(start.server);
      log.step(`Using ${start.server}${version === undefined ? "" : ` ${version}`} to serve it`);
      log.list("Process types:", [`web (default): ${start.command}`]);
      if (start.isForDevelopment) warnOfDevelopmentServer(packages, log);
      warnOfFixed(app, log);
      return [{ type: "web", command: shellCommand(start.command, "web"), default: true }];
    }
  }
}

/**
 * A shell, since only it can read PORT, and one that replaces itself, so that SIGTERM reaches the
 * server. Arguments given to `docker run` are added to the command.
 */
function shellCommand(command: string, type: string): readonly [string, ...string[]] {
  const program = /^[A-Z_]+=/.test(command) ? `env ${command}` : command;
  return ["sh", "-c", `exec ${program} "$@"`, type];
}

function warnOfDevelopmentServer(packages: Packages, log: Log): void {
  log.warn(
    "The app is started with a server that is made for development",
    `No server for production is installed. ${adviceToAdd(["gunicorn"], packages)}`,
  );
}

function warnOfFixed(app: RecognisedApp, log: Log): void {
  if (app.kind !== "gradio") return;
  for (const { name, line } of app.fixed) {
    const variable = name === "server_port" ? "PORT" : "the address 0.0.0.0";
    log.warn(
      `${app.file} sets ${name} itself, so ${variable} has no effect`,
      `Remove ${name} from launch() in ${app.file}, line ${line}, or the app may not be reachable.`,
    );
  }
}

function reportNothing(log: Log): void {
  log.warn(
    "The image has no process to start",
    [
      "No file was recognised as an app's beginning:",
      "- a web app of FastAPI, Flask, Django or a similar framework",
      "- a Streamlit, Gradio, Chainlit or Dash app",
      "- a program in main.py, app.py, run.py, serve.py or server.py, or the only one of [project.scripts]",
      "To say how the app is started, add a file called Procfile. For example:",
      "",
      "  web: python my_server.py",
    ].join("\n"),
  );
}

function describe(app: RecognisedApp): string {
  switch (app.kind) {
    case "web-app": {
      const { framework, name, isFactory, origin } = app.object;
      const what = isFactory ? `function ${name}` : name;
      const made = origin.file === app.file ? `line ${origin.line}` : `made in ${origin.file}`;
      return `a ${framework.name} app in ${app.file} (${what}, ${made})`;
    }
    case "streamlit":
      return `a Streamlit app in ${app.file}`;
    case "chainlit":
      return `a Chainlit app in ${app.file}`;
    case "gradio":
      return `a Gradio app in ${app.file}`;
    case "dash":
      return `a Dash app in ${app.file}`;
    case "script":
      return `a program in ${app.file}`;
    case "console-script":
      return `the command ${app.name} (from pyproject.toml, [project.scripts])`;
  }
}
