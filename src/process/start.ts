import { directoryOf } from "./app-files.ts";
import type { ImportName } from "./import-root.ts";
import type { Program, RecognisedApp } from "./recognise.ts";
import { chooseServer, HOST, type Installed, PORT } from "./servers.ts";

/** How a recognised app is started. */
export type Start =
  | {
      readonly kind: "service";
      /** Words of POSIX sh, for `exec`. */
      readonly command: string;
      /** The package that serves it. */
      readonly server: string;
      /** The framework's own server, made for development only. */
      readonly isForDevelopment: boolean;
    }
  | { readonly kind: "task"; readonly command: string }
  | { readonly kind: "no-server"; readonly wanted: string };

export interface StartOptions {
  readonly installed: Installed;
  readonly hasGunicornConfig: boolean;
  /** The app is a package that is installed with the others. */
  readonly installsItself: boolean;
}

/** Undefined where it cannot be started as the app is installed. */
export function startOf(app: RecognisedApp, options: StartOptions): Start | undefined {
  switch (app.kind) {
    case "web-app":
      return startOfWebApp(app, options);
    case "streamlit":
      return packageServes("streamlit", options, beside(app, streamlit(app.file)));
    case "chainlit":
      return packageServes("chainlit", options, beside(app, chainlit(app.file)));
    case "gradio":
      return packageServes("gradio", options, `${GRADIO} ${program(app)}`);
    case "dash":
      return {
        ...service("dash", `HOST=${HOST} PORT=${PORT} ${program(app)}`),
        isForDevelopment: true,
      };
    case "script":
      return { kind: "task", command: program(app) };
    case "console-script":
      return options.installsItself ? { kind: "task", command: app.name } : undefined;
  }
}

type WebApp = Extract<RecognisedApp, { kind: "web-app" }>;

function startOfWebApp(
  { object, importName, manage }: WebApp,
  { installed, hasGunicornConfig, installsItself }: StartOptions,
): Start {
  const { framework, name, isFactory } = object;
  const { module } = importName;
  const served = { framework, module, name, isFactory, hasGunicornConfig };
  const server = chooseServer(served, installed);
  if (server !== undefined)
    return service(server.name, onPath(importName, server.command, installsItself));

  const development = developmentServer(framework.name, `${module}:${name}`, manage);
  if (development === undefined || !installed.has(development.package)) {
    return { kind: "no-server", wanted: framework.interface === "asgi" ? "uvicorn" : "gunicorn" };
  }
  const command = onPath(importName, development.command, installsItself);
  return { ...service(development.package, command), isForDevelopment: true };
}

function developmentServer(framework: string, target: string, manage: string | undefined) {
  switch (framework) {
    case "Flask":
    case "APIFlask":
    case "Flask-OpenAPI3":
    case "Dash":
      // Flask before 2.2 has no option for it.
      return {
        package: "flask",
        command: `FLASK_APP=${target} flask run --host ${HOST} --port ${PORT}`,
      };
    case "Bottle":
      return {
        package: "bottle",
        command: `python -m bottle --bind "${HOST}:\${PORT:-8080}" ${target}`,
      };
    case "Django":
      if (manage === undefined) return undefined;
      return {
        package: "django",
        command: `python ${manage} runserver --noreload "${HOST}:\${PORT:-8080}"`,
      };
    default:
      return undefined;
  }
}

function packageServes(server: string, { installed }: StartOptions, command: string): Start {
  return installed.has(server) ? service(server, command) : { kind: "no-server", wanted: server };
}

function service(server: string, command: string) {
  return { kind: "service", server, command, isForDevelopment: false } as const;
}

/** https://docs.streamlit.io/develop/api-reference/configuration/config.toml */
function streamlit(file: string): string {
  return [
    `streamlit run ${shellWord(file)} --server.address ${HOST} --server.port ${PORT}`,
    "--server.headless true --server.fileWatcherType none --browser.gatherUsageStats false",
  ].join(" ");
}

function chainlit(file: string): string {
  return `chainlit run ${shellWord(file)} --headless --host ${HOST} --port ${PORT}`;
}

/** https://www.gradio.app/guides/environment-variables */
const GRADIO = `GRADIO_SERVER_NAME=${HOST} GRADIO_SERVER_PORT=${PORT} GRADIO_ANALYTICS_ENABLED=False`;

/** Python puts a program's own directory on `sys.path`, or with `-m` the working directory. */
function program({ file, importName }: Program): string {
  const isPlain = importName === undefined || importName.root === directoryOf(file);
  return isPlain
    ? `python ${shellWord(file)}`
    : onPath(importName, `python -m ${importName.module}`);
}

/** These servers, too, put the directory of the file on `sys.path`, and no other. */
function beside({ file, importName }: Program, command: string): string {
  if (importName === undefined || importName.root === directoryOf(file)) return command;
  return pythonPath(importName.root === "" ? "." : importName.root, command);
}

/** The working directory is on `sys.path` in any case. */
function onPath({ root }: ImportName, command: string, installsItself = false): string {
  const isFound = root === "" || (root === "src" && installsItself);
  return isFound ? command : pythonPath(root, command);
}

function pythonPath(root: string, command: string): string {
  return `PYTHONPATH=${root}\${PYTHONPATH:+:$PYTHONPATH} ${command}`;
}

function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
