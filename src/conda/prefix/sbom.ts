import type { Component } from "../../kit/cyclonedx.ts";
import { encodePurlPart } from "../../python/sbom/purl.ts";
import { licensesOf } from "./licenses.ts";
import type { PrefixRecord } from "./record.ts";

/** Packages as scanners look them up. */
export function componentsOf(records: readonly PrefixRecord[]): readonly Component[] {
  return records.map((record) => ({
    name: record.name,
    version: record.version,
    purl: purlOf(record),
    description: undefined,
    sha256: record.sha256,
    licenses: licensesOf(record.license),
  }));
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/conda-definition.md */
function purlOf({ name, version, build, channel, subdir, fn }: PrefixRecord): string {
  const qualifiers = [
    ["build", build],
    ["channel", channelName(channel ?? "")],
    ["subdir", subdir],
    ["type", fn?.endsWith(".tar.bz2") === true ? "tar.bz2" : "conda"],
  ]
    .filter(([, value]) => value !== "")
    .map(([key, value = ""]) => `${key}=${encodePurlPart(value)}`);
  return `pkg:conda/${encodePurlPart(name)}@${encodePurlPart(version)}?${qualifiers.join("&")}`;
}

/** "conda-forge", "main": what is elsewhere is no package of a known channel, and keeps its URL. */
function channelName(url: string): string {
  return (
    /^https:\/\/(?:conda\.anaconda\.org|repo\.anaconda\.com\/pkgs)\/(.+)$/.exec(url)?.[1] ?? url
  );
}
