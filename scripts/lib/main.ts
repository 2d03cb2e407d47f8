import { CommandError } from "../../src/kit/command.ts";
import { cleanUp } from "./cleanup.ts";
import { ScriptFailure } from "./failure.ts";
import { beginTidyingUp, interruptedWith, listenForInterruption } from "./interruption.ts";
import { log } from "./log.ts";

/** The exit code; 0 where a command returns nothing. */
type Main = (args: readonly string[]) => Promise<number | void>;

/** Makes a command that tidies up after itself and tells of failures in words. */
export function defineCommand(main: Main): (args: readonly string[]) => Promise<number> {
  return async (args) => {
    listenForInterruption();
    try {
      return (await main(args)) ?? 0;
    } catch (error) {
      if (interruptedWith() === undefined) explain(error);
      return 1;
    } finally {
      beginTidyingUp();
      await cleanUp();
      const exitCode = interruptedWith();
      // Whatever else was under way is of no interest any more.
      if (exitCode !== undefined) process.exit(exitCode);
    }
  };
}

function explain(error: unknown): void {
  if (error instanceof ScriptFailure) {
    log.error(`[Error: ${error.message}]\n\n${error.body}`);
  } else if (error instanceof CommandError) {
    log.error(`[Error: ${error.message}]\n\n${error.output.trim()}`.trimEnd());
  } else if (!isBundlingFailure(error)) {
    throw error;
  }
}

/** esbuild itself has said what is wrong, and where. */
function isBundlingFailure(error: unknown): boolean {
  return error instanceof Error && "errors" in error && "warnings" in error;
}
