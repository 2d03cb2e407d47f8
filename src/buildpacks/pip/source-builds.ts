import { listed } from "../../kit/text.ts";
import type { Lock } from "../../python/lock.ts";
import { PYPI } from "../../python/uv/index-config.ts";
import { lookUpProject } from "../../python/uv/index-lookup.ts";
import { allowsPython, pythonsWithWheels, requiredPython } from "../../python/uv/releases.ts";
import { whereAsked } from "./explain.ts";
import { failure } from "./failures.ts";
import type { LockTask } from "./obtain-lock.ts";
import { pythonFileOf } from "./provided.ts";

/**
 * Says which packages are built from source, and refuses those that are not for this Python: uv
 * does not look at upper bounds of "Requires-Python", which pip does, and such builds fail late.
 * https://docs.astral.sh/uv/reference/internals/resolver/#requires-python
 */
export async function checkSourceBuilds(task: LockTask, lock: Lock): Promise<void> {
  const { log } = task.context;
  const sdists = lock.filter((distribution) => distribution.from === "sdist");
  if (sdists.length === 0) return;
  log.list(
    "Building from source, since no wheel is taken:",
    sdists.map(({ name, version }) => `${name} ${version}`),
  );
  const warnings = await Promise.all(
    sdists.map(({ name, version, index }) => checkRelease(task, { name, version, index })),
  );
  for (const { title, body } of warnings.flatMap((warning) => warning ?? [])) log.warn(title, body);
}

interface Release {
  readonly name: string;
  readonly version: string;
  readonly index: string | undefined;
}

async function checkRelease(
  { context, interpreter, asked, netrc }: LockTask,
  { name, version, index }: Release,
): Promise<{ readonly title: string; readonly body: string } | undefined> {
  const place = index ?? asked.options.indexUrl?.value ?? PYPI;
  if (!/^https?:/.test(place) || asked.options.noIndex) return undefined;
  const answer = await lookUpProject(place, name, { env: context.env, netrc });
  // It is only for better words: a failed download tells enough later.
  if (answer.kind !== "files") return undefined;

  const python = interpreter.minor;
  const pythons = pythonsWithWheels(name, version, answer.files);
  const required = requiredPython(name, version, answer.files);
  const where = whereAsked(asked, name);
  const pythonFile = pythonFileOf(asked);
  if (required !== undefined && !allowsPython(required, interpreter.version)) {
    throw pythons.length === 0
      ? failure("needs-other-python", {
          kind: "needs-other-python",
          name,
          version,
          needed: required,
          explanation: "",
          where,
          python,
          pythonFile,
        })
      : failure("no-wheel-for-python", { name, version, pythons, python, pythonFile, where });
  }
  if (pythons.length === 0 || pythons.includes(python)) return undefined;
  const older =
    pythonFile === undefined
      ? `${pythons.at(-1)} in a file .python-version`
      : `python=${pythons.at(-1)} in ${pythonFile}`;
  return {
    title: `${name} ${version} has no wheel for Python ${python}`,
    body: `${where}\nIt has wheels for Python ${listed(pythons)}. Building it from source takes long and often fails; a newer version, or ${older}, spares it.`,
  };
}
