import type { ServerResponse } from "node:http";
import { type FileHandle, open } from "node:fs/promises";

/** Bytes, piece by piece. A piece holds until the next one is asked for: its memory is used again. */
export type Body = AsyncGenerator<Uint8Array, void>;

/** Both ends are included. */
export async function* readKept(path: string, start: number, end: number): Body {
  const file = await open(path);
  try {
    yield* readBytes(file, start, end);
  } finally {
    await file.close();
  }
}

/** Both ends are included; the file must have them. */
export async function* readBytes(file: FileHandle, start: number, end: number): Body {
  // New memory for each piece has the collector look at the whole heap every few of them, which
  // halves the speed.
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(LARGEST_PIECE, end + 1 - start)));
  for (let at = start; at <= end;) {
    const wanted = Math.min(buffer.length, end + 1 - at);
    const { bytesRead } = await file.read(buffer, 0, wanted, at);
    if (bytesRead === 0) throw new Error(`A file has ended after ${at} bytes.`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

// Bytes.
const LARGEST_PIECE = 1024 * 1024;

/** Sends a body and ends the response; throws where the client goes away before that. */
export async function send(
  response: ServerResponse,
  body: Body,
  count: (bytes: number) => void,
): Promise<void> {
  const gone = new Promise<never>((_, reject) => {
    response.once("close", () => reject(new Error("The client is gone.")));
  });
  // It may go after the last piece, too, when nobody waits any more.
  gone.catch(() => undefined);
  for await (const piece of body) {
    // First, so that what a client has is never more than what is counted.
    count(piece.length);
    await Promise.race([gone, write(response, piece)]);
  }
  response.end();
}

/** Waits until the piece's memory is free again. */
async function write(response: ServerResponse, piece: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    response.write(piece, (error) => (error == null ? resolve() : reject(error)));
  });
}
