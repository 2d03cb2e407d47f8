import type * as cnb from "../cnb/buildpack.ts";
import type { Detect } from "../cnb/detect.ts";
import { readVariable } from "../cnb/env.ts";
import { ExitCode } from "../cnb/exit-code.ts";
import { type Invocation, runPhase } from "../cnb/phase.ts";
import { diskFull, isDiskFull } from "./disk-full.ts";
import { type Blame, Failure, renderMessage, type UserMessage } from "./failure.ts";
import { createLog, type Log, type LogSink } from "./log.ts";
import { findNearMisses, Settings } from "./settings.ts";

/** The specification's context, with the suite's log and settings. */
export interface BuildContext extends cnb.BuildContext {
  readonly log: Log;
  readonly settings: Settings;
}

export interface RecreateContext extends cnb.RecreateContext {
  readonly log: Log;
  readonly settings: Settings;
}

export interface BuildpackDefinition {
  readonly detect: Detect;
  build(context: BuildContext): Promise<cnb.BuildResult>;
  readonly recreate?: { readonly [layer: string]: (context: RecreateContext) => Promise<void> };
}

export function defineBuildpack(definition: BuildpackDefinition): BuildpackDefinition {
  return definition;
}

/** What `bin/build` does: runs the phase and reports what goes wrong. Gives the exit code. */
export async function run(
  definition: BuildpackDefinition,
  invocation: Invocation,
  sink: LogSink,
): Promise<number> {
  const log = createLog(sink);
  try {
    return await runPhase(withLog(definition, log), invocation);
  } catch (error) {
    const message = messageFor(error);
    log.error(renderMessage(message));
    return EXIT_CODES[message.blame];
  }
}

/** The process as it was started, for the bundles' entry. */
export async function main(definition: BuildpackDefinition): Promise<void> {
  const invocation = { argv: process.argv.slice(2), env: process.env, cwd: process.cwd() };
  process.exitCode = await run(definition, invocation, {
    out: (line) => process.stdout.write(line),
    err: (line) => process.stderr.write(line),
    debug: readVariable(process.env, "BP_LOG_LEVEL")?.toLowerCase() === "debug",
  });
}

const EXIT_CODES: Record<Blame, number> = {
  app: ExitCode.app,
  environment: ExitCode.environment,
  buildpack: ExitCode.buildpack,
};

function withLog(definition: BuildpackDefinition, log: Log): cnb.Buildpack {
  return {
    detect: definition.detect,
    build: async (context) => {
      const settings = new Settings(context.env);
      settings.get("BP_LOG_LEVEL");
      warnOfNearMisses(context, log);
      return definition.build({ ...context, log, settings });
    },
    recreate: Object.fromEntries(
      Object.entries(definition.recreate ?? {}).map(([layer, make]) => [
        layer,
        (context: cnb.RecreateContext) =>
          make({ ...context, log, settings: new Settings(context.env) }),
      ]),
    ),
  };
}

function warnOfNearMisses({ env, buildpack }: cnb.BuildContext, log: Log): void {
  const reader = buildpack.id.split("/").at(-1) ?? buildpack.id;
  for (const { found, meant } of findNearMisses(env, reader)) {
    log.warn(`${found} is not a setting; did you mean ${meant}?`);
  }
}

function messageFor(error: unknown): UserMessage {
  if (error instanceof Failure) return error.userMessage;
  if (isDiskFull(String(error)))
    return diskFull("disk-full", { output: String(error) }).userMessage;
  return {
    blame: "buildpack",
    title: "The buildpack failed in a way that it does not know",
    body: "It stopped before the image was made; nothing was changed in your app.",
    details: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
