import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readHardware } from "../../accelerator/handover.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { credentialsInText, digestWithoutCredentials } from "../../kit/credentials.ts";
import { sha256OfTree } from "../../kit/hash.ts";
import { findSecretsInQueries } from "../../kit/query-secrets.ts";
import { keepCredentials } from "../access/keep-credentials.ts";
import { writeNetrc } from "../access/netrc-file.ts";
import { readTorchIndexes, throughMirror, type TorchIndexes } from "../access/torch-index.ts";
import type { IndexOptions } from "../requirements/index-options.ts";
import { readIndexSettings } from "../requirements/index-settings.ts";
import { isLeftOutOfDigest } from "../wheels/source-tree.ts";
import { failure } from "./failures.ts";
import { digestsInApp } from "./files-in-app.ts";
import type { LockManager } from "./manager.ts";
import { settingsUsed } from "./settings-used.ts";

/** All that decides what is installed besides the Python and the platform. */
export interface ProjectInputs {
  /** SHA-256 of the files that decide, without credentials, by their paths in the app. */
  readonly files: Readonly<Record<string, string>>;
  /** See {@link LockManager.variant}. */
  readonly variant: string | undefined;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** Where files are downloaded from. */
  readonly options: IndexOptions;
  readonly torchIndexes: TorchIndexes;
  readonly netrc: string | undefined;
  readonly hardware: Hardware;
}

type InputsContext = Pick<
  BuildContext,
  "appDir" | "env" | "layersDir" | "log" | "readBindings" | "settings"
>;

/** Reading it needs neither a network nor an interpreter. */
export async function readInputs(
  context: InputsContext,
  manager: LockManager,
): Promise<ProjectInputs> {
  const { appDir, env, log, settings } = context;
  const bindings = await context.readBindings();
  const index = await readIndexSettings({ appDir, env, bindings });
  for (const line of [...settingsUsed(index.used, manager.lockFile), ...index.notes])
    log.step(line);
  if (index.problems.length > 0) {
    throw failure("settings-invalid", { problems: index.problems });
  }
  const torchIndexes = readTorchIndexes(settings);
  const texts = await Promise.all(
    (await manager.files(appDir)).map(
      async (file) => [file, await readFile(join(appDir, file), "utf8")] as const,
    ),
  );
  const secrets = texts.flatMap(([file, text]) => findSecretsInQueries(text, { file }));
  if (secrets.length > 0) throw failure("secrets-in-addresses", { problems: secrets });
  const credentials = keepCredentials(log, [
    ...index.credentials,
    ...torchIndexes.credentials,
    ...((await manager.credentials?.(appDir, env)) ?? []),
    ...texts.flatMap(([file, text]) => credentialsInText(text, env, { file })),
  ]);
  const digests = texts.map(([file, text]) => [file, digestWithoutCredentials(text)] as const);
  const ofArchives = await digestsInApp(appDir, (await manager.archives?.(appDir)) ?? []);
  const ofTrees = await Promise.all(
    ((await manager.trees?.(appDir)) ?? []).map(
      async (path) =>
        [`${path}/`, await sha256OfTree(join(appDir, path), isLeftOutOfDigest)] as const,
    ),
  );
  return {
    files: { ...Object.fromEntries([...digests, ...ofTrees]), ...ofArchives },
    variant: await manager.variant?.(appDir),
    groups: [...new Set(settings.get("BP_GROUPS"))].sort(),
    extras: [...new Set(settings.get("BP_EXTRAS"))].sort(),
    options: throughMirror(index.options, torchIndexes),
    torchIndexes,
    netrc: await writeNetrc(context, credentials),
    hardware: readHardware(env),
  };
}
