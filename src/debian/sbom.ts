import type { Component } from "../kit/cyclonedx.ts";
import type { PackageIndex } from "./package-index.ts";

/**
 * Packages as scanners look them up: by Debian's release, and by the source package, under which
 * security advisories are. https://github.com/package-url/purl-spec/blob/main/types-doc/deb-definition.md
 */
export function componentsOf(
  indexes: readonly PackageIndex[],
  distro: { readonly name: string; readonly version: string },
): readonly Component[] {
  return indexes.map(({ name, version, arch, sha256, licenses, source }) => {
    const release = `${distro.name}-${distro.version}`;
    const upstream = source === name ? [] : [`upstream=${encodeURIComponent(source)}`];
    const qualifiers = [`arch=${arch}`, `distro=${release}`, ...upstream].join("&");
    const place = `pkg:deb/${distro.name}/${encodeURIComponent(name)}`;
    return {
      name,
      version,
      purl: `${place}@${encodeURIComponent(version)}?${qualifiers}`,
      description: undefined,
      sha256,
      // Debian's short names are not all SPDX's: https://wiki.debian.org/Proposals/CopyrightFormat
      licenses: licenses.map((license) => ({ kind: "name", name: license })),
    };
  });
}
