export const LOCK_FILE = "Pipfile.lock";
export const PROJECT_FILE = "Pipfile";
export const RELOCK = "pipenv lock";
