/**
 * Who can mend it, which decides the closing lines: the app's author, whoever runs the build
 * (network, registry, disk), or us. In doubt: the most likely cause.
 */
export type Blame = "app" | "environment" | "buildpack";

/** A failure in words. See docs/messages.md for how they are written. */
export interface UserMessage {
  readonly blame: Blame;
  /** What could not be done; sentence case, no full stop. */
  readonly title: string;
  /** What was found, quoted; what is needed; what to do. */
  readonly body: string;
  /** A program's own words, or what only a maintainer needs. */
  readonly details?: string;
}

/** Each code of a catalogue, with the facts that its message needs. */
export type FailureFacts = { readonly [code: string]: object };

/** Every code has a message: a missing one does not compile. */
export type Messages<F extends FailureFacts> = {
  readonly [Code in keyof F]: (facts: F[Code]) => UserMessage;
};

/** Something that a user is told in prepared words, never with a stack trace. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: string;
  readonly userMessage: UserMessage;

  constructor(code: string, userMessage: UserMessage, cause?: unknown) {
    super(userMessage.title, { cause });
    this.code = code;
    this.userMessage = userMessage;
  }
}

/**
 * The one place where a buildpack's failures are put into words. The failing step throws facts:
 * `throw failure("version-unavailable", { requested, file })`.
 */
export function defineFailures<F extends FailureFacts>(messages: Messages<F>) {
  return <Code extends keyof F & string>(code: Code, facts: F[Code], cause?: unknown): Failure =>
    new Failure(code, messages[code](facts), cause);
}

export function renderMessage({ blame, title, body, details }: UserMessage): string {
  const parts = [`[Error: ${title}]`, body];
  if (CLOSING[blame] !== undefined) parts.push(CLOSING[blame]);
  if (details !== undefined && details.trim() !== "") parts.push(`Details:\n${details.trim()}`);
  return parts.join("\n\n");
}

const CLOSING: Record<Blame, string | undefined> = {
  app: undefined,
  environment: "Nothing in the app needs to change. Once the cause is mended, build again.",
  buildpack:
    "This is a fault of the buildpack, not of your app. Please report it, with the log above, at\nhttps://github.com/ml-buildpacks/ml-buildpacks/issues",
};
