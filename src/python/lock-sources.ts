import { all, any, type Condition, file, fileMentions, variable } from "../cnb/detect.ts";

/**
 * What conda's environments are described in, which may ask pip for packages, too. Names that stand
 * for something else as well count by what they hold, or lie beside.
 */
export const CONDA_SOURCES: Condition = any(
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
);

/** Files that pip's buildpack makes a lock of. */
export const LOCK_FILES = ["requirements.txt", "pylock.toml", "pyproject.toml", "setup.py"];

/** Files and variables from which a buildpack makes a lock, so that the image will have Python. */
export const LOCK_SOURCES: Condition = any(file(...LOCK_FILES), variable("BP_PIP_REQUIREMENT"));
