import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { findCaBundle } from "../../../scripts/lib/ca-bundle.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { findEngine } from "../../../scripts/lib/engine.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";

/** Python of the build image, in which the package managers run. */
export const PYTHON = { version: "3.13.5", minor: "3.13" };

/**
 * Runs commands in the build image, where the folder is /projects, with a package manager of PyPI
 * installed in /tmp/manager. Gives what each of them prints.
 */
export async function runManager(
  requirements: readonly string[],
  projects: string,
  commands: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const engine = await findEngine();
  const { build: image } = await prepareStack(engine, "cpu");
  const roots = findCaBundle();
  if (roots !== undefined) await copyFile(roots, join(projects, "roots.pem"));
  // The container runs as another user.
  await chmod(projects, 0o755);
  const script = [
    "exec 3>&1 >&2",
    "uv venv --quiet /tmp/manager",
    `uv pip install --quiet --python /tmp/manager/bin/python ${requirements.map((one) => `'${one}'`).join(" ")}`,
    ...commands.map((command) => `{ echo '${MARK}' && ${command}; } >&3`),
  ].join(" && ");
  const variables = {
    HOME: "/tmp/home",
    PATH: "/tmp/manager/bin:/usr/local/bin:/usr/bin:/bin",
    ...(roots === undefined
      ? {}
      : { SSL_CERT_FILE: "/projects/roots.pem", REQUESTS_CA_BUNDLE: "/projects/roots.pem" }),
    ...env,
  };
  const printed = await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=host", `--volume=${projects}:/projects:ro`],
      ...Object.entries(variables).map(([key, value]) => `--env=${key}=${value}`),
      ...[image, "sh", "-c", script],
    ],
    { env: engine.env },
  );
  return printed.split(`${MARK}\n`).slice(1);
}

const MARK = "@@@";
