import { any, type Condition, file, variable } from "../cnb/detect.ts";

/** Files and variables from which a buildpack makes a lock, so that the image will have Python. */
export const LOCK_SOURCES: Condition = any(
  file("requirements.txt", "pylock.toml", "pyproject.toml", "setup.py"),
  variable("BP_PIP_REQUIREMENT"),
);
