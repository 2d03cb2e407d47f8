import type { Settings } from "../../kit/settings.ts";
import { type Credential, splitCredential } from "../../kit/credentials.ts";
import type { IndexOptions, Sourced } from "../requirements/index-options.ts";

/** Where PyTorch's own wheels lie, in one directory for each backend. */
const PYTORCH = "https://download.pytorch.org/whl";

/** Where torch and its companions come from. */
export interface TorchIndexes {
  /** The directories `cpu`, `cu128`, … lie below it; absent where all packages share one index. */
  readonly base: string | undefined;
  /** Whether it takes the place of PyTorch's own host. */
  readonly isMirror: boolean;
  readonly credentials: readonly Credential[];
}

export function readTorchIndexes(settings: Settings): TorchIndexes {
  const set = settings.get("BP_TORCH_INDEX");
  if (set === "default") return { base: undefined, isMirror: false, credentials: [] };
  const { url, credential } = splitCredential(set ?? PYTORCH, {
    file: "BP_TORCH_INDEX",
    kind: "variable",
  });
  return {
    base: url.replace(/\/+$/, ""),
    isMirror: set !== undefined,
    credentials: credential === undefined ? [] : [credential],
  };
}

/** The app's own lines often name PyTorch's host, which a closed network has by its mirror. */
export function throughMirror(
  options: IndexOptions,
  { base, isMirror }: Pick<TorchIndexes, "base" | "isMirror">,
): IndexOptions {
  if (!isMirror || base === undefined) return options;
  const through = ({ value, origin }: Sourced<string>): Sourced<string> => ({
    value: atMirror(value, { base, isMirror }),
    origin,
  });
  const { indexUrl, extraIndexUrls, findLinks } = options;
  return {
    ...options,
    ...(indexUrl === undefined ? {} : { indexUrl: through(indexUrl) }),
    extraIndexUrls: extraIndexUrls.map(through),
    findLinks: findLinks.map(through),
  };
}

/** The same for one address. */
export function atMirror(
  url: string,
  { base, isMirror }: Pick<TorchIndexes, "base" | "isMirror">,
): string {
  if (!isMirror || base === undefined || !url.startsWith(`${PYTORCH}/`)) return url;
  return `${base}${url.slice(PYTORCH.length)}`;
}
