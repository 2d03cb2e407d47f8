const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const controller = new AbortController();
let exitCode: number | undefined;
let interruptedAt = 0;
let over = false;

/**
 * Has a signal end the programs that run, so that the command fails where it stands and tidies up
 * on its way out. A second signal, later, ends it at once.
 */
export function listenForInterruption(): void {
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (exitCode !== undefined) {
        // npm passes on the Ctrl-C that the terminal has sent to every program already.
        if (Date.now() - interruptedAt > 1000) process.exit(code);
        return;
      }
      interruptedAt = Date.now();
      exitCode = code;
      controller.abort();
    });
  }
}

/** The exit code that shells expect after the signal; undefined where there was none. */
export function interruptedWith(): number | undefined {
  return exitCode;
}

/** What ends a program that is started now; nothing does once tidying up has begun. */
export function interruptionSignal(): AbortSignal | undefined {
  return over ? undefined : controller.signal;
}

export function beginTidyingUp(): void {
  over = true;
}
