import * as z from "zod/mini";
import { type Choice, choose } from "../accelerator/choose.ts";
import type { Hardware } from "../accelerator/hardware.ts";
import { compareVersions } from "../accelerator/versions.ts";
import { readInstalledPackages, RUN_IMAGE_STATUS } from "../debian/run-image.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import { readArchspec } from "./archspec.ts";
import type { VirtualPackage } from "./engine/protocol.ts";

export interface SystemAsked {
  readonly hardware: Hardware;
  /** Of the target, as Go names it: "amd64". */
  readonly arch: string;
  /** BP_CONDA_ARCHSPEC. */
  readonly archspec: string | undefined;
  /** The CUDA version of an earlier build. */
  readonly previousCuda?: string | undefined;
  /** Another one in tests. */
  readonly statusFile?: string;
}

/** What packages may ask of the system that the image is to run on. */
export interface System {
  /** Sorted by name. */
  readonly packages: readonly VirtualPackage[];
  /** What the hardware has come to. */
  readonly choice: Choice;
  readonly problems: readonly Problem[];
}

/**
 * The virtual packages of the target: nothing of the machine that builds counts.
 * https://github.com/conda/ceps/blob/main/cep-0030.md
 */
export async function findSystem(asked: SystemAsked): Promise<System> {
  const { hardware, arch, previousCuda: previous, statusFile } = asked;
  // What pip is to install follows it, and not the other way round: conda is first.
  const choice = choose({ hardware, demands: [], indexes: [], python: "", previous });
  const archspec = readArchspec(asked.archspec, arch);
  const packages = [
    { name: "__archspec", version: "1", build: archspec.name },
    ...cudaPackages(choice, hardware),
    plain("__glibc", await readGlibc(statusFile ?? RUN_IMAGE_STATUS)),
    plain("__linux", OLDEST_KERNEL),
    plain("__unix", "0"),
  ];
  return { packages, choice, problems: [...archspec.problems, ...choice.problems] };
}

/** For layer metadata, and for what is told: "__glibc=2.41=0". */
export function formatVirtualPackage({ name, version, build }: VirtualPackage): string {
  return `${name}=${version}=${build}`;
}

function plain(name: string, version: string): VirtualPackage {
  return { name, version, build: "0" };
}

/**
 * Which kernel the hosts have is not known. This is that of RHEL 8, the oldest that platforms still
 * run on and what conda-forge builds against; rattler takes it for systems that it can't see.
 * https://github.com/conda/rattler/blob/main/crates/rattler_virtual_packages/src/defaults.rs
 */
const OLDEST_KERNEL = "4.18";

/** With several GPUs the least capable counts: https://github.com/conda/ceps/blob/main/cep-0046.md */
function cudaPackages({ cuda }: Choice, { gpus }: Hardware): readonly VirtualPackage[] {
  if (cuda === undefined) return [];
  const [least] = gpus.map(({ capability }) => capability).sort(compareVersions);
  return [plain("__cuda", cuda), ...(least === undefined ? [] : [plain("__cuda_arch", least)])];
}

/** Of the run image; of this one where nothing says what the run image has. */
async function readGlibc(statusFile: string): Promise<string> {
  const installed = await readInstalledPackages(statusFile);
  return MAJOR_AND_MINOR.exec(installed.get("libc6") ?? ownGlibc())?.[0] ?? OLDEST_GLIBC;
}

/** Of "2.41-12+deb13u1" and of "2.41". */
const MAJOR_AND_MINOR = /^\d+\.\d+/;

/** What packages are built for at least: the default that CEP 30 names. */
const OLDEST_GLIBC = "2.17";

/** https://nodejs.org/api/report.html */
function ownGlibc(): string {
  const report = reportSchema.safeParse(process.report.getReport());
  return report.data?.header.glibcVersionRuntime ?? "";
}

const reportSchema = z.object({
  header: z.object({ glibcVersionRuntime: z.optional(z.string()) }),
});
