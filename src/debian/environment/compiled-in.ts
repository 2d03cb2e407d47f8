import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { PackageIndex } from "../package-index.ts";
import { isCommon } from "./places.ts";
import { findLibraryPath } from "./library-path.ts";
import { RULES } from "./rules.ts";
import { readTree } from "./tree.ts";

/** A package whose programs look for files at the place of a real system. */
export interface CompiledIn {
  readonly package: string;
  /** Directories, absolute, as they are compiled in. */
  readonly places: readonly string[];
  /** Other packages that may suffer: those with files there, and those of the same source. */
  readonly concerns: readonly string[];
}

/**
 * Names of the tree's own directories in programs and libraries, where no rule's variable tells
 * the program the tree's place: those may not work, and whoever builds should know.
 */
export async function findCompiledIn(
  rootTree: string,
  triplet: string,
  indexes: readonly PackageIndex[],
): Promise<readonly CompiledIn[]> {
  const tree = await readTree(rootTree, triplet);
  const matched = RULES.flatMap((rule) => rule.exists.flatMap((path) => tree.match(path)));
  const told = [...matched, ...(await findLibraryPath(tree))]
    .map((path) => (tree.isDirectory(path) ? path : dirname(path)))
    .filter((path) => !isCommon(path))
    .concat(HARMLESS.flatMap((path) => tree.match(path)));
  const found: CompiledIn[] = [];
  for (const index of [...indexes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const places = new Set<string>();
    for (const entry of index.entries) {
      if (entry.kind !== "file" || !OBJECT.test(entry.path)) continue;
      for (const name of await namesIn(tree.at(entry.path))) {
        if (!tree.has(name)) continue;
        const path = tree.isDirectory(name) ? name : dirname(name);
        if (!isCommon(path) && !isTold(path, told)) places.add(`/${path}`);
      }
    }
    if (places.size === 0) continue;
    found.push({
      ...{ package: index.name, places: [...places].sort() },
      concerns: indexes
        .filter((other) => other !== index)
        .filter((other) => other.source === index.source || hasFilesIn(other, places))
        .map(({ name }) => name)
        .sort(),
    });
  }
  return found;
}

function hasFilesIn({ entries }: PackageIndex, places: ReadonlySet<string>): boolean {
  return [...places].some((place) =>
    entries.some(({ kind, path }) => kind !== "directory" && `/${path}`.startsWith(`${place}/`)),
  );
}

/** Places of a real system that a program or library names; none of another file. */
export async function namesIn(path: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const content = await readFile(path).catch(() => Buffer.alloc(0));
  if (content.toString("latin1", 0, 4) !== "\u007fELF") return names;
  for (let at = content.indexOf(PREFIX); at !== -1; at = content.indexOf(PREFIX, at + 1)) {
    const [place] = PLACE.exec(content.toString("latin1", at, at + LONGEST)) ?? [];
    if (place !== undefined) names.add(place.replaceAll(/^\/|\/+$/g, ""));
  }
  return names;
}

/** A rule speaks for the directories above and below the one that it names. */
function isTold(path: string, told: readonly string[]): boolean {
  return told.some(
    (known) => known === path || known.startsWith(`${path}/`) || path.startsWith(`${known}/`),
  );
}

/**
 * What a program names and does without, or finds by other means: comments in messages, settings of
 * the kernel, fonts (by fontconfig), drivers of ODBC (by their list), PostgreSQL and GnuPG (by their own place).
 */
const HARMLESS = [
  "usr/lib/<triplet>/caca",
  "usr/lib/<triplet>/glib-2.0",
  "usr/lib/<triplet>/odbc",
  "usr/lib/postgresql",
  "usr/lib/X11",
  "usr/lib/debug",
  "usr/lib/gcc",
  "usr/lib/gnupg",
  "usr/lib/depmod.d",
  "usr/lib/sysctl.d",
  "usr/share/fontconfig/conf.avail",
  "usr/share/fonts",
  "usr/share/gnupg",
  "usr/share/gst-plugins-base",
  "usr/share/libdrm",
  "usr/share/libmysofa",
  "usr/share/postgresql",
  "usr/share/texmf",
  "usr/share/xml/iso-codes",
];
const OBJECT = /^usr\/(s?bin|games|libexec)\/|^usr\/lib\/.*(\.so(\.[^/]+)*$|\/[^./]+$)/;
const PREFIX = "/usr/";
const PLACE = /^\/usr\/(?:share|lib|libexec)\/[A-Za-z0-9._+-]+(?:\/[A-Za-z0-9._+-]+)*\/?/;
/** In bytes, of a name. */
const LONGEST = 256;
