import { isOfAnaconda } from "../../conda/channel-names.ts";
import { termsOfAnaconda } from "../../conda/channels.ts";
import { cudaIn, librariesLacking } from "../../conda/cuda.ts";
import { type CondaLock, pythonIn } from "../../conda/lock.ts";
import type { Log } from "../../kit/log.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { listed } from "../../kit/text.ts";
import type { Asked } from "./asked.ts";
import { failure } from "./failures.ts";
import type { MadeOf } from "./made-of.ts";

interface Checking {
  readonly asked: Asked;
  readonly log: Log;
  /** Of the lock file's packages of a Python index. */
  readonly pip: readonly string[];
}

/** What only the packages tell, before any of them is installed. */
export function checkLock(packages: CondaLock, { asked, log, pip }: Checking): void {
  const { file, isLock, hardware, requirementsFiles } = asked;
  const hasPip = asked.pip.length + pip.length + requirementsFiles.length > 0;
  if (hasPip) checkPython(packages, asked, pip);
  if (!isLock) return;
  if (asked.madeOf !== undefined) warnOfStale(packages, asked.madeOf, { file, log });
  if (packages.some(({ channel }) => isOfAnaconda(channel))) {
    const { title, body } = termsOfAnaconda(` (${file})`);
    log.warn(title, body);
  }
  // Else they are installed by pip, as the hardware is handed over.
  const lacking =
    hasPip && cudaIn(packages) === undefined ? [] : librariesLacking(hardware, packages);
  if (lacking.length > 0) {
    log.step(
      `Skipping ${listed(lacking)} of hardware.txt because ${file} says what is installed, and has no package of it`,
    );
  }
}

function warnOfStale(
  packages: CondaLock,
  { file: source, names, command }: MadeOf,
  { file, log }: Pick<Checking, "log"> & Pick<Asked, "file">,
): void {
  const locked = new Set(packages.map(({ name }) => name));
  const lacking = names.filter(({ text }) => !locked.has(text));
  if (lacking.length === 0) return;
  const places = lacking.map(
    ({ text, line }) => `${text} (${describeOrigin({ file: source, line })})`,
  );
  log.warn(
    `${listed(places)} ${lacking.length === 1 ? "is" : "are"} not in ${file}`,
    `What ${file} lists is installed, and no more. Make it anew:\n\n  ${command}`,
  );
}

function checkPython(packages: CondaLock, asked: Asked, pip: readonly string[]): void {
  const { file, requirementsFiles } = asked;
  const python = pythonIn(packages);
  if (python === undefined) {
    const inFile = asked.pip.length + pip.length > 0 ? [file] : [];
    throw failure("python-missing", { file, wanted: listed([...inFile, ...requirementsFiles]) });
  }
  if (python.tag !== python.minor) throw failure("python-free-threaded", { file });
}
