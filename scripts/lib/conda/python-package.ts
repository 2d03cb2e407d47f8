import { readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { read } from "../command.ts";
import { askEngine, type Engine, findEngine } from "../engine.ts";
import { prepareStack } from "../stack.ts";
import { makeTemporaryFolder } from "../temporary-folder.ts";
import { type MadeCondaPackage, PLACEHOLDER } from "./channel.ts";
import debianPython from "./debian-python.sh";
import makePythonPackage from "./make-python-package.sh";

/** The build image's Python, as a channel has it. */
export async function installedPython(): Promise<readonly MadeCondaPackage[]> {
  const engine = await findEngine();
  const { build } = await prepareStack(engine, "cpu");
  const folder = await makeTemporaryFolder();
  await chmod(folder, 0o777);
  const minor = await askEngine(
    engine,
    [
      ...["run", "--rm", "--interactive", "--network=none", `--env=PLACEHOLDER=${PLACEHOLDER}`],
      ...["--volume", `${folder}:/out`, build, "sh"],
    ],
    { input: `${debianPython}${makePythonPackage}` },
  );
  await read("tar", ["--no-same-owner", "-C", folder, "-xf", join(folder, "python.tar")]);
  const subdir = condaSubdir(engine);
  return interpreterPackages(join(folder, "python"), minor).map((made) => ({ ...made, subdir }));
}

/** "linux-64" or "linux-aarch64". */
export function condaSubdir({ arch }: Engine): string {
  return arch === "arm64" ? "linux-aarch64" : "linux-64";
}

/** A Python whose files are in `tree`, and its ABI. `minor`: "3.13". */
export function interpreterPackages(tree: string, minor: string): readonly MadeCondaPackage[] {
  const abi = `cp${minor.replace(".", "")}`;
  return [
    {
      ...{ name: "python", version: readVersion(tree, minor), build: "h1a2b3c4_0_cpython" },
      depends: ["__glibc >=2.17,<3.0.a0"],
      constrains: [`python_abi ${minor}.* *_${abi}`],
      license: "PSF-2.0",
      tree,
      // https://github.com/conda/ceps/blob/main/cep-0017.md
      extra: { python_site_packages_path: `lib/python${minor}/site-packages` },
    },
    {
      ...{ name: "python_abi", version: minor, build: `8_${abi}`, buildNumber: 8 },
      constrains: [`python ${minor}.* *_cpython`],
      license: "BSD-3-Clause",
    },
  ];
}

/** Debian's release differs from machine to machine. */
function readVersion(tree: string, minor: string): string {
  const binary = readFileSync(join(tree, "bin", `python${minor}`), "latin1");
  const found = new RegExp(`\\0(${minor.replace(".", "\\.")}\\.\\d+)\\0`).exec(binary)?.[1];
  if (found === undefined) throw new Error(`python${minor} does not have its version in it`);
  return found;
}
