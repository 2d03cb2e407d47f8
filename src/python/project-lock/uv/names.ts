export const LOCK_FILE = "uv.lock";
export const RELOCK = "uv lock";
