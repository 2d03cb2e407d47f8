/**
 * What is not part of a local directory's source, by the names that tools give to what they leave
 * behind: it is not copied for a build.
 */
export function isLeftOutOfSource(relativePath: string): boolean {
  const name = relativePath.split("/").at(-1) ?? "";
  return OUTPUTS.has(relativePath) || LEFT_OUT.has(name) || /\.(?:py[co]|egg-info)$/.test(name);
}

/**
 * What does not count in a local directory's digest: also `.git`, which differs between checkouts
 * of one commit. It is copied nevertheless: setuptools-scm and hatch-vcs read the version there.
 */
export function isLeftOutOfDigest(relativePath: string): boolean {
  return isLeftOutOfSource(relativePath) || /(?:^|\/)\.git$/.test(relativePath);
}

/** Further down, these are names of packages like any other. */
const OUTPUTS = new Set(["build", "dist"]);

const LEFT_OUT = new Set([
  "__pycache__",
  ".eggs",
  ".venv",
  "node_modules",
  ".tox",
  ".nox",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
]);
