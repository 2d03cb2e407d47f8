/** Something that the person at the terminal is told in prepared words, without a stack trace. */
export class ScriptFailure extends Error {
  override readonly name = "ScriptFailure";
  /** What was found, quoted, and what is needed. */
  readonly body: string;

  /** `title`: what could not be done; sentence case, no full stop. */
  constructor(title: string, body: string, cause?: unknown) {
    super(title, { cause });
    this.body = body;
  }
}

/** The reason in one error's words, for a message of our own. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed", and keeps the reason in the cause.
  return error.cause instanceof Error
    ? `${error.message}: ${reasonOf(error.cause)}`
    : error.message;
}
