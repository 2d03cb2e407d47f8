import { failure } from "../failures.ts";
import type { LockRequest } from "../manager.ts";
import { allowsPython } from "../../uv/releases.ts";
import type { LockTarget, PdmLock } from "./lock-file.ts";
import { LOCK_FILE, RELOCK } from "./names.ts";

/**
 * Throws a failure for a lock of other Pythons or platforms only. That of an older C library or a
 * newer one does, as with PDM. https://pdm-project.org/en/stable/usage/lock-targets/
 */
export function checkTarget(
  { metadata: { targets = [] } }: PdmLock,
  { interpreter, arch }: Pick<LockRequest, "interpreter" | "arch">,
): void {
  const fits = ({ requires_python: python, platform, implementation = "cpython" }: LockTarget) =>
    (python === "" || allowsPython(python, interpreter.version)) &&
    implementation === "cpython" &&
    (platform === undefined || isPlatform(platform, arch));
  if (targets.length === 0 || targets.some(fits)) return;
  const listed = targets.map(describeTarget).join(" or ");
  const issue = `it is for ${listed}. This is Python ${interpreter.version} on linux/${arch}.`;
  throw failure("not-for-here", { lockFile: LOCK_FILE, issue, relock: RELOCK });
}

/** "linux" stands for that of x86_64; others are "manylinux_2_28_aarch64", "windows_amd64", … */
function isPlatform(platform: string, arch: string): boolean {
  const machine = /^(?:many)?linux_(?:\d+_\d+_)?(.+)$/.exec(platform)?.[1];
  return (platform === "linux" ? "x86_64" : machine) === MACHINES[arch];
}

const MACHINES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

function describeTarget({ requires_python: python, platform, implementation }: LockTarget): string {
  return [python === "" ? "any Python" : `Python ${python}`, platform, implementation]
    .filter((part) => part !== undefined)
    .join(" on ");
}
