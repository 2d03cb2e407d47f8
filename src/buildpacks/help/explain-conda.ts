import type { Failure } from "../../kit/failure.ts";
import { failure } from "./failures.ts";
import type { ExplicitList, Survey } from "./survey.ts";

interface Seen extends Pick<Survey, "explicit" | "names"> {
  /** Of files, at the top and one level down. */
  readonly paths: readonly string[];
}

/** Files of conda that no buildpack looks for; undefined where there are none. */
export function explainConda(
  { paths, explicit, names }: Seen,
  platform: string,
): Failure | undefined {
  const usable = explicit.filter((list) => (platformOf(list) ?? platform) === platform);
  const files = [
    ...usable.map(({ file }) => file),
    ...paths.filter((path) => ENVIRONMENT_FILE.test(path) && !hasProgram(path, paths)),
  ];
  if (files.length > 0) return failure("environment-elsewhere", { files, names });
  for (const list of explicit) {
    const of = platformOf(list);
    if (of !== undefined) {
      return failure("lock-of-other-platform", { file: list.file, of, platform, names });
    }
  }
  return undefined;
}

/** environment-dev.yml, env.gpu.yaml, deploy/environment.yml */
const ENVIRONMENT_FILE =
  /^(?:[^/]+\/)?(?:[^/]*environment[^/]*|(?:conda[-_.]?)?envs?(?:[-_.][^/]*)?)\.ya?ml$/i;

/** A directory with code of its own is an app. */
function hasProgram(path: string, paths: readonly string[]): boolean {
  const [directory = "", ...rest] = path.split("/");
  return (
    rest.length > 0 &&
    paths.some((one) => one.startsWith(`${directory}/`) && /\.(?:py|ipynb)$/.test(one))
  );
}

/** conda-lock puts it into the name, too. A list that says nothing is most likely meant for the image. */
function platformOf({ file, platform }: ExplicitList): string | undefined {
  return platform ?? /^conda-(.+-[^-]+)\.lock$/.exec(file)?.[1];
}
