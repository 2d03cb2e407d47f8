import { checkProblems } from "../../../src/buildpacks/tags/failures.ts";
import type { Found } from "../../../src/buildpacks/tags/label.ts";
import { Failure, renderMessage } from "../../../src/kit/failure.ts";

/** The whole message for what is wrong, or "" where nothing is. */
export function messageFor({ problems }: Pick<Found, "problems">): string {
  try {
    checkProblems(problems);
    return "";
  } catch (error) {
    if (error instanceof Failure) return renderMessage(error.userMessage);
    throw error;
  }
}

/** Keys and values. */
export function valuesOf({ labels }: Pick<Found, "labels">): Record<string, string> {
  return Object.fromEntries(labels.map(({ key, value }) => [key, value]));
}
