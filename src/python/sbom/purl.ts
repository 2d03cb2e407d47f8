import { type Distribution, normalizeName } from "../lock.ts";

/**
 * A package URL, see https://github.com/package-url/purl-spec. What comes out of the app itself is
 * "generic": a package of that name on PyPI would be another one.
 */
export function purlFor(
  name: string,
  version: string,
  distribution: Distribution | undefined,
): string {
  const type = isOfApp(distribution) ? "generic" : "pypi";
  const identity = `pkg:${type}/${encodePurlPart(normalizeName(name))}@${encodePurlPart(version)}`;
  const qualifiers = Object.entries(qualifiersFor(distribution))
    .map(([key, value]) => `${key}=${encodePurlPart(value).replaceAll("%2F", "/")}`)
    .join("&");
  return qualifiers === "" ? identity : `${identity}?${qualifiers}`;
}

function isOfApp(distribution: Distribution | undefined): boolean {
  if (distribution?.from === "url") return !isWebAddress(distribution.url);
  return distribution?.from === "directory";
}

function qualifiersFor(distribution: Distribution | undefined): { readonly [key: string]: string } {
  switch (distribution?.from) {
    case "wheel":
    case "sdist":
      return distribution.index === undefined ? {} : { repository_url: distribution.index };
    case "url":
      return isWebAddress(distribution.url) ? { download_url: distribution.url } : {};
    case "git":
      return { vcs_url: `git+${distribution.url}@${distribution.commit}` };
    case "directory":
    case undefined:
      return {};
  }
}

function isWebAddress(url: string): boolean {
  return /^https?:/i.test(url);
}

/** A part of a purl: all but letters, digits, '.', '-', '_', '~' and ':'. */
export function encodePurlPart(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}
