import { mergedPath } from "../../../src/debian/unpack/merge-usr.ts";
import type { ByApt, ByBuildpack, Entry } from "./both-ways.ts";

/** A path that is not the same after both installations. */
export interface Difference {
  readonly path: string;
  readonly kind: "missing" | "added" | "kind" | "content" | "link" | "mode";
  /** What apt-get has made of it. */
  readonly theirs: Entry | undefined;
  /** What the root tree has. */
  readonly ours: Entry | undefined;
}

/** What apt-get has added or changed and the root tree has otherwise or not, and what only it has. */
export function differences(apt: ByApt, buildpack: ByBuildpack): readonly Difference[] {
  const all = touched(apt).flatMap((path) => {
    const [theirs, ours] = [apt.after.get(path), buildpack.files.get(path)];
    const kind = compare(theirs, ours);
    return kind === undefined ? [] : [{ path, kind, theirs, ours }];
  });
  const added = [...buildpack.files].filter(([path]) => !apt.after.has(path));
  return [
    ...all,
    ...added.map(([path, ours]) => ({ path, kind: "added" as const, theirs: undefined, ours })),
  ];
}

/** The paths that apt-get has added or changed. */
export function touched({ before, after }: ByApt): readonly string[] {
  return [...after]
    .filter(([path, entry]) => JSON.stringify(before.get(path)) !== JSON.stringify(entry))
    .map(([path]) => path);
}

function compare(
  theirs: Entry | undefined,
  ours: Entry | undefined,
): Difference["kind"] | undefined {
  if (theirs === undefined || ours === undefined) return "missing";
  if (theirs.kind === "link" && ours.kind === "link") {
    return mergedPath(theirs.real) === mergedPath(ours.real) ? undefined : "link";
  }
  if (theirs.kind === "file" && ours.kind === "file") {
    if (theirs.digest !== ours.digest) return "content";
  } else if (theirs.kind !== ours.kind) return "kind";
  return "mode" in theirs && "mode" in ours && theirs.mode !== ours.mode ? "mode" : undefined;
}
