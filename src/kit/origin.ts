/** Where something that a user wrote comes from: a file and its line, or a variable. */
export interface Origin {
  /** Relative to the app, or the name of a variable. */
  readonly file: string;
  /** Counted from 1; absent where the origin has no lines. */
  readonly line?: number | undefined;
}

export function describeOrigin({ file, line }: Origin): string {
  return line === undefined ? file : `${file}, line ${line}`;
}

/** The same before a verb: "hardware.txt, line 1," says something, and "BP_HARDWARE" does. */
export function originAsSubject(origin: Origin): string {
  return origin.line === undefined ? origin.file : `${describeOrigin(origin)},`;
}
