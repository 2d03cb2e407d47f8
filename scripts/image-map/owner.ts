/** What a file belongs to. */
export interface Owner {
  readonly kind: OwnerKind;
  readonly name: string;
  /** Empty where it has none. */
  readonly version: string;
}

export const OWNER_KINDS = [
  "Debian",
  "Python",
  "conda",
  "NVIDIA",
  "interpreter",
  "app",
  "lifecycle",
  "other",
] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** Undefined where the path is of no package. */
export type FindPackage = (path: string) => Owner | undefined;

export function kindOf(kind: OwnerKind, name: string): OwnerKind {
  return NVIDIA.test(name) ? "NVIDIA" : kind;
}

/** What NVIDIA publishes, by the names of the three package managers. */
const NVIDIA =
  /^(?:nvidia|cuda|cudnn|nccl|cutensor|tensorrt|libnvidia|libcu(?:blas|dnn|fft|file|rand|solver|sparse|tensor)|libn(?:ccl|pp\d|vinfer|vjitlink|vjpeg|vrtc|vfatbin))/;

export function isSame(a: Owner, b: Owner): boolean {
  return a.kind === b.kind && a.name === b.name && a.version === b.version;
}
