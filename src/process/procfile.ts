/** A line of a Procfile. https://devcenter.heroku.com/articles/procfile */
export interface ProcfileEntry {
  readonly type: string;
  /** For a shell. */
  readonly command: string;
  readonly line: number;
}

/** Why a Procfile can't be used, with what a message quotes. */
export type ProcfileProblem =
  | { readonly kind: "not-an-entry" | "no-command"; readonly line: number; readonly found: string }
  | {
      readonly kind: "repeated";
      readonly type: string;
      readonly line: number;
      readonly found: string;
      readonly firstLine: number;
    }
  | { readonly kind: "empty" };

export type ParsedProcfile =
  | { readonly entries: readonly ProcfileEntry[] }
  | { readonly problem: ProcfileProblem };

export function parseProcfile(source: string): ParsedProcfile {
  const entries: ProcfileEntry[] = [];
  const lines = source.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  for (const [index, text] of lines.entries()) {
    const found = text.trim();
    if (found === "" || found.startsWith("#")) continue;
    const line = index + 1;
    const [, type, command] = /^([A-Za-z0-9._-]+)\s*:\s*(.*)$/.exec(found) ?? [];
    if (type === undefined || command === undefined) {
      return { problem: { kind: "not-an-entry", line, found } };
    }
    if (command === "") return { problem: { kind: "no-command", line, found } };
    const first = entries.find((entry) => entry.type === type);
    if (first !== undefined) {
      return { problem: { kind: "repeated", type, line, found, firstLine: first.line } };
    }
    entries.push({ type, command, line });
  }
  return entries.length === 0 ? { problem: { kind: "empty" } } : { entries };
}

/** `web`, else the only one, else `task`; none where that leaves it open. */
export function defaultType(entries: readonly ProcfileEntry[]): string | undefined {
  const has = (type: string) => entries.some((entry) => entry.type === type);
  if (has("web")) return "web";
  if (entries.length === 1) return entries[0]?.type;
  return has("task") ? "task" : undefined;
}
