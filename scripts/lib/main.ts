import { CommandError } from "../../src/kit/command.ts";
import { cleanUp } from "./cleanup.ts";
import { ScriptFailure } from "./failure.ts";
import { log } from "./log.ts";

/** The exit code; 0 where a command returns nothing. */
type Main = (args: readonly string[]) => Promise<number | void>;

/** Makes a command that tidies up after itself and tells of failures in words. */
export function defineCommand(main: Main): (args: readonly string[]) => Promise<number> {
  return async (args) => {
    try {
      return (await main(args)) ?? 0;
    } catch (error) {
      if (error instanceof ScriptFailure) {
        log.error(`[Error: ${error.message}]\n\n${error.body}`);
      } else if (error instanceof CommandError) {
        log.error(`[Error: ${error.message}]\n\n${error.output.trim()}`.trimEnd());
      } else if (!isBundlingFailure(error)) {
        throw error;
      }
      return 1;
    } finally {
      await cleanUp();
    }
  };
}

/** esbuild itself has said what is wrong, and where. */
function isBundlingFailure(error: unknown): boolean {
  return error instanceof Error && "errors" in error && "warnings" in error;
}
