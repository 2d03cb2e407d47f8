import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DetectContext, Detected } from "../../cnb/detect.ts";
import { readVariable } from "../../cnb/env.ts";
import type { FoundInput } from "../../conda/inputs/find.ts";
import { parseEnvironmentFile } from "../../conda/inputs/environment-file.ts";
import { condaLockHasPip, pixiLockHasPip } from "../../conda/inputs/pip-in-locks.ts";
import { platformOf } from "../../conda/platform.ts";
import { findAppInput, requirementsToInstall } from "./requirements-files.ts";

/** The entry of the build plan that stands for the environment. */
const PLAN_ENTRY = "conda-environment";

/**
 * Python is provided exactly when pip has something to install on it: without, the buildpacks of
 * pip's packages find no Python and take no part.
 */
export async function detectConda(context: DetectContext): Promise<Detected> {
  const { appDir, env, target } = context;
  const subdir = platformOf(target);
  const input = await findAppInput(context);
  if (input.kind === "nothing") return { takesPart: false, reason: input.reason };
  const hasPip =
    (await requirementsToInstall(appDir, env)).length > 0 ||
    (await asksForPip(input, { appDir, env, subdir }));
  const provides = [PLAN_ENTRY, ...(hasPip ? ["cpython"] : [])];
  const requires = [{ name: PLAN_ENTRY }, ...(hasPip ? [{ name: "cpython" }] : [])];
  return { takesPart: true, plan: { provides, requires } };
}

/** What is wrong with the file is told by the build. */
async function asksForPip(
  input: FoundInput,
  { appDir, env, subdir }: Pick<DetectContext, "appDir" | "env"> & { readonly subdir: string },
): Promise<boolean> {
  if (!("file" in input) || input.kind === "explicit") return false;
  const { file, kind } = input;
  const bytes = await readFile(join(appDir, file));
  switch (kind) {
    case "environment": {
      const { pip } = parseEnvironmentFile(bytes, { file, subdir, env: {} });
      return pip !== undefined && pip.length > 0;
    }
    case "conda-lock":
      return condaLockHasPip(bytes.toString("utf8"), { subdir });
    case "pixi": {
      const environment = readVariable(env, "BP_PIXI_ENVIRONMENT");
      return pixiLockHasPip(bytes.toString("utf8"), { subdir, environment });
    }
  }
}
