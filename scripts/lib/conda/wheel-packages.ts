import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { findCaBundle } from "../ca-bundle.ts";
import { askEngine, findEngine } from "../engine.ts";
import { prepareStack } from "../stack.ts";
import { makeTemporaryFolder } from "../temporary-folder.ts";
import { type MadeCondaPackage, PLACEHOLDER } from "./channel.ts";
import makePackages from "./make-wheel-packages.py";
import { condaSubdir } from "./python-package.ts";

/**
 * Packages of PyPI and all that they need, as a channel would have them: made of the wheels for the
 * build image's Python. `env`: for uv, such as where the packages are.
 */
export async function wheelPackages(
  requirements: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly MadeCondaPackage[]> {
  const engine = await findEngine();
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o777);
  const { build } = await prepareStack(engine, "cpu");
  const bundle = findCaBundle();
  const trust =
    bundle === undefined
      ? []
      : ["--volume", `${bundle}:/roots.pem:ro`, "--env", "SSL_CERT_FILE=/roots.pem"];
  const install = `umask 022
    uv pip install --quiet --no-cache --only-binary :all: --target /tmp/installed "$@"
    python3 - /tmp/installed /out`;
  await askEngine(
    engine,
    [
      ...["run", "--rm", "--interactive", "--network=host", ...trust],
      ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
      ...["--volume", `${folder}:/out`, build, "sh", "-euc", install, "sh", ...requirements],
    ],
    { input: makePackages },
  );
  const { python, packages } = JSON.parse(
    await readFile(join(folder, "packages.json"), "utf8"),
  ) as Installed;
  return packages.map(({ name, version, depends, commands }) => ({
    ...{ name, version, depends: [`python ${python}.*`, ...depends], subdir: condaSubdir(engine) },
    tree: join(folder, "trees", name),
    files: Object.fromEntries(
      Object.entries(commands).map(([command, [module, attribute]]) => [
        `bin/${command}`,
        `#!${PLACEHOLDER}/bin/python\nimport sys\n\nimport ${module}\n\nsys.exit(${module}.${attribute}())\n`,
      ]),
    ),
  }));
}

interface Installed {
  /** "3.13" */
  readonly python: string;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly depends: readonly string[];
    /** Module and attribute. */
    readonly commands: Readonly<Record<string, readonly [string, string]>>;
  }[];
}
