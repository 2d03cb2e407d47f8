export const LOCK_FILE = "pdm.lock";
export const PROJECT_FILE = "pyproject.toml";
export const RELOCK = "pdm lock";

/** What PDM calls the main dependencies. */
export const MAIN_GROUP = "default";
