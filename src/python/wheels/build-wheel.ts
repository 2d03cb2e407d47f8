import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { TomlError } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { CommandError } from "../../kit/command.ts";
import type { Interpreter } from "../interpreter.ts";
import { TORCH_FAMILY } from "../../accelerator/torch.ts";
import { projectForImport } from "../import-names.ts";
import { indexesOf, type Lock, type LockFile, nameOfRequirement, normalizeName } from "../lock.ts";
import { explainBuild } from "./build-complaints.ts";
import { type FurtherNeeds, torchPins } from "./further-needs.ts";
import { withoutIndexOrder } from "../uv/index-config.ts";
import buildWheelScript from "./build_wheel.py";
import { failure } from "./failures.ts";
import tempfileModule from "./ml_buildpacks_tempfile.py";
import { readTomlOfSource } from "./read-toml.ts";
import { runTool } from "./run-tool.ts";
import { indexArguments } from "./sdist.ts";
import { describeSource, type Source } from "./source.ts";
import type { Workplace } from "./workplace.ts";

export interface BuildOptions {
  readonly context: Pick<BuildContext, "log">;
  readonly interpreter: Interpreter;
  readonly lockFile: LockFile;
  readonly needs: FurtherNeeds;
}

/**
 * Builds a project's wheel as PEP 517 says, in an environment of its own; gives the file's path, and
 * whether torch was there.
 * Not with `uv build`, whose environments lie at random paths that compilers write into binaries
 * (numpy's headers, for one, are in that environment).
 */
export async function buildWheel(
  source: Source,
  project: string,
  workplace: Workplace,
  options: BuildOptions,
): Promise<{ readonly wheel: string; readonly usesTorch: boolean }> {
  const system = await readBuildSystem(source, project);
  await createEnvironment(workplace, options);
  const requires = [...system.requires, ...options.needs.requires];
  await installRequirements(requires, source, workplace, options);
  const given = await callHooks({ source, system, project, workplace, options }, []);

  const wheel = (await readdir(workplace.wheels)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) {
    throw failure("build-failed", {
      source,
      output: "",
      ended: undefined,
    });
  }
  return {
    wheel: join(workplace.wheels, wheel),
    usesTorch: [...requires, ...given].some(isOfTorch),
  };
}

interface BuildSystem {
  readonly requires: readonly string[];
  readonly backend: string;
  readonly backendPath: readonly string[];
}

/** https://packaging.python.org/en/latest/specifications/pyproject-toml/ */
async function readBuildSystem(source: Source, project: string): Promise<BuildSystem> {
  const document = await readPyproject(source, project);
  const parsed = z.safeParse(pyprojectSchema, document ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const problem = `${issue?.path.join(".")}: ${issue?.message}`;
    throw failure("pyproject-invalid", { source: describeSource(source), problem });
  }
  const table = parsed.data["build-system"];
  return {
    requires: table?.requires ?? ["setuptools>=40.8.0"],
    backend: table?.["build-backend"] ?? "setuptools.build_meta:__legacy__",
    backendPath: table?.["backend-path"] ?? [],
  };
}

const pyprojectSchema = z.object({
  "build-system": z.optional(
    z.object({
      requires: z.array(z.string()),
      "build-backend": z.optional(z.string()),
      "backend-path": z.optional(z.array(z.string())),
    }),
  ),
});

async function readPyproject(source: Source, project: string): Promise<unknown> {
  try {
    return await readTomlOfSource(join(project, "pyproject.toml"));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem = `line ${error.line ?? 1}: ${error.message}`;
    throw failure("pyproject-invalid", { source: describeSource(source), problem }, error);
  }
}

async function createEnvironment(
  { environment, root, env }: Workplace,
  { context, interpreter }: BuildOptions,
): Promise<void> {
  const args = ["venv", "--quiet", "--no-config", "--no-project", "--python", interpreter.path];
  await runTool("uv", [...args, environment], { log: context.log, env, cwd: root });

  const sitePackages = join(environment, "lib", `python${interpreter.minor}`, "site-packages");
  await writeFile(join(sitePackages, "ml_buildpacks_tempfile.py"), tempfileModule);
  const line = "import ml_buildpacks_tempfile\n";
  await writeFile(join(sitePackages, "ml_buildpacks_tempfile.pth"), line);
}

async function installRequirements(
  requirements: readonly string[],
  source: Source,
  { environment, root, downloadEnv: env }: Workplace,
  { context, lockFile }: BuildOptions,
): Promise<void> {
  if (requirements.length === 0) return;
  const args = ["pip", "install", "--quiet", "--no-config", "--python", environment];
  const places = await placesOf(requirements, root, lockFile);
  try {
    await runTool("uv", [...args, ...places, "--", ...requirements], {
      log: context.log,
      env,
      cwd: root,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const facts = { source: describeSource(source), requirements, output: error.output };
    throw failure("build-requirements-failed", facts, error);
  }
}

/** What is compiled against torch is to run with the lock's, which an index of its own has. */
async function placesOf(
  requirements: readonly string[],
  root: string,
  { distributions, uvArguments }: LockFile,
): Promise<readonly string[]> {
  const usual = indexArguments(uvArguments);
  if (!requirements.some(isOfTorch)) return usual;
  const constraints = join(root, "torch-constraints.txt");
  await writeFile(constraints, torchPins(distributions).join("\n"));
  const indexes = indexesOf(distributions.filter(({ name }) => TORCH_FAMILY.has(name)));
  return [
    ...(indexes.length === 0 ? usual : withoutIndexOrder(usual)),
    ...indexes.flatMap((index) => ["--extra-index-url", index]),
    ...["--constraints", constraints],
  ];
}

/** A build that imports what it does not name is given that as the lock has it, and begins again. */
async function callHooks(call: HookCall, given: readonly string[]): Promise<readonly string[]> {
  const { source, workplace, options } = call;
  try {
    const more = z.array(z.string()).parse(await callHook("get_requires_for_build_wheel", call));
    await installRequirements(more, source, workplace, options);
    await callHook("build_wheel", call);
    return [...more, ...given];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { output, ended } = error;
    const missing = missingInLock(output, options.lockFile.distributions);
    if (missing === undefined || given.includes(missing)) {
      throw failure("build-failed", { source, output, ended }, error);
    }
    const { log } = options.context;
    log.step(`Building ${source.name} with ${missing}, which its build imports and does not name`);
    await installRequirements([missing], source, workplace, options);
    return await callHooks(call, [...given, missing]);
  }
}

/** "torch==2.11.0+cu128"; what the lock does not have, nobody has asked for by that name. */
function missingInLock(output: string, lock: Lock): string | undefined {
  const complaint = explainBuild(output);
  if (complaint.kind !== "missing-module") return undefined;
  const [module = ""] = complaint.module.split(".");
  const project = projectForImport(module);
  const isMeant = (name: string) => name === normalizeName(module) || name === project;
  const found = lock.find(({ name, from }) => isMeant(name) && from === "wheel");
  return found === undefined ? undefined : `${found.name}==${found.version}`;
}

function isOfTorch(requirement: string): boolean {
  return TORCH_FAMILY.has(nameOfRequirement(requirement));
}

type Hook = "get_requires_for_build_wheel" | "build_wheel";

interface HookCall {
  readonly source: Source;
  readonly system: BuildSystem;
  readonly project: string;
  readonly workplace: Workplace;
  readonly options: BuildOptions;
}

async function callHook(
  hook: Hook,
  { source, system, project, workplace, options }: HookCall,
): Promise<unknown> {
  const { root, environment, wheels, env } = workplace;
  const script = join(root, "build_wheel.py");
  const request = join(root, "request.json");
  const result = join(root, "result.json");
  await writeFile(script, buildWheelScript);
  const settings = settingsFor(source, options.lockFile.buildArguments);
  const { backend, backendPath: backend_path } = system;
  await writeFile(
    request,
    JSON.stringify({ hook, backend, backend_path, settings, wheels, result }),
  );

  const bin = join(environment, "bin");
  await runTool(join(bin, "python"), [script, request], {
    log: options.context.log,
    env: { ...env, PATH: `${bin}:${env["PATH"]}`, VIRTUAL_ENV: environment },
    cwd: project,
  });
  return JSON.parse(await readFile(result, "utf8"));
}

/** Of `name:KEY=VALUE` each, a key given twice is a list: PEP 517, "Config settings". */
function settingsFor(
  { name }: Source,
  buildArguments: readonly string[],
): Record<string, string | string[]> {
  const settings: Record<string, string | string[]> = {};
  for (const argument of buildArguments) {
    const [, owner, key, value] = /^([^:]+):([^=]+)=(.*)$/s.exec(argument) ?? [];
    if (
      normalizeName(owner ?? "") !== normalizeName(name) ||
      key === undefined ||
      value === undefined
    )
      continue;
    const before = settings[key];
    settings[key] = before === undefined ? value : [before, value].flat();
  }
  return settings;
}
