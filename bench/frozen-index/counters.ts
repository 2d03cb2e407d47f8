/** What a client asked for. */
export const KINDS = ["page", "file", "debian", "conda"] as const;
export type Kind = (typeof KINDS)[number];

/** Counts in memory that two threads share, so that the other one may read at any moment. */
export interface Counters {
  /** The memory, for the other thread. */
  readonly memory: SharedArrayBuffer;
  readonly addRequest: (kind: Kind) => void;
  readonly addBytes: (bytes: number) => void;
  readonly requests: () => Readonly<Record<Kind, number>>;
  readonly bytes: () => number;
}

export function createCounters(
  memory = new SharedArrayBuffer((1 + KINDS.length) * BigInt64Array.BYTES_PER_ELEMENT),
): Counters {
  // The bytes first, then the requests of each kind.
  const counts = new BigInt64Array(memory);
  const read = (index: number) => Number(Atomics.load(counts, index));
  return {
    memory,
    addRequest: (kind) => void Atomics.add(counts, 1 + KINDS.indexOf(kind), 1n),
    addBytes: (bytes) => void Atomics.add(counts, 0, BigInt(bytes)),
    requests: () => {
      const [page, file, debian, conda] = KINDS.map((_, index) => read(1 + index));
      return { page: page ?? 0, file: file ?? 0, debian: debian ?? 0, conda: conda ?? 0 };
    },
    bytes: () => read(0),
  };
}
