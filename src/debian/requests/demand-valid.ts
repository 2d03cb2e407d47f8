import { DebianError } from "../complaint.ts";
import type { Requests } from "./requests.ts";

/** Throws a {@link DebianError} with all that is wrong. */
export function demandValid({ problems }: Pick<Requests, "problems">): void {
  if (problems.length > 0) throw new DebianError({ kind: "requests-invalid", problems });
}
