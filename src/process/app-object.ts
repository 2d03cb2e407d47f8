import { type AppFiles, directoryOf, joinPath } from "./app-files.ts";
import { type Framework, frameworkOf } from "./frameworks.ts";
import {
  type Assignment,
  calleeOf,
  parseModule,
  type PythonFunction,
  type PythonModule,
} from "./python-module.ts";

/** The object of a file that a web server calls, or the function that makes it. */
export interface AppObject {
  readonly framework: Framework;
  /** Its name in the file in which it was looked for. */
  readonly name: string;
  /** The name is a function's, which is called without arguments. */
  readonly isFactory: boolean;
  /** Where it is made, which may be another file. */
  readonly origin: Origin;
}

interface Origin {
  readonly file: string;
  readonly line: number;
}

/** A file of the app that was read. */
export interface SourceFile {
  readonly path: string;
  readonly module: PythonModule;
}

export async function readSourceFile(
  files: AppFiles,
  path: string,
): Promise<SourceFile | undefined> {
  const source = await files.read(path);
  return source === undefined ? undefined : { path, module: parseModule(source) };
}

/** The object that a server would be given for this file: `app` before other names. */
export async function findAppObject(
  files: AppFiles,
  file: SourceFile,
): Promise<AppObject | undefined> {
  const { assignments, imports, functions } = file.module;
  const assigned = assignments.map(({ target }) => target);
  const usual = USUAL_NAMES.filter((name) => assigned.includes(name) || imports.has(name));
  // What a file imports under an unusual name is for its own use.
  for (const name of new Set([...usual, ...assigned])) {
    const made = await findMade(files, file, name, 0);
    if (made !== undefined) return { ...made, name, isFactory: false };
  }
  for (const name of FACTORY_NAMES) {
    if (!functions.has(name) && !imports.has(name)) continue;
    const made = await findMadeByFactory(files, file, { name, steps: 0, withArguments: false });
    if (made !== undefined) return { ...made, name, isFactory: true };
  }
  return undefined;
}

/** Dash's own object is not one that a server can call: its Flask object, `server`, is. */
export function isDash(module: PythonModule, name?: string): boolean {
  return module.assignments.some(
    ({ target, value }) =>
      (name === undefined || target === name) &&
      qualifiedNames(module, calleeOf(value) ?? "").some((qualified) =>
        /^dash\.(dash\.)?Dash$/.test(qualified),
      ),
  );
}

interface Made {
  readonly framework: Framework;
  readonly origin: Origin;
}

const USUAL_NAMES = ["app", "application", "api", "server", "asgi_app", "wsgi_app"];
const FACTORY_NAMES = ["create_app", "make_app", "get_app", "build_app", "create_application"];
const DASH: Framework = { name: "Dash", package: "dash", interface: "wsgi" };

/** Files that import from one another in a circle must end somewhere. */
const MOST_STEPS = 5;

async function findMade(
  files: AppFiles,
  file: SourceFile,
  name: string,
  steps: number,
): Promise<Made | undefined> {
  if (steps > MOST_STEPS) return undefined;
  for (const assignment of file.module.assignments) {
    if (assignment.target !== name) continue;
    const made = await findMadeByValue(files, file, assignment, steps);
    if (made !== undefined) return made;
  }
  const imported = await readImported(files, file, name);
  return imported && findMade(files, imported.file, imported.name, steps + 1);
}

async function findMadeByValue(
  files: AppFiles,
  file: SourceFile,
  { target, value, line }: Assignment,
  steps: number,
): Promise<Made | undefined> {
  const origin = { file: file.path, line };
  const callee = calleeOf(value);
  if (callee !== undefined) {
    const framework = frameworkOfCallee(file.module, callee);
    if (framework !== undefined) return { framework, origin };
    const call = { name: callee, steps: steps + 1, withArguments: true };
    const made = await findMadeByFactory(files, file, call);
    return made && { ...made, origin };
  }
  // https://dash.plotly.com/deployment: `server = app.server`
  const dash = /^(\w+)\.server$/.exec(value)?.[1];
  if (dash !== undefined && isDash(file.module, dash)) return { framework: DASH, origin };
  const other = /^(\w+)$/.exec(value)?.[1];
  if (other === undefined || other === target) return undefined;
  return findMade(files, file, other, steps + 1);
}

interface FactoryCall {
  readonly name: string;
  readonly steps: number;
  /** A server calls a factory without arguments; the app's own code may give some. */
  readonly withArguments: boolean;
}

async function findMadeByFactory(
  files: AppFiles,
  file: SourceFile,
  { name, steps, withArguments }: FactoryCall,
): Promise<Made | undefined> {
  if (steps > MOST_STEPS) return undefined;
  const own = file.module.functions.get(name);
  if (own !== undefined) {
    if (own.isAsync || (own.needsArguments && !withArguments)) return undefined;
    const framework = frameworkMadeIn(file.module, own);
    return framework && { framework, origin: { file: file.path, line: own.line } };
  }
  const imported = await readImported(files, file, name);
  if (imported === undefined) return undefined;
  const call = { name: imported.name, steps: steps + 1, withArguments };
  return findMadeByFactory(files, imported.file, call);
}

function frameworkMadeIn(module: PythonModule, { body }: PythonFunction): Framework | undefined {
  for (const { code } of body) {
    const value = /^(?:return |[A-Za-z_]\w*(?:\s*:[^=()]+)?\s*=\s*)(.+)$/.exec(code)?.[1];
    const callee = value === undefined ? undefined : calleeOf(value);
    const framework = callee === undefined ? undefined : frameworkOfCallee(module, callee);
    if (framework !== undefined) return framework;
  }
  return undefined;
}

function frameworkOfCallee(module: PythonModule, callee: string): Framework | undefined {
  const bases = module.classes.get(callee) ?? [callee];
  return bases
    .flatMap((base) => qualifiedNames(module, base))
    .map(frameworkOf)
    .find((framework) => framework !== undefined);
}

/** The dotted names that a name of the file may stand for: "fastapi.FastAPI" for `fa.FastAPI`. */
function qualifiedNames(module: PythonModule, name: string): readonly string[] {
  const [first = "", ...rest] = name.split(".");
  const imported = module.imports.get(first);
  if (imported === undefined) return module.starImports.map((star) => `${star}.${name}`);
  const parts = [imported.module, imported.name, ...rest];
  return [parts.filter((part) => part !== undefined).join(".")];
}

/** The file of the app that a name is imported from, and its name there. */
async function readImported(
  files: AppFiles,
  { path, module }: SourceFile,
  local: string,
): Promise<{ readonly file: SourceFile; readonly name: string } | undefined> {
  const imported = module.imports.get(local);
  if (imported?.name === undefined) return undefined;
  const dots = /^\.*/.exec(imported.module)?.[0].length ?? 0;
  const parts = imported.module
    .slice(dots)
    .split(".")
    .filter((part) => part !== "");
  const roots = dots > 0 ? [parentOf(path, dots)] : new Set(["", "src", directoryOf(path)]);
  for (const root of roots) {
    const base = parts.reduce(joinPath, root);
    const file =
      (base === "" ? undefined : await readSourceFile(files, `${base}.py`)) ??
      (await readSourceFile(files, joinPath(base, "__init__.py")));
    if (file !== undefined && file.path !== path) return { file, name: imported.name };
  }
  return undefined;
}

function parentOf(path: string, steps: number): string {
  return Array.from({ length: steps }).reduce<string>(directoryOf, path);
}
