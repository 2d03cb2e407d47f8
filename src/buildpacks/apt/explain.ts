import { DebianError } from "../../debian/complaint.ts";
import { failureFor } from "./failures.ts";

/** Does work of the domain, whose complaints become failures in words. */
export async function withExplanations<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DebianError) throw failureFor(error.complaint, error);
    throw error;
  }
}
