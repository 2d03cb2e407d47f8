import { Failure, renderMessage } from "../../src/kit/failure.ts";

/** What a user is told where the work ends in a failure; "" where it does not. */
export async function messageOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    if (error instanceof Failure) return renderMessage(error.userMessage);
    throw error;
  }
}
