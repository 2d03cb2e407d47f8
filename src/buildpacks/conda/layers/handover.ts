import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod/mini";
import { HANDOVER as ACCELERATOR_HANDOVER } from "../../../accelerator/handover.ts";
import type { Hardware } from "../../../accelerator/hardware.ts";
import { append, type EnvChange, type EnvChanges, override } from "../../../cnb/layer-env.ts";
import { cudaIn, withCudaOf } from "../../../conda/cuda.ts";
import { type CondaLock, formatLock, pythonIn } from "../../../conda/lock.ts";
import { ENVIRONMENT_LAYER, prefixPath, WHOLE_DIRECTORY } from "../../../conda/paths.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import { DEVELOPMENT } from "../../../kit/development.ts";
import { sha256 } from "../../../kit/hash.ts";
import { HANDOVER } from "../../../python/handover.ts";
import type {
  HandedRequirements,
  handedSchema,
} from "../../../python/provided/handed-requirements.ts";
import type { providedSchema } from "../../../python/provided/provided.ts";

export interface Handed {
  readonly packages: CondaLock;
  readonly distributions: Readonly<Record<string, string>>;
  /** What pip is asked for, in this file. */
  readonly file: string;
  readonly lines: HandedRequirements["lines"];
  readonly requirementsFiles: readonly string[];
  readonly hardware: Hardware;
}

/** The environment's Python and what pip is to install on it, for the buildpacks that follow. */
export async function handOver(context: BuildContext, handed: Handed): Promise<void> {
  const { packages, distributions, file, lines, requirementsFiles, hardware } = handed;
  const python = pythonIn(packages);
  const layer = await context.freshLayer("handover", { build: true });
  const write = async (name: string, content: object): Promise<EnvChange> => {
    const path = join(layer.path, name);
    // Lines for pip have credentials as their files have them.
    await writeFile(path, JSON.stringify(content), { mode: 0o600 });
    return override(path);
  };
  const provided: z.infer<typeof providedSchema> = {
    provider: "conda",
    packages: distributions,
    cuda: cudaIn(packages),
  };
  const requirements: z.infer<typeof handedSchema> = {
    file,
    lines: [...lines],
    files: [...requirementsFiles],
  };
  await layer.writeEnv({
    build: {
      [HANDOVER.providedPackages]: await write("packages.json", provided),
      [HANDOVER.requirements]: await write("requirements.json", requirements),
      // Packages of pip are chosen for the same CUDA version.
      [ACCELERATOR_HANDOVER.hardware]: override(
        JSON.stringify(withCudaOf(hardware, packages, file)),
      ),
      ...(python === undefined ? {} : interpreterOf(context, packages, python)),
    },
  });
  await layer.commit();
}

function interpreterOf(
  context: BuildContext,
  packages: CondaLock,
  { version, minor }: { readonly version: string; readonly minor: string },
): EnvChanges {
  // Nothing is linked with what fits any platform.
  const linked = packages.filter(({ subdir }) => subdir !== "noarch");
  const digest = sha256(JSON.stringify(formatLock(linked)));
  const path = join(prefixPath(context.layersDir), "bin", `python${minor}`);
  return {
    [HANDOVER.python]: override(path),
    [HANDOVER.pythonVersion]: override(version),
    [HANDOVER.recreatePython]: override(context.recreateCommand(ENVIRONMENT_LAYER)),
    [DEVELOPMENT.directory]: append(join(context.layersDir, WHOLE_DIRECTORY), ":"),
    [DEVELOPMENT.recreate]: append(context.recreateCommand(WHOLE_DIRECTORY), "\n"),
    [DEVELOPMENT.builtAgainst]: append(`conda=${digest}`, " "),
  };
}
