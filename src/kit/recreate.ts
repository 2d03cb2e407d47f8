import type { Env } from "../cnb/env.ts";
import { ExitCode } from "../cnb/exit-code.ts";
import { CommandError, describeEnd, type Ended, stream } from "./command.ts";
import { type Blame, defineFailures } from "./failure.ts";
import type { Log } from "./log.ts";
import { text } from "./text.ts";

/** Contents that an earlier buildpack of the same build can put back. */
export interface Absent {
  /** What {@link BuildContext.recreateCommand} gave that buildpack. */
  readonly command: string;
  /** "Python 3.12.4" */
  readonly what: string;
  /** Of the failure, should there be one. */
  readonly title: string;
  /** What they are needed for, and why they are not there. */
  readonly reason: string;
}

/**
 * Has them put back. `env` is the buildpack's whole environment: their owner runs as a phase of its
 * own. Throws a failure where that phase fails.
 */
export async function recreate(absent: Absent, env: Env, log: Log): Promise<void> {
  try {
    await stream(log, "sh", ["-c", absent.command], { env });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { ended } = error;
    const facts = { ...absent, ended: describeEnd(ended), blame: blameFor(ended) };
    throw failure("not-recreated", facts, error);
  }
}

/** The phase has found out who can mend it; what ends it from outside is not the app's. */
function blameFor(ended: Ended): Blame {
  if (ended.kind !== "exit") return "environment";
  switch (ended.code) {
    case ExitCode.app:
      return "app";
    case ExitCode.environment:
      return "environment";
    default:
      // A shell reports a program that a signal has ended as 128 and the signal's number.
      return ended.code > 128 ? "environment" : "buildpack";
  }
}

const failure = defineFailures<{ "not-recreated": Absent & { ended: string; blame: Blame } }>({
  "not-recreated": ({ title, what, reason, ended, blame }) => ({
    blame,
    title,
    body: text`
      Found: the command that puts ${what} back ${ended}. The lines above say why.

      ${reason}
    `,
  }),
});
