import type { Process } from "../../cnb/launch.ts";
import type { Log } from "../../kit/log.ts";
import type { AppFiles } from "../../process/app-files.ts";
import { defaultType, parseProcfile, type ProcfileProblem } from "../../process/procfile.ts";
import { failure } from "./failures.ts";
import { adviceToAdd, lacksPython } from "./missing-packages.ts";
import type { Packages } from "./packages.ts";

/** The processes that the Procfile names; undefined where there is none. */
export async function readProcfile(
  files: AppFiles,
  packages: Packages,
  log: Log,
): Promise<readonly Process[] | undefined> {
  const source = await files.read("Procfile");
  if (source === undefined) {
    await warnOfOtherSpelling(files, log);
    return undefined;
  }
  const parsed = parseProcfile(source);
  if ("problem" in parsed) throw problemFailure(parsed.problem);

  const { entries } = parsed;
  const chosen = defaultType(entries);
  log.list(
    "Using the Procfile",
    entries.map(({ type, command }) => `${type}${type === chosen ? " (default)" : ""}: ${command}`),
  );
  if (chosen === undefined) {
    log.step("None of them is the default. A process called web would be.");
  }
  const running = entries.find(({ command }) => STARTS_PYTHON.test(command));
  if (running !== undefined && lacksPython(packages)) {
    log.warn(
      `The process ${running.type} can't start, since python is not installed`,
      `Found in the Procfile: ${running.command}\n${adviceToAdd(["python"], packages)}`,
    );
  }
  return entries.map(({ type, command }) => ({
    type,
    // A shell, since a Procfile's lines use variables. bash replaces itself by the last command,
    // so that SIGTERM reaches the app.
    command: ["bash", "-c", command],
    default: type === chosen,
  }));
}

/** The name is conda's: packages of Debian bring a program called python3. */
const STARTS_PYTHON = /^(?:\w+=\S*\s+)*(?:exec\s+)?python\s/;

/** The name is case-sensitive. https://devcenter.heroku.com/articles/procfile */
async function warnOfOtherSpelling(files: AppFiles, log: Log): Promise<void> {
  const { files: names } = await files.list("");
  const other = names.find((name) => /^procfile(\.txt)?$/i.test(name));
  if (other !== undefined) {
    log.warn(
      `The file ${other} is not used`,
      `Its name must be Procfile, with a capital P and no ending.`,
    );
  }
}

function problemFailure(problem: ProcfileProblem) {
  switch (problem.kind) {
    case "not-an-entry":
      return failure("procfile-line", problem);
    case "no-command":
      return failure("procfile-command", problem);
    case "repeated":
      return failure("procfile-repeated", problem);
    case "empty":
      return failure("procfile-empty", {});
  }
}
