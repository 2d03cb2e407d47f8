import { reasonOf } from "./failure.ts";
import { log } from "./log.ts";

interface Duty {
  readonly what: string;
  readonly undo: () => Promise<void>;
}

const duties: Duty[] = [];

/**
 * Has something removed when the command ends, whether it succeeds, fails or is interrupted (see
 * main.ts). What came last goes first. Returns a function that removes it at once instead.
 */
export function cleanUpLater(what: string, undo: () => Promise<void>): () => Promise<void> {
  const duty = { what, undo };
  duties.push(duty);
  return async () => {
    const index = duties.indexOf(duty);
    if (index === -1) return;
    duties.splice(index, 1);
    await undo();
  };
}

/** Removes all that is still there. One that can't be removed does not keep the others. */
export async function cleanUp(): Promise<void> {
  for (let duty = duties.pop(); duty !== undefined; duty = duties.pop()) {
    try {
      await duty.undo();
    } catch (error) {
      log.warn(`${duty.what} can't be removed`, reasonOf(error));
    }
  }
}
