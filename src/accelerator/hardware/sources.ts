import {
  all,
  any,
  type Condition,
  file,
  fileMentions,
  not,
  variable,
  variableMentions,
} from "../../cnb/detect.ts";
import { PACKAGE_KEYWORDS } from "./keywords.ts";

/** Where the app says what its image is to run on. */
export const HARDWARE_FILE = "hardware.txt";

/** Overrides the file. */
export const HARDWARE_SETTING = "BP_HARDWARE";

/** Where a build image says what it is for; the CPU stack's has none. */
export const HARDWARE_OF_BUILDER = "/usr/share/ml-buildpacks/hardware";

export const HARDWARE_IS_ASKED: Condition = any(file(HARDWARE_FILE), variable(HARDWARE_SETTING));

/** By the app or by the builder. */
export const HARDWARE_IS_SAID: Condition = any(HARDWARE_IS_ASKED, file(HARDWARE_OF_BUILDER));

/** What is said stands for Debian packages, too. */
export const HARDWARE_NEEDS_PACKAGES: Condition = any(
  variableMentions(HARDWARE_SETTING, PACKAGE_KEYWORDS),
  all(
    not(variable(HARDWARE_SETTING)),
    any(
      fileMentions(HARDWARE_FILE, PACKAGE_KEYWORDS),
      fileMentions(HARDWARE_OF_BUILDER, PACKAGE_KEYWORDS),
    ),
  ),
);
