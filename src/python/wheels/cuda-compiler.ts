import { ensureToolkit } from "../../accelerator/toolkit.ts";
import type { Env } from "../../cnb/env.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { failure } from "./failures.ts";
import type { FurtherNeeds } from "./further-needs.ts";
import { MEMORY_OF_NVCC } from "./jobs.ts";
import { describeSource, type Source } from "./source.ts";

/** What a build with CUDA's compiler sees besides. */
export interface CudaCompiler {
  readonly env: Env;
  /** Searched first. */
  readonly path: readonly string[];
  /** Bytes that one of its jobs takes. */
  readonly memoryAJob: number;
}

/** Has CUDA's compiler made where the source needs it, which no GPU has to be there for. */
export async function prepareCompiler(
  source: Source,
  { toolkit: cuda, capabilities, environment }: FurtherNeeds,
  { env, log }: Pick<BuildContext, "env" | "log">,
): Promise<CudaCompiler | undefined> {
  if (cuda === undefined) return undefined;
  const toolkit = await ensureToolkit(env, log);
  if (toolkit === undefined)
    throw failure("toolkit-missing", { source: describeSource(source), cuda });
  if (capabilities.length === 0) {
    log.step(`Compiling for all usual GPUs; a line such as 'gpu l4' in hardware.txt shortens it`);
  }
  const architectures = capabilities.length > 0 ? capabilities : usualCapabilities(cuda);
  return {
    path: [toolkit.bin],
    memoryAJob: MEMORY_OF_NVCC,
    env: {
      ...toolkit.variables,
      ...environment,
      // Asked for where setup.py looks for a GPU otherwise.
      FORCE_CUDA: "1",
      // https://docs.pytorch.org/docs/stable/cpp_extension.html
      TORCH_CUDA_ARCH_LIST: `${architectures.join(";")}+PTX`,
    },
  };
}

/**
 * Of GPUs in data centres and workstations since Turing, as far as the compiler knows them; newer ones
 * run what is compiled for the last.
 * https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html
 */
function usualCapabilities(cuda: string): readonly string[] {
  const [major = 0, minor = 0] = cuda.split(".").map(Number);
  const knowsBlackwell = major > 12 || (major === 12 && minor >= 8);
  return ["7.5", "8.0", "8.6", "8.9", "9.0", ...(knowsBlackwell ? ["10.0", "12.0"] : [])];
}
