import type { BuildContext } from "../../kit/buildpack.ts";
import { sha256 } from "../../kit/hash.ts";
import { type Credential, digestWithoutCredentials } from "../../kit/credentials.ts";
import { keepCredentials } from "../../python/access/keep-credentials.ts";
import {
  type IndexOptions,
  mergeIndexOptions,
  NO_INDEX_OPTIONS,
} from "../../python/requirements/index-options.ts";
import { type Provided, readProvided } from "../../python/provided/provided.ts";
import { readIndexSettings } from "../../python/requirements/index-settings.ts";
import {
  readRequirements,
  type RequirementSet,
} from "../../python/requirements/read-requirements.ts";
import type { UsedSetting } from "../../python/requirements/setting.ts";
import { describeOrigin } from "../../kit/origin.ts";
import {
  constraintsText,
  type IndexStrategy,
  requirementsText,
} from "../../python/requirements/uv-input.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import { packageIndexes } from "../../accelerator/package-indexes.ts";
import { readHardware } from "../../accelerator/handover.ts";
import { failure } from "./failures.ts";
import { type Chosen, readChosen } from "./chosen.ts";
import { digestAskedFor } from "./local-digests.ts";
import type { Source } from "./source.ts";
import {
  readTorchIndexes,
  throughMirror,
  type TorchIndexes,
} from "../../python/access/torch-index.ts";

/** All that the user has asked for, read and checked; reading it needs no network. */
export interface Asked {
  readonly source: Source;
  /** Of the app's own package. */
  readonly extras: readonly string[];
  readonly set: RequirementSet;
  readonly options: IndexOptions;
  readonly strategy: IndexStrategy;
  readonly hardware: Hardware;
  readonly torchIndexes: TorchIndexes;
  /** What the interpreter has by itself; undefined where that is nothing. */
  readonly provided: Provided | undefined;
  readonly credentials: readonly Credential[];
  /** SHA-256 of every file that was read, by its path in the app. */
  readonly files: ReadonlyMap<string, string>;
  /** What else than the text of the files decides the resolution, by path: SHA-256. */
  readonly local: Readonly<Record<string, string>>;
  /** The text with variables put in, where there are any. */
  readonly expanded: string | undefined;
}

export async function readAsked(context: BuildContext, source: Source): Promise<Asked> {
  const { appDir, env, log, settings } = context;
  const index = await readIndexSettings({
    ...{ appDir, env },
    bindings: await context.readBindings(),
  });

  const chosen = await readChosen(context, source);
  const dependencies = dependenciesOf(source, chosen);
  const read = await readRequirements({
    appDir,
    requirements: source.kind === "requirements" || source.kind === "handed" ? source.files : [],
    ...(source.kind === "handed" ? { section: source } : {}),
    constraints: index.constraints,
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(settings.get("BP_PIP_REQUIREMENT") === undefined ? {} : { namedBy: "BP_PIP_REQUIREMENT" }),
    env,
  });
  const set = {
    ...(source.kind === "project" ? withProject(read, source.file, chosen.extras) : read),
    remoteConstraints: [...index.remoteConstraints, ...read.remoteConstraints],
  };
  const torchIndexes = readTorchIndexes(settings);
  const credentials = keepCredentials(log, [
    ...index.credentials,
    ...torchIndexes.credentials,
    ...set.credentials,
  ]);
  for (const line of [...settingsUsed(index.used, set), ...index.notes, ...set.notes])
    log.step(line);
  const problems = [...index.problems, ...set.problems];
  if (problems.length > 0) throw failure("requirements-invalid", { problems });
  if (set.requirements.some(({ editable }) => editable)) {
    log.step("Installing editable packages (-e) as ordinary ones: an image does not change");
  }

  // What a file says wins over settings from outside, as it does with pip.
  const said = mergeIndexOptions(index.options, set.options);
  const hardware = readHardware(env);
  const { name, origin } = hardware.accelerator;
  const further = packageIndexes(name).map((value) => ({ value, origin }));
  for (const { value } of further)
    log.step(`Using extra-index-url ${value} (from ${describeOrigin(origin)}: ${name})`);
  const all = mergeIndexOptions(said, { ...NO_INDEX_OPTIONS, extraIndexUrls: further });
  const options = throughMirror(all, torchIndexes);
  return {
    source,
    extras: chosen.extras,
    set,
    options,
    strategy: settings.get("BP_INDEX_STRATEGY") ?? "best-match",
    hardware,
    torchIndexes,
    provided: await readProvided(env),
    credentials,
    files: filesOf(set, dependencies),
    local: await digestAskedFor(appDir, set, options),
    expanded: set.usesVariables
      ? sha256(`${requirementsText(set, ".")}\0${constraintsText(set, ".")}`)
      : undefined,
  };
}

/** A file's own index replaces that of a variable. */
function settingsUsed(
  used: readonly UsedSetting[],
  { options }: RequirementSet,
): readonly string[] {
  const lines = used.map(({ line }) => line);
  if (options.indexUrl === undefined) return lines;
  const { value, origin } = options.indexUrl;
  const others = used.filter(({ setting }) => setting !== "index-url").map(({ line }) => line);
  return others.length === lines.length
    ? lines
    : [...others, `Using index-url ${value} (from ${describeOrigin(origin)})`];
}

interface Dependencies {
  readonly file: string;
  readonly lines: readonly string[];
}

/** Lines of pyproject.toml: the project's own dependencies, and those of chosen groups. */
function dependenciesOf(source: Source, { lines }: Chosen): Dependencies | undefined {
  const own = source.kind === "dependencies" ? source.lines : undefined;
  if (own === undefined && lines.length === 0) return undefined;
  return { file: "pyproject.toml", lines: [...(own ?? []), ...lines] };
}

function withProject(set: RequirementSet, file: string, extras: readonly string[]): RequirementSet {
  const app = {
    extras,
    source: { kind: "path" as const, path: ".", fragment: "" },
    hashes: [],
    configSettings: [],
    editable: false,
    origin: { file },
    text: extras.length === 0 ? "." : `.[${extras.join(",")}]`,
  };
  return { ...set, requirements: [app, ...set.requirements] };
}

function filesOf(
  { files }: RequirementSet,
  dependencies: Dependencies | undefined,
): ReadonlyMap<string, string> {
  return dependencies === undefined
    ? files
    : new Map([
        ...files,
        [dependencies.file, digestWithoutCredentials(dependencies.lines.join("\n"))],
      ]);
}
