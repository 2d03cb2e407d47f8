/** Where something that a user wrote comes from: a file and its line, a variable, or a binding. */
export interface Origin {
  /** Relative to the app; the name of a variable; or "the binding internal". */
  readonly file: string;
  /** Of two that give one thing, which counts; absent for files, and where nothing depends on it. */
  readonly kind?: "binding" | "variable" | undefined;
  /** Counted from 1; absent where the origin has no lines. */
  readonly line?: number | undefined;
}

export function describeOrigin({ file, line }: Origin): string {
  return line === undefined ? file : `${file}, line ${line}`;
}

/** First what bindings give, then what variables give, then what files give; else as it was. */
export function inPrecedence<Given extends { readonly origin: Origin }>(
  given: readonly Given[],
): readonly Given[] {
  const kinds = ["binding", "variable", undefined] as const;
  return kinds.flatMap((kind) => given.filter(({ origin }) => origin.kind === kind));
}

/** {@link describeOrigin} before a verb: "hardware.txt, line 1," says something, and "BP_HARDWARE" does. */
export function originAsSubject(origin: Origin): string {
  return origin.line === undefined ? origin.file : `${describeOrigin(origin)},`;
}
