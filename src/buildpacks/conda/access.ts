import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readBoundCredentials } from "../../conda/bound-credentials.ts";
import { USUAL_ALIAS } from "../../conda/channel-names.ts";
import { type ChannelCredential, digestWithoutSecrets } from "../../conda/channel-url.ts";
import { type Channels, chooseChannels } from "../../conda/channels.ts";
import { type HostCredential, keepHostCredentials } from "../../conda/credentials.ts";
import { readCondarc } from "../../conda/inputs/condarc.ts";
import { type EnvironmentFile, readEnvironmentFile } from "../../conda/inputs/environment-file.ts";
import { type ExplicitFile, parseExplicitFile } from "../../conda/inputs/explicit-file.ts";
import type { FoundInput } from "../../conda/inputs/find.ts";
import { readLockUrls } from "../../conda/inputs/lock-urls.ts";
import { type Line, readSourceText } from "../../conda/inputs/source-text.ts";
import { platformOf } from "../../conda/platform.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { failure } from "./failures.ts";
import { checkProblems } from "./problems.ts";
import { findAppInput } from "./requirements-files.ts";

/** What the packages of a lock are installed with, also where the environment is made again. */
export interface Access {
  /** "linux-64" */
  readonly platform: string;
  /** Relative to the app. */
  readonly file: string;
  /** Whether the file is a lock of the app's own. */
  readonly isLock: boolean;
  readonly mirrors: Channels["mirrors"];
  readonly credentials: readonly HostCredential[];
  /** Of the environment file. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What of a phase's context is read. */
export type AccessContext = Pick<
  BuildContext,
  "appDir" | "env" | "log" | "readBindings" | "settings" | "target"
>;

/** Reads nothing that a later buildpack may see otherwise, as it does the hardware. */
export async function readAccess(context: AccessContext): Promise<Access> {
  const inputs = await readInputs(context, await locateInput(context));
  checkProblems(inputs.problems);
  return openAccess(context, inputs);
}

export type LocatedInput = Extract<FoundInput, { readonly file: string }>;

/** The file that says what is installed. */
export async function locateInput(context: AccessContext): Promise<LocatedInput> {
  const input = await findAppInput(context);
  if ("file" in input) return input;
  if (input.kind === "wrong") checkProblems([input.problem]);
  if (input.kind === "unlocked") throw failure("pixi-unlocked", input);
  throw new Error("This buildpack was not to take part");
}

/** The file and what belongs to it, read and not yet judged. */
export interface Inputs {
  readonly platform: string;
  readonly file: string;
  readonly source: Source;
  readonly variables: Access["variables"];
  readonly pip: readonly Line[];
  /** Those that stand in the file itself. */
  readonly ownCredentials: readonly ChannelCredential[];
  readonly credentials: readonly HostCredential[];
  readonly channels: Channels;
  /** Worth a line in the log. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** What the file is; locks are known by their digests. */
export type Source =
  | { readonly kind: "environment"; readonly specs: readonly Line[] }
  | ({ readonly kind: "explicit"; readonly digest: string } & Pick<
      ExplicitFile,
      "packages" | "unchecked"
    >)
  | { readonly kind: "conda-lock"; readonly digest: string }
  | { readonly kind: "pixi"; readonly digest: string; readonly environment: string | undefined };

export async function readInputs(context: AccessContext, input: LocatedInput): Promise<Inputs> {
  const { appDir, env, settings, target } = context;
  const platform = platformOf(target);
  const condarc = await readCondarc(appDir, env);
  const alias = settings.get("BP_CONDA_CHANNEL_ALIAS");
  const { environment, ...read } = await readInput(context, input, platform);
  const channels = chooseChannels({
    ...{ environment, condarc, alias },
    mirrors: settings.get("BP_CONDA_MIRRORS") ?? [],
  });
  const bound = await readBoundCredentials(
    await context.readBindings(),
    alias ?? condarc?.alias?.text ?? USUAL_ALIAS,
  );
  return {
    ...{ platform, file: input.file, channels },
    ...read,
    credentials: [
      ...bound.credentials,
      ...read.ownCredentials,
      ...(condarc?.credentials ?? []),
      ...channels.credentials,
    ],
    notes: [...(condarc?.notes ?? []), ...read.notes, ...bound.notes],
    problems: [...read.problems, ...(condarc?.problems ?? []), ...channels.problems],
  };
}

export function openAccess({ log }: AccessContext, inputs: Inputs): Access {
  const { platform, file, source, channels, variables } = inputs;
  return {
    ...{ platform, file, variables },
    isLock: source.kind !== "environment",
    mirrors: channels.mirrors,
    credentials: keepHostCredentials(log, inputs.credentials),
  };
}

interface Read extends Pick<
  Inputs,
  "source" | "variables" | "pip" | "ownCredentials" | "notes" | "problems"
> {
  /** What names channels; nothing in lock files. */
  readonly environment: Pick<EnvironmentFile, "file" | "channels" | "specs">;
}

async function readInput(
  { appDir, env, settings }: AccessContext,
  { file, kind }: LocatedInput,
  subdir: string,
): Promise<Read> {
  const place = { file, subdir, env };
  if (kind === "environment") {
    const read = await readEnvironmentFile(appDir, place);
    const { credentials: ownCredentials, variables, pip = [], specs, notes, problems } = read;
    const source = { kind, specs };
    return { source, variables, pip, ownCredentials, environment: read, notes, problems };
  }
  const bytes = await readFile(join(appDir, file));
  const digest = digestWithoutSecrets(bytes);
  const rest = { variables: {}, pip: [], environment: { file, channels: [], specs: [] } };
  if (kind === "explicit") {
    const { packages, unchecked, credentials, notes, problems } = parseExplicitFile(bytes, place);
    const source = { kind, digest, packages, unchecked };
    return { ...rest, source, ownCredentials: credentials, notes, problems };
  }
  const text = readSourceText(bytes, file);
  const { credentials, problems } =
    "needed" in text ? { credentials: [], problems: [text] } : readLockUrls(text, env);
  const source =
    kind === "pixi"
      ? { kind, digest, environment: settings.get("BP_PIXI_ENVIRONMENT") }
      : { kind, digest };
  return { ...rest, source, ownCredentials: credentials, notes: [], problems };
}
