import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildContext } from "../../kit/buildpack.ts";
import { sha256, sha256OfFile } from "../../kit/hash.ts";
import { type Credential, mergeCredentials, secretsOf } from "../../kit/credentials.ts";
import {
  type IndexOptions,
  mergeIndexOptions,
  NO_INDEX_OPTIONS,
} from "../../python/requirements/index-options.ts";
import { type Provided, readProvided } from "../../python/provided/provided.ts";
import { type IndexSettings, readIndexSettings } from "../../python/requirements/index-settings.ts";
import {
  readRequirements,
  type RequirementSet,
} from "../../python/requirements/read-requirements.ts";
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
import { digestAskedFor } from "./local-digests.ts";
import type { Source } from "./source.ts";
import { readTorchIndexes, throughMirror, type TorchIndexes } from "./torch-index.ts";

/** All that the user has asked for, read and checked; reading it needs no network. */
export interface Asked {
  readonly source: Source;
  readonly set: RequirementSet;
  readonly options: IndexOptions;
  readonly strategy: IndexStrategy;
  readonly hardware: Hardware;
  readonly torchIndexes: TorchIndexes;
  /** What the interpreter has by itself; undefined where that is nothing. */
  readonly provided: Provided | undefined;
  readonly credentials: readonly Credential[];
  readonly epoch: string | undefined;
  /** SHA-256 of every file that was read, by its path in the app. */
  readonly files: ReadonlyMap<string, string>;
  /** What else than the text of the files decides the resolution, by path: SHA-256. */
  readonly local: Readonly<Record<string, string>>;
  /** The text with variables put in, where there are any. */
  readonly expanded: string | undefined;
}

export async function readAsked(context: BuildContext, source: Source): Promise<Asked> {
  const { appDir, env, log, settings } = context;
  const index = await readIndexSettings(appDir, env);

  const read = await readRequirements({
    appDir,
    requirements: source.kind === "requirements" || source.kind === "handed" ? source.files : [],
    ...(source.kind === "handed" ? { section: source } : {}),
    constraints: index.constraints,
    ...(source.kind === "dependencies" ? { dependencies: source } : {}),
    ...(settings.get("BP_PIP_REQUIREMENT") === undefined ? {} : { namedBy: "BP_PIP_REQUIREMENT" }),
    env,
  });
  const set = {
    ...(source.kind === "project" ? withProject(read, source.file) : read),
    remoteConstraints: [...index.remoteConstraints, ...read.remoteConstraints],
  };
  const torchIndexes = readTorchIndexes(settings);
  const credentials = keepCredentials(context, [
    ...torchIndexes.credentials,
    ...index.credentials,
    ...set.credentials,
    ...(source.kind === "pylock" ? await credentialsOfLock(appDir, source.file) : []),
  ]);
  for (const line of [...settingsUsed(index, set), ...index.notes, ...set.notes]) log.step(line);
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
    set,
    options,
    strategy: settings.get("BP_INDEX_STRATEGY") ?? "best-match",
    hardware,
    torchIndexes,
    provided: await readProvided(env),
    credentials,
    epoch: settings.get("BP_LOCK_EPOCH"),
    files: await filesOf(appDir, source, set),
    local: await digestAskedFor(appDir, set, options),
    expanded: set.usesVariables
      ? sha256(`${requirementsText(set, ".")}\0${constraintsText(set, ".")}`)
      : undefined,
  };
}

/** A file's own index replaces that of a variable. */
function settingsUsed({ used }: IndexSettings, { options }: RequirementSet): readonly string[] {
  if (options.indexUrl === undefined) return used;
  const { value, origin } = options.indexUrl;
  const others = used.filter((line) => !line.startsWith("Using index-url "));
  return others.length === used.length
    ? used
    : [...others, `Using index-url ${value} (from ${describeOrigin(origin)})`];
}

function withProject(set: RequirementSet, file: string): RequirementSet {
  const app = {
    extras: [],
    source: { kind: "path" as const, path: ".", fragment: "" },
    hashes: [],
    configSettings: [],
    editable: false,
    origin: { file },
    text: ".",
  };
  return { ...set, requirements: [app, ...set.requirements] };
}

async function filesOf(
  appDir: string,
  source: Source,
  { files }: RequirementSet,
): Promise<ReadonlyMap<string, string>> {
  if (source.kind === "dependencies") {
    return new Map([...files, [source.file, sha256(source.lines.join("\n"))]]);
  }
  if (source.kind !== "pylock") return files;
  return new Map([...files, [source.file, await sha256OfFile(join(appDir, source.file))]]);
}

/** Nothing is parsed where no URL has any: a lock that has not changed is only digested. */
async function credentialsOfLock(appDir: string, file: string): Promise<readonly Credential[]> {
  const text = await readFile(join(appDir, file), "utf8");
  if (!/:\/\/[^\s/?#"']*@/.test(text)) return [];
  const { readPylock } = await import("./read-pylock.ts");
  return (await readPylock(appDir, file)).credentials;
}

function keepCredentials({ log }: BuildContext, all: readonly Credential[]): readonly Credential[] {
  for (const secret of all.flatMap(secretsOf)) log.hide(secret);
  const { kept, conflicts } = mergeCredentials(all);
  for (const { kept: first, dropped } of conflicts) {
    log.warn(
      `Two different credentials for ${first.host} were given`,
      `Using that of ${describeOrigin(first.origin)}, not that of ${describeOrigin(dropped.origin)}: a build can have one for each host.`,
    );
  }
  return kept;
}
