import { withoutCredential } from "../../../kit/credentials.ts";
import { normalizeName } from "../../lock.ts";
import { PYPI } from "../../uv/index-config.ts";
import type { PdmSource } from "./project.ts";

/**
 * The indexes that may have a package, without credentials: those that name it, else all that do
 * not exclude it. PyPI is the first unless the project has a source of that name.
 * https://pdm-project.org/en/stable/usage/config/#configure-the-package-indexes
 */
export function indexesFor(name: string, sources: readonly PdmSource[]): readonly string[] {
  const all = sources.some((source) => source.name === "pypi")
    ? sources
    : [{ name: "pypi", url: PYPI }, ...sources];
  const named = all.filter(({ include_packages: patterns }) => isOneOf(name, patterns));
  const allowed = all.filter(({ exclude_packages: patterns }) => !isOneOf(name, patterns));
  return (named.length > 0 ? named : allowed)
    .filter(({ type = "index" }) => type === "index")
    .map(({ name: source, url }) => url ?? (source === "pypi" ? PYPI : undefined))
    .filter((url) => url !== undefined)
    .map((url) => withoutCredential(url).replace(/\/+$/, ""));
}

/** Shell patterns, of names as PDM normalises them. https://docs.python.org/3/library/fnmatch.html */
function isOneOf(name: string, patterns: readonly string[] = []): boolean {
  return patterns.some((pattern) => {
    const normalized = pattern.replaceAll(/[^A-Za-z0-9?*[\]-]+/g, "-").toLowerCase();
    const source = normalized.replaceAll("*", ".*").replaceAll("?", ".").replaceAll("[!", "[^");
    try {
      return new RegExp(`^(?:${source})$`).test(normalizeName(name));
    } catch {
      return normalized === normalizeName(name);
    }
  });
}
