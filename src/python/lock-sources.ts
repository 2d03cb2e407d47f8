import { join } from "node:path";
import {
  all,
  any,
  type Condition,
  file,
  fileMentions,
  not,
  variable,
  variableMentions,
} from "../cnb/detect.ts";
import { exists } from "../cnb/files.ts";
import type { BuildContext } from "../kit/buildpack.ts";
import { listed } from "../kit/text.ts";

/** Managers with a lock file of their own, in the order in which builder.toml tries them. */
const OWN_LOCKS = {
  uv: "uv.lock",
  poetry: "poetry.lock",
  pdm: "pdm.lock",
  pipenv: "Pipfile.lock",
} as const;

export type LockingManager = keyof typeof OWN_LOCKS;

export type PackageManager = LockingManager | "conda" | "pip";

/** The usual ones, which take part before all others. */
const CONDA_FILES = ["environment.yml", "environment.yaml", "conda-lock.yml", "pixi.lock"];

const PIP_FILES = ["requirements.txt", "pylock.toml", "pyproject.toml", "setup.py"];

export function lockFileOf(manager: LockingManager): string {
  return OWN_LOCKS[manager];
}

/** Files that a buildpack without conda makes a lock of. */
export const LOCK_FILES = [...Object.values(OWN_LOCKS), ...PIP_FILES];

/**
 * Whether a manager's own lock file is installed. Of several managers the first of the builder's
 * groups takes part, unless BP_PACKAGE_MANAGER names one; BP_PIP_REQUIREMENT names pip's files.
 */
export function lockFileWins(manager: LockingManager): Condition {
  return all(
    file(OWN_LOCKS[manager]),
    any(
      variableMentions("BP_PACKAGE_MANAGER", [manager]),
      all(not(variable("BP_PACKAGE_MANAGER")), not(variable("BP_PIP_REQUIREMENT"))),
    ),
  );
}

/**
 * What conda's environments are described in, which may ask pip for packages, too. Names that stand
 * for something else as well count by what they hold, or lie beside.
 */
export const CONDA_SOURCES: Condition = all(
  any(
    file(
      "environment.yml",
      "environment.yaml",
      "conda.yml",
      "conda.yaml",
      "conda-lock.yml",
      "conda-linux-*.lock",
      "pixi.toml",
    ),
    all(file("pixi.lock"), file("pyproject.toml")),
    fileMentions("pyproject.toml", ["pixi"]),
    fileMentions("package-list.txt", ["explicit"]),
    variable("BP_CONDA_ENVIRONMENT"),
  ),
  unlessOther("conda"),
);

/** Files and variables from which pip's buildpack makes a lock. */
export const PIP_SOURCES: Condition = all(
  any(file(...PIP_FILES), variable("BP_PIP_REQUIREMENT")),
  unlessOther("pip"),
);

/** The same of any buildpack, so that the image will have Python. */
export const LOCK_SOURCES: Condition = any(file(...LOCK_FILES), variable("BP_PIP_REQUIREMENT"));

function unlessOther(manager: PackageManager): Condition {
  return any(
    not(variable("BP_PACKAGE_MANAGER")),
    variableMentions("BP_PACKAGE_MANAGER", [manager]),
  );
}

/** Says which lock files of other managers lie there, and why this one was taken. */
export async function tellPassedOver(
  { appDir, log, settings }: Pick<BuildContext, "appDir" | "log" | "settings">,
  taken: Exclude<PackageManager, "conda">,
  lockFile: string,
): Promise<void> {
  const others = Object.entries(OWN_LOCKS)
    .filter(([manager]) => manager !== taken)
    .map(([, name]) => name);
  const ofPip = taken === "pip" ? [] : ["pylock.toml", "requirements.txt"];
  const there: string[] = [];
  for (const name of [...CONDA_FILES, ...others, ...ofPip]) {
    if (await exists(join(appDir, name))) there.push(name);
  }
  if (lockFile === "pylock.toml" && (await exists(join(appDir, "requirements.txt")))) {
    log.step(
      "Skipping requirements.txt because pylock.toml comes first; BP_PIP_REQUIREMENT decides otherwise",
    );
  }
  const named = settings.get("BP_PACKAGE_MANAGER");
  if (taken !== "pip" && settings.get("BP_PIP_REQUIREMENT") !== undefined) {
    log.step(`Skipping BP_PIP_REQUIREMENT because BP_PACKAGE_MANAGER is ${named}`);
  }
  if (there.length === 0) return;
  const because =
    named !== undefined
      ? `BP_PACKAGE_MANAGER is ${named}`
      : settings.get("BP_PIP_REQUIREMENT") !== undefined
        ? "BP_PIP_REQUIREMENT names pip's files"
        : taken === "pip"
          ? "no buildpack of this build reads it"
          : `${lockFile} comes first; BP_PACKAGE_MANAGER decides otherwise`;
  log.step(`Skipping ${listed(there)} because ${because}`);
}
