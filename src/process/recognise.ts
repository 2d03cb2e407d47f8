import { type AppFiles, joinPath } from "./app-files.ts";
import {
  type AppObject,
  findAppObject,
  isDash,
  readSourceFile,
  type SourceFile,
} from "./app-object.ts";
import { findCandidates } from "./candidates.ts";
import { fileOfModule, type ImportName, importNameOf } from "./import-root.ts";
import { type NamedEntries, readNamedEntries } from "./named-entries.ts";
import { isMainGuard, type PythonModule } from "./python-module.ts";

/** What a file of the app evidently is. */
export type RecognisedApp =
  | {
      readonly kind: "web-app";
      readonly file: string;
      readonly object: AppObject;
      readonly importName: ImportName;
      /** Where Django's own command lies. */
      readonly manage: string | undefined;
    }
  | (Program & { readonly kind: "streamlit" | "chainlit" | "dash" | "script" })
  | (Program & { readonly kind: "gradio"; readonly fixed: readonly FixedArgument[] })
  | { readonly kind: "console-script"; readonly name: string };

/** A file that is run, not imported. */
export interface Program {
  readonly file: string;
  /** Undefined where no directory makes its path a dotted name. */
  readonly importName: ImportName | undefined;
}

/** An argument of Gradio's launch() that the environment cannot change. */
interface FixedArgument {
  readonly name: "server_name" | "server_port";
  readonly line: number;
}

/** The apps of the repository; the first is taken. Scripts count only where there is no service. */
export async function recogniseApps(files: AppFiles): Promise<readonly RecognisedApp[]> {
  const named = await readNamedEntries(files);
  const paths = await findCandidates(files, await namedFiles(files, named));
  const sources = await Promise.all(paths.map((path) => readSourceFile(files, path)));
  const found = sources.filter((source) => source !== undefined);

  const services: RecognisedApp[] = [];
  for (const source of found) {
    const service = await recogniseService(files, source);
    if (service !== undefined && !isTheSame(service, services)) services.push(service);
  }
  return services.length > 0 ? services : recogniseScripts(files, named, found);
}

async function recogniseService(
  files: AppFiles,
  source: SourceFile,
): Promise<RecognisedApp | undefined> {
  const { path: file, module } = source;
  const object = await findAppObject(files, source);
  const importName = await importNameOf(files, source);
  if (object !== undefined) {
    if (importName === undefined) return undefined;
    return {
      kind: "web-app",
      file,
      object,
      importName,
      manage: await findManage(files, importName),
    };
  }
  // A package's __init__.py is no program.
  if (file.endsWith("__init__.py")) return undefined;
  if (importsPackage(module, "streamlit")) return { kind: "streamlit", file, importName };
  if (importsPackage(module, "chainlit")) return { kind: "chainlit", file, importName };
  if (importsPackage(module, "gradio") && launches(module)) {
    return { kind: "gradio", file, importName, fixed: fixedArguments(module) };
  }
  return isDash(module) ? { kind: "dash", file, importName } : undefined;
}

/** wsgi.py that only imports the object of main.py is not a second app. */
function isTheSame(app: RecognisedApp, earlier: readonly RecognisedApp[]): boolean {
  if (app.kind !== "web-app") return false;
  const { file, line } = app.object.origin;
  return earlier.some(
    (other) =>
      other.kind === "web-app" &&
      other.object.origin.file === file &&
      other.object.origin.line === line,
  );
}

async function recogniseScripts(
  files: AppFiles,
  { consoleScripts }: NamedEntries,
  sources: readonly SourceFile[],
): Promise<readonly RecognisedApp[]> {
  const only = consoleScripts.length === 1 ? consoleScripts[0] : undefined;
  const scripts = await Promise.all(
    sources
      .filter(({ path, module }) => SCRIPT_NAMES.test(path) && runs(module))
      .map(async (source): Promise<RecognisedApp> => {
        const importName = await importNameOf(files, source);
        return { kind: "script", file: source.path, importName };
      }),
  );
  return only === undefined ? scripts : [{ kind: "console-script", name: only.name }, ...scripts];
}

const SCRIPT_NAMES = /(^|\/)(main|app|run|serve|server)\.py$/;

/** A file that only defines things does nothing when it is run. */
function runs({ statements }: PythonModule): boolean {
  return statements.some(
    ({ indent, code }) =>
      indent === 0 && (isMainGuard(code) || !DEFINES.some((form) => form.test(code))),
  );
}

/** A docstring, what binds names, and an assignment that calls nothing. */
const DEFINES = [
  /^"[^"]*"$/,
  /^(import|from|def|async def|class) /,
  /^@/,
  /^[\w, ]+(:[^=]+)?=[^(]*$/,
];

async function namedFiles(files: AppFiles, { modules }: NamedEntries): Promise<readonly string[]> {
  const paths = await Promise.all(
    modules.flatMap((module) => ["", "src"].map((root) => fileOfModule(files, root, module))),
  );
  return paths.filter((path) => path !== undefined);
}

async function findManage(files: AppFiles, { root }: ImportName): Promise<string | undefined> {
  const path = joinPath(root, "manage.py");
  return (await files.read(path)) === undefined ? undefined : path;
}

function importsPackage({ imports, starImports }: PythonModule, name: string): boolean {
  const modules = [...[...imports.values()].map(({ module }) => module), ...starImports];
  return modules.some((module) => module === name || module.startsWith(`${name}.`));
}

function launches({ statements }: PythonModule): boolean {
  return statements.some(({ code }) => code.includes(".launch("));
}

function fixedArguments({ statements }: PythonModule): readonly FixedArgument[] {
  return statements
    .filter(({ code }) => code.includes(".launch("))
    .flatMap(({ code, line }) => [
      ...(/server_name ?= ?"(?!0\.0\.0\.0")/.test(code)
        ? [{ name: "server_name", line } as const]
        : []),
      ...(/server_port ?= ?\d/.test(code) ? [{ name: "server_port", line } as const] : []),
    ]);
}
