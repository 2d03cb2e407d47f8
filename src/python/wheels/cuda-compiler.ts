import { ensureToolkit } from "../../accelerator/toolkit.ts";
import { readVariable } from "../../cnb/env.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { pickBuildVariables } from "./built-against.ts";
import { failure } from "./failures.ts";
import { type CompilerNeeds, type FurtherNeeds, mentionsCuda } from "./further-needs.ts";
import { MEMORY_OF_NVCC } from "./jobs.ts";
import { describeSource, type Source } from "./source.ts";
import { jobsEnv, type Workplace } from "./workplace.ts";

interface Compiled {
  readonly workplace: Workplace;
  /** Whether CUDA's compiler is there. */
  readonly hasCompiler: boolean;
}

/** Has CUDA's compiler made where the source needs it, which no GPU has to be there for. */
export async function withCompiler(
  source: Source,
  project: string,
  workplace: Workplace,
  { needs, context }: { readonly needs: FurtherNeeds; readonly context: CompilerContext },
): Promise<Compiled> {
  const { compiler } = needs;
  if (compiler === undefined) return { workplace, hasCompiler: false };
  if (compiler.when === "mentioned" && !(await mentionsCuda(project)))
    return { workplace, hasCompiler: false };
  return { workplace: await addCompiler(source, workplace, compiler, context), hasCompiler: true };
}

type CompilerContext = Pick<BuildContext, "env" | "log" | "settings">;

async function addCompiler(
  source: Source,
  workplace: Workplace,
  compiler: CompilerNeeds,
  { env, log, settings }: CompilerContext,
): Promise<Workplace> {
  const { cuda, capabilities, isChosen, environment, memory } = compiler;
  const toolkit = await ensureToolkit(env, log);
  if (toolkit === undefined)
    throw failure("toolkit-missing", { source: describeSource(source), cuda });
  if (!isChosen)
    log.step("Compiling for all usual GPUs; a line such as 'gpu l4' in hardware.txt shortens it");
  const [first = "", ...others] = (readVariable(workplace.env, "PATH") ?? "").split(":");
  return {
    ...workplace,
    env: {
      ...workplace.env,
      ...toolkit.variables,
      ...environment,
      // Asked for where setup.py looks for a GPU otherwise.
      FORCE_CUDA: "1",
      // https://docs.pytorch.org/docs/stable/cpp_extension.html
      TORCH_CUDA_ARCH_LIST: `${capabilities.join(";")}+PTX`,
      ...pickBuildVariables(env),
      ...(await jobsEnv(settings, memory ?? MEMORY_OF_NVCC)),
      // Behind the wrapped compilers, which nvcc is to call.
      PATH: [first, toolkit.bin, ...others].join(":"),
    },
  };
}
