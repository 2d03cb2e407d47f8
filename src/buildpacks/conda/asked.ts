import type { Choice } from "../../accelerator/choose.ts";
import { readHardware } from "../../accelerator/handover.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import type { ChannelCredential } from "../../conda/channel-url.ts";
import type { Channels } from "../../conda/channels.ts";
import { cudaConstraints, librarySpecs } from "../../conda/cuda.ts";
import type { VirtualPackage } from "../../conda/engine/protocol.ts";
import { withCudaAsked } from "../../conda/cuda-asked.ts";
import { readMatchSpec } from "../../conda/inputs/match-spec.ts";
import type { Line } from "../../conda/inputs/source-text.ts";
import { findSystem, type System } from "../../conda/virtual-packages.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import type { Log } from "../../kit/log.ts";
import { listed } from "../../kit/text.ts";
import {
  type Access,
  type AccessContext,
  type Inputs,
  locateInput,
  type LocatedInput,
  openAccess,
  readInputs,
  type Source,
} from "./access.ts";
import { type AddedSpec, listAdded } from "./added.ts";
import { findEarlierCuda } from "./layers/lock.ts";
import { findMadeOf, type MadeOf } from "./made-of.ts";
import { checkProblems } from "./problems.ts";
import { readPythonSetting, withPython } from "./python-setting.ts";
import { filesPassedOver, requirementsToInstall } from "./requirements-files.ts";

/** All that the user has asked for, read and checked; reading it needs no network. */
export interface Asked extends Access {
  readonly wanted: Wanted;
  readonly hardware: Hardware;
  /** What it has come to. */
  readonly choice: Choice;
  /** Lines for pip; those of lock files come with the lock. */
  readonly pip: readonly Line[];
  /** Requirements files that pip installs, too. */
  readonly requirementsFiles: readonly string[];
  /** What stands in the file that says what is installed. */
  readonly ownCredentials: readonly ChannelCredential[];
  /** What a lock of the app's own is made of. */
  readonly madeOf: MadeOf | undefined;
}

export type Wanted =
  | {
      readonly kind: "environment";
      readonly specs: readonly string[];
      /** As they were written, for messages. */
      readonly lines: readonly Line[];
      /** Those that stand elsewhere. */
      readonly added: readonly AddedSpec[];
      readonly channels: readonly string[];
      readonly channelOrigins: Channels["origins"];
      readonly priority: Channels["priority"];
      readonly virtualPackages: readonly VirtualPackage[];
      /** Match specs for packages that need not be there. */
      readonly constraints: readonly string[];
    }
  | Exclude<Source, { readonly kind: "environment" }>;

type AskingContext = AccessContext & Pick<BuildContext, "foundLayers">;

export async function readAsked(context: AskingContext): Promise<Asked> {
  const { appDir, env, log, settings, target } = context;
  const input = await locateInput(context);
  const requirementsFiles = await requirementsToInstall(appDir, env);
  tellFound(input, log);

  const inputs = await readInputs(context, input);
  await tellPassedOver(context, { inputs, requirementsFiles });
  const python = readPythonSetting(settings);
  const { source, pip, ownCredentials } = inputs;
  const isSolved = source.kind === "environment";
  const cuda = withCudaAsked(readHardware(env), input.file, isSolved ? source.specs : []);
  const { hardware } = cuda;
  const system = await findSystem({
    hardware,
    arch: target.arch,
    archspec: settings.get("BP_CONDA_ARCHSPEC"),
    previousCuda: await findEarlierCuda(context),
  });
  const ofHardware = system.choice.problems;
  const others = system.problems.filter((one) => !ofHardware.includes(one));
  checkProblems([...inputs.problems, ...python.problems, ...others], ofHardware);

  for (const note of inputs.notes) log.step(note);
  for (const note of cuda.notes) log.step(note);
  for (const { title, body } of cuda.warnings) log.warn(title, body);
  if (isSolved) tellChannels(inputs.channels, log);
  if (!isSolved && python.text !== undefined) {
    log.step(`Skipping BP_CPYTHON_VERSION because ${input.file} says which Python is installed`);
  }
  if (!isSolved && settings.get("BP_UPGRADE_PACKAGES") !== undefined) {
    log.step(`Skipping BP_UPGRADE_PACKAGES because ${input.file} says what is installed`);
  }
  // With packages for pip, its buildpack says so.
  if (pip.length === 0 && requirementsFiles.length === 0) {
    for (const name of ["BP_GROUPS", "BP_EXTRAS"] as const) {
      if (settings.get(name) === undefined) continue;
      log.step(
        `Skipping ${name} because ${input.file} has no groups and extras of Python packages`,
      );
    }
  }
  return {
    ...openAccess(context, inputs),
    wanted: isSolved
      ? solvable(log, { inputs, lines: source.specs, python, requirementsFiles, hardware, system })
      : source,
    ...{ hardware, pip, requirementsFiles, ownCredentials },
    choice: system.choice,
    madeOf: await findMadeOf(context, input, inputs),
  };
}

interface Solvable extends Pick<Asked, "hardware" | "requirementsFiles"> {
  readonly inputs: Inputs;
  readonly lines: readonly Line[];
  readonly python: ReturnType<typeof readPythonSetting>;
  readonly system: System;
}

/** With what else decides which packages there are. */
function solvable(log: Log, asked: Solvable): Wanted {
  const { inputs, python, requirementsFiles, hardware, system } = asked;
  const { file, channels } = inputs;
  const replaced = withPython(python, { file, lines: asked.lines, specs: channels.specs });
  for (const note of replaced.notes) log.step(note);
  const { lines } = replaced;
  const specs = [...replaced.specs];
  const names = new Set(specs.map((spec) => readMatchSpec(spec).name));
  if (!names.has("python") && inputs.pip.length + requirementsFiles.length > 0) {
    log.step("Adding python, since pip installs packages and no line asks for it");
    specs.push("python");
  }
  const libraries = librarySpecs(hardware);
  if (libraries.specs.length > 0) {
    log.step(`Adding ${listed(libraries.specs)}, since hardware.txt names CUDA's libraries`);
    specs.push(...libraries.specs);
  }
  if (libraries.unknown.length > 0) {
    log.step(
      `Skipping ${listed(libraries.unknown)} because no conda package of that library is known`,
    );
  }
  return {
    ...{ kind: "environment", specs, lines, priority: channels.priority },
    added: listAdded(hardware, python),
    ...{ channels: channels.urls, channelOrigins: channels.origins },
    virtualPackages: system.packages,
    constraints: cudaConstraints(hardware),
  };
}

function tellFound({ file, isNamed, skipped }: LocatedInput, log: Log): void {
  log.step(isNamed ? `Using ${file} (from BP_CONDA_ENVIRONMENT)` : `Found ${file}`);
  if (skipped.length > 0) {
    const why = isNamed
      ? "BP_CONDA_ENVIRONMENT names another file"
      : `${file} comes before ${skipped.length === 1 ? "it" : "them"}`;
    log.step(`Skipping ${listed(skipped)} because ${why}`);
  }
}

async function tellPassedOver(
  { appDir, log, settings }: AskingContext,
  { inputs, requirementsFiles }: Pick<Solvable, "inputs" | "requirementsFiles">,
): Promise<void> {
  const { file, source, pip } = inputs;
  const beside = {
    // Of a requirements file that is installed as well, only pip reads the lines.
    isOfConda:
      (source.kind === "environment" || source.kind === "explicit") &&
      requirementsFiles.length === 0,
    pip: pip.map(({ text }) => text),
  };
  const passedOver = await filesPassedOver(appDir, beside);
  const others = passedOver.filter((one) => !requirementsFiles.includes(one));
  if (others.length > 0) {
    const hint =
      others.includes("requirements.txt") && settings.get("BP_CONDA_REQUIREMENTS") === undefined
        ? "; BP_CONDA_REQUIREMENTS=true installs requirements.txt, too"
        : "";
    log.step(`Skipping ${listed(others)} because ${file} says what is installed${hint}`);
  }
}

function tellChannels({ notes, warnings, urls, mirrors }: Channels, log: Log): void {
  for (const note of notes) log.step(note);
  for (const { title, body } of warnings) log.warn(title, body);
  for (const url of urls) {
    const places = mirrors[url];
    if (places !== undefined) log.step(`Using ${listed(places)} in place of ${url}`);
  }
}
