/** Counts bytes in memory that two threads share, so that the other one may read at any moment. */
export interface Counter {
  /** The memory, for the other thread. */
  readonly memory: SharedArrayBuffer;
  readonly addBytes: (bytes: number) => void;
  readonly bytes: () => number;
}

export function createCounter(
  memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT),
): Counter {
  const counts = new BigInt64Array(memory);
  return {
    memory,
    addBytes: (bytes) => void Atomics.add(counts, 0, BigInt(bytes)),
    bytes: () => Number(Atomics.load(counts, 0)),
  };
}
