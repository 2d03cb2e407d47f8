import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { exists } from "../../cnb/files.ts";
import { readLicenses } from "../../python/sbom/licenses.ts";
import { type CondaLock, type CondaPackage, urlOf } from "../lock.ts";
import { readJson } from "./read-prefix.ts";
import { pathsOf, type PrefixRecord, withPaths } from "./record.ts";

/**
 * Makes the records of packages that the engine has just installed whole: it was told names and
 * digests alone, so that what a package says of itself is taken from its own `info`. A channel's
 * index may say otherwise tomorrow, and equal locks must give equal bytes; conda falls back on
 * `info/index.json`, too.
 * https://github.com/conda/ceps/blob/main/cep-0034.md#infoindexjson
 *
 * `directories` holds, by name, where the cache has each package. Records of other packages, which
 * were complete when they were kept, stay.
 */
export async function completeRecords(
  records: readonly PrefixRecord[],
  lock: CondaLock,
  directories: Readonly<Record<string, string>>,
): Promise<readonly PrefixRecord[]> {
  const locked = new Map(lock.map((one) => [one.name, one]));
  return Promise.all(
    records.map(async (record) => {
      const item = locked.get(record.name);
      const directory = directories[record.name];
      if (item === undefined || directory === undefined) return record;
      return completeRecord(record, item, await readInfo(directory));
    }),
  );
}

/** What a package says of itself. */
interface PackageInfo {
  readonly index: z.infer<typeof indexSchema>;
  readonly license: string | undefined;
}

/**
 * Nothing of the engine's record is kept but the paths: it has places in the cache
 * (`extracted_package_dir`, `link.source`), which are gone in the image, and credentials may stand
 * in its URLs. What was requested is left out as well, since one lock may follow from many requests.
 */
function completeRecord(
  record: PrefixRecord,
  item: CondaPackage,
  { index, license }: PackageInfo,
): PrefixRecord {
  const known = Object.entries(index).filter(([key]) => KEPT.has(key));
  const complete: PrefixRecord = {
    // Readers expect these also of packages that were made before there were such keys.
    build_number: 0,
    constrains: [],
    depends: [],
    ...Object.fromEntries(known),
    ...(license === undefined ? {} : { license }),
    name: item.name,
    version: item.version,
    build: item.build,
    subdir: item.subdir,
    fn: item.file,
    channel: item.channel,
    url: urlOf(item),
    ...item.digest,
    paths_data: record.paths_data,
  };
  return withPaths(complete, pathsOf(record));
}

const indexSchema = z.looseObject({ name: z.string(), license: z.optional(z.unknown()) });

/** Keys of `info/index.json`; others say how a package was built. */
const KEPT: ReadonlySet<string> = new Set([
  "arch",
  "build_number",
  "constrains",
  "depends",
  "features",
  "license_family",
  "noarch",
  "platform",
  "python_site_packages_path",
  "timestamp",
  "track_features",
]);

async function readInfo(directory: string): Promise<PackageInfo> {
  const info = join(directory, "info");
  const index = await readJson(join(info, "index.json"), indexSchema);
  return { index, license: await readLicense(info, index.license) };
}

const aboutSchema = z.looseObject({ license: z.optional(z.unknown()) });

/** What the package calls its licence, or else the title of the only text that it brings. */
async function readLicense(info: string, ofIndex: unknown): Promise<string | undefined> {
  if (isName(ofIndex)) return ofIndex;
  const about = join(info, "about.json");
  const ofAbout = (await exists(about)) ? (await readJson(about, aboutSchema)).license : undefined;
  if (isName(ofAbout)) return ofAbout;
  const texts = await readdir(join(info, "licenses"), { withFileTypes: true }).catch(() => []);
  const [text, ...more] = texts.filter((entry) => entry.isFile());
  if (text === undefined || more.length > 0) return undefined;
  const title = (await readFile(join(info, "licenses", text.name), "utf8")).trim().split("\n")[0];
  const [license] = readLicenses(new Map([["license", [title ?? ""]]]));
  return license?.kind === "id" ? license.id : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
