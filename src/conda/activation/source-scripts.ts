import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { capture, CommandError, describeEnd } from "../../kit/command.ts";
import { counted } from "../../kit/text.ts";
import sourceScripts from "./source-scripts.sh";
import { readTrace, type TracedCommand, type Tracing } from "./trace.ts";

/** What sourcing scripts one after another has come to. */
export interface Sourced {
  /** The environment that the last one leaves. */
  readonly env: Variables;
  readonly scripts: readonly SourcedScript[];
  /** What they have run; nothing where it was not asked for. */
  readonly tracing: Tracing;
}

export type Variables = Readonly<Record<string, string>>;

export interface SourcedScript {
  readonly path: string;
  /** All that it has printed. */
  readonly output: string;
  readonly outcome: Returned | Ended;
}

interface Returned {
  readonly kind: "returned";
  readonly status: number;
  readonly shell: ShellChange;
  /** The environment behind it. */
  readonly env: Variables;
}

/** It has ended the shell, or had to be ended; what it had changed until then does not count. */
interface Ended {
  readonly kind: "ended";
  /** "ended with exit code 3" */
  readonly how: string;
}

/** Lines that describe the shell, as `declare -F`, `alias -p`, `trap -p`, `set +o` and `shopt -p` do. */
export interface ShellChange {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface SourceOptions {
  /** The whole environment. */
  readonly env: Variables;
  /** For all of those that share one shell. */
  readonly seconds: number;
  readonly isTraced: boolean;
}

/**
 * Sources the scripts in one shell, from the first on. Where one ends the shell, those behind it go
 * on in a new one with the environment that there was before it.
 */
export async function sourceInOrder(
  paths: readonly string[],
  options: SourceOptions,
): Promise<Sourced> {
  const done: SourcedScript[] = [];
  const commands: TracedCommand[] = [];
  let shellWords: Tracing["shellWords"] = new Set();
  let { env } = options;
  while (done.length < paths.length) {
    const left = paths.slice(done.length);
    const sourced = await sourceInOneShell(left, { ...options, env });
    done.push(...sourced.scripts);
    commands.push(...sourced.tracing.commands);
    ({ env } = sourced);
    ({ shellWords } = sourced.tracing);
  }
  return { env, scripts: done, tracing: { commands, shellWords } };
}

/** At least the first of the scripts; all where none ends the shell. */
async function sourceInOneShell(
  paths: readonly string[],
  options: SourceOptions,
): Promise<Sourced> {
  const notes = await mkdtemp(join(tmpdir(), "activation-"));
  try {
    const how = await runShell([notes, options.isTraced ? "traced" : "", ...paths], options);
    return await readNotes(notes, { paths, env: options.env, how });
  } finally {
    await rm(notes, { recursive: true, force: true });
  }
}

/** How the shell has ended where it did so too early. */
async function runShell(
  parameters: readonly string[],
  { env, seconds }: Pick<SourceOptions, "env" | "seconds">,
): Promise<string> {
  const bash = ["/usr/bin/bash", "--noprofile", "--norc", "-c", sourceScripts, "activation"];
  try {
    // With whatever a script has started.
    const limit = ["--kill-after=1", String(seconds)];
    await capture("/usr/bin/timeout", [...limit, ...bash, ...parameters], { env, cwd: "/" });
    return describeShellEnd(0, seconds);
  } catch (error) {
    if (!(error instanceof CommandError) || error.ended.kind === "not-found") throw error;
    const { ended } = error;
    return ended.kind === "exit" ? describeShellEnd(ended.code, seconds) : describeEnd(ended);
  }
}

function describeShellEnd(code: number, seconds: number): string {
  return code === TIMED_OUT
    ? `did not end within ${counted(seconds, "second")}`
    : `ended the shell with exit code ${code}`;
}

/** https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html */
const TIMED_OUT = 124;

async function readNotes(
  notes: string,
  run: { readonly paths: readonly string[]; readonly env: Variables; readonly how: string },
): Promise<Sourced> {
  const read = (name: string) => readFile(join(notes, name), "utf8").catch(() => undefined);
  const linesOf = async (name: string) => ((await read(name)) ?? "").split("\n");
  const scripts: SourcedScript[] = [];
  let env = run.env;
  for (const [at, path] of run.paths.entries()) {
    const output = (await read(`${at}.output`)) ?? "";
    const environment = await read(`${at}.environment`);
    if (environment === undefined) {
      scripts.push({ path, output, outcome: { kind: "ended", how: run.how } });
      break;
    }
    env = parseEnvironment(environment);
    const status = Number(await read(`${at}.status`));
    const shell = { before: await linesOf(`${at}.before`), after: await linesOf(`${at}.after`) };
    scripts.push({ path, output, outcome: { kind: "returned", status, shell, env } });
  }
  const commands = readTrace((await read("trace")) ?? "", basename(notes));
  return { env, scripts, tracing: { commands, shellWords: new Set(await linesOf("words")) } };
}

function parseEnvironment(text: string): Variables {
  const entries = text.split("\0").filter((entry) => entry !== "");
  return Object.fromEntries(
    entries.map((entry) => {
      const end = entry.indexOf("=");
      return [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}
