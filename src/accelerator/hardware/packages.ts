import { ARTIFACT_REGISTRY_KEY, NEURON_KEY } from "./keys.ts";
import type { Keyword, PACKAGE_KEYWORDS } from "./keywords.ts";

/** What a keyword stands for among Debian packages. */
export interface KeywordPackages {
  readonly packages: readonly string[];
  /** Those of them that are for compilers and in the image all the same. */
  readonly whole?: readonly string[];
  /** Where they come from, unless it is Debian's own archive. */
  readonly archive?: {
    readonly uri: string;
    readonly suite: string;
    readonly component: string;
    readonly key: string;
  };
}

export function packagesOf(keyword: Keyword): KeywordPackages | undefined {
  return (PACKAGES as Readonly<Partial<Record<Keyword, KeywordPackages>>>)[keyword];
}

const PACKAGES: Readonly<Record<(typeof PACKAGE_KEYWORDS)[number], KeywordPackages>> = {
  /**
   * The Elastic Fabric Adapter's provider of libfabric, and of libibverbs. NCCL comes with the
   * wheels; the plug-in between the two is in no archive.
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html
   * https://packages.debian.org/trixie/libfabric1
   */
  aws: { packages: ["libfabric1", "ibverbs-providers"] },
  /**
   * Amazon makes them for Ubuntu; they lie in /opt/aws and need little of the system. The kernel's
   * module is the host's.
   * https://awsdocs-neuron.readthedocs-hosted.com/en/latest/setup/index.html
   */
  neuron: {
    packages: ["aws-neuronx-runtime-lib", "aws-neuronx-collectives", "aws-neuronx-tools"],
    archive: {
      uri: "https://apt.repos.neuron.amazonaws.com",
      suite: "noble",
      component: "main",
      key: NEURON_KEY,
    },
  },
  /** https://coral.ai/software/#debian-packages */
  coral: {
    packages: ["libedgetpu1-std"],
    archive: {
      uri: "https://packages.cloud.google.com/apt",
      suite: "coral-edgetpu-stable",
      component: "main",
      key: ARTIFACT_REGISTRY_KEY,
    },
  },
  /**
   * torch.compile compiles C++, and Triton a module of Python at each first start of a kernel. The
   * headers are those of the run image's Python; another one has its own.
   * https://docs.pytorch.org/docs/stable/user_guide/torch_compiler/torch.compiler_get_started.html
   */
  compiler: { packages: ["g++", "libpython3-dev"], whole: ["libpython3-dev"] },
};
