import type { EmptyCause, FactChange } from "../cnb/layer.ts";
import type { TomlValue } from "../cnb/toml.ts";
import { Redactor } from "./redact.ts";

/**
 * What a build prints, in one vocabulary for the suite: Found, Using, Using cached, Reusing,
 * Discarding ... since, Installing, Running, Skipping ... because, Done.
 */
export interface Log {
  /** A heading for the steps that follow. */
  section(title: string): void;
  step(line: string): void;
  list(line: string, items: readonly string[]): void;
  /** A line of a program's own output. */
  output(line: string): void;
  /** Shown on standard error, in a block of its own. */
  warn(title: string, body?: string): void;
  /** Shown only with BP_LOG_LEVEL=debug. */
  debug(line: string): void;
  /** The whole text of a failure, on standard error. */
  error(text: string): void;
  /**
   * Says why a layer is made anew: "Discarding the environment since: ...". `describe` gives the
   * lines for one fact that has changed, where there is more to say than its label.
   */
  discarding(what: string, cause: EmptyCause, describe?: DescribeChange): void;
  /** Never prints this text from now on. */
  hide(secret: string): void;
}

type DescribeChange = (change: FactChange) => readonly string[];

export interface LogSink {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly debug: boolean;
}

export function createLog(sink: LogSink, redactor = new Redactor()): Log {
  const out = (line: string) => sink.out(`${redactor.redact(line)}\n`);
  const err = (line: string) => sink.err(`${redactor.redact(line)}\n`);
  const list = (line: string, items: readonly string[]) => {
    out(line);
    for (const item of items) out(` - ${item}`);
  };
  return {
    section: (title) => out(`\n[${title}]`),
    step: out,
    list,
    output: (line) => out(`  ${line}`),
    warn: (title, body) => {
      err(`\n[Warning: ${title}]`);
      if (body !== undefined) err(body);
    },
    debug: (line) => {
      if (sink.debug) out(`[debug] ${line}`);
    },
    error: (text) => err(`\n${text}\n`),
    discarding: (what, cause, describe = (change) => [describeChange(change)]) => {
      const reasons = reasonsFor(cause, describe);
      if (reasons.length > 0) list(`Discarding ${what} since:`, reasons);
    },
    hide: (secret) => redactor.hide(secret),
  };
}

/** Nothing is discarded where nothing was. */
function reasonsFor(cause: EmptyCause, describe: DescribeChange): readonly string[] {
  switch (cause.kind) {
    case "new":
      return [];
    case "without-contents":
      return ["its contents were not restored"];
    case "unreadable":
      return [`its metadata can't be read (${cause.issue})`];
    case "outdated":
      return cause.changes.flatMap(describe);
  }
}

export function describeChange({ label, found, wanted }: FactChange): string {
  const short = (value: TomlValue | undefined) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;
  const [from, to] = [short(found), short(wanted)];
  const readable = from !== undefined && to !== undefined && !/^(sha256:)?[0-9a-f]{32,}$/.test(to);
  return readable ? `${label} has changed from ${from} to ${to}` : `${label} has changed`;
}
