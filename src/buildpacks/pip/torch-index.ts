import type { Settings } from "../../kit/settings.ts";
import { type Credential, splitCredential } from "../../kit/credentials.ts";

/** Where PyTorch's own wheels lie, in one directory for each backend. */
const PYTORCH = "https://download.pytorch.org/whl";

/** Where torch and its companions come from. */
export interface TorchIndexes {
  /** The directories `cpu`, `cu128`, … lie below it; absent where all packages share one index. */
  readonly base: string | undefined;
  readonly credentials: readonly Credential[];
}

export function readTorchIndexes(settings: Settings): TorchIndexes {
  const set = settings.get("BP_TORCH_INDEX");
  if (set === "default") return { base: undefined, credentials: [] };
  const { url, credential } = splitCredential(set ?? PYTORCH, { file: "BP_TORCH_INDEX" });
  return {
    base: url.replace(/\/+$/, ""),
    credentials: credential === undefined ? [] : [credential],
  };
}
