import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readHardware } from "../../accelerator/handover.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { credentialsInText, digestWithoutCredentials } from "../../kit/credentials.ts";
import { keepCredentials } from "../access/keep-credentials.ts";
import { writeNetrc } from "../access/netrc-file.ts";
import { readTorchIndexes, throughMirror, type TorchIndexes } from "../access/torch-index.ts";
import type { IndexOptions } from "../requirements/index-options.ts";
import { readIndexSettings } from "../requirements/index-settings.ts";
import { failure } from "./failures.ts";
import type { LockManager } from "./manager.ts";

/** All that decides what is installed besides the Python and the platform. */
export interface ProjectInputs {
  /** SHA-256 of the files that decide, without credentials, by their paths in the app. */
  readonly files: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** Where files are downloaded from. */
  readonly options: IndexOptions;
  readonly torchIndexes: TorchIndexes;
  readonly netrc: string | undefined;
  readonly hardware: Hardware;
}

/** Reading it needs neither a network nor an interpreter, and parses no lock. */
export async function readInputs(
  context: BuildContext,
  manager: LockManager,
): Promise<ProjectInputs> {
  const { appDir, env, log, settings } = context;
  const bindings = await context.readBindings();
  const index = await readIndexSettings({ appDir, env, bindings });
  for (const line of [...index.used, ...index.notes]) log.step(line);
  if (index.problems.length > 0) {
    throw failure("settings-invalid", { problems: index.problems });
  }
  const torchIndexes = readTorchIndexes(settings);
  const texts = await Promise.all(
    (await manager.files(appDir)).map(
      async (file) => [file, await readFile(join(appDir, file), "utf8")] as const,
    ),
  );
  const credentials = keepCredentials(log, [
    ...index.credentials,
    ...torchIndexes.credentials,
    ...((await manager.credentials?.(appDir, env)) ?? []),
    ...texts.flatMap(([file, text]) => credentialsInText(text, env, { file })),
  ]);
  return {
    files: Object.fromEntries(texts.map(([file, text]) => [file, digestWithoutCredentials(text)])),
    groups: [...new Set(settings.get("BP_GROUPS"))].sort(),
    extras: [...new Set(settings.get("BP_EXTRAS"))].sort(),
    options: throughMirror(index.options, torchIndexes),
    torchIndexes,
    netrc: await writeNetrc(context, credentials),
    hardware: readHardware(env),
  };
}
