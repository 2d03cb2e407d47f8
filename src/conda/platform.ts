import type { Target } from "../cnb/target.ts";

/** conda's name of the image's platform: https://github.com/conda/ceps/blob/main/cep-0026.md */
export function platformOf({ arch }: Pick<Target, "arch">): string {
  return `linux-${NAMES[arch] ?? arch}`;
}

const NAMES: { readonly [arch: string]: string | undefined } = { amd64: "64", arm64: "aarch64" };
