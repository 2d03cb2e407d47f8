import { isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Distribution, type Lock, normalizeName, sortLock } from "../lock.ts";
import { fileNameOf, type PylockFile, type PylockPackage } from "./pylock.ts";
import { parseWheelFile, rankWheel, type WheelTarget } from "./wheel-file.ts";

/** URLs of the packages are without credentials, see `withoutCredentials`. */
export interface NarrowOptions {
  readonly target: WheelTarget;
  readonly appDir: string;
  /** What paths in the lock are relative to. */
  readonly lockDir: string;
  /** Whether a package may be installed from a wheel, and from source. */
  readonly allows: (name: string) => { readonly wheel: boolean; readonly sdist: boolean };
  /** Hashes that the user demands ("sha256:…"); none where nothing is demanded. */
  readonly hashesFor: (name: string) => readonly string[];
  /** The index of a package, where it is not the default one. */
  readonly indexOf: (name: string) => string | undefined;
  /** Whether a file is taken from its address, since no index is known to have it. */
  readonly isOffIndex?: (file: PylockFile) => boolean;
}

/** Why a package cannot be installed from what the lock lists. */
export interface Unfit {
  readonly name: string;
  readonly version: string | undefined;
  readonly reason:
    | { readonly kind: "no-file"; readonly wheels: readonly string[]; readonly sdist: boolean }
    | {
        readonly kind: "hashes";
        readonly demanded: readonly string[];
        readonly found: readonly string[];
      }
    | { readonly kind: "no-sha256"; readonly file: string }
    | { readonly kind: "outside"; readonly path: string }
    | { readonly kind: "vcs"; readonly type: string };
}

export interface Narrowed {
  readonly lock: Lock;
  /** The same as PEP 751 writes it: with the addresses of the files, paths relative to the app. */
  readonly packages: readonly PylockPackage[];
  readonly unfit: readonly Unfit[];
}

/** Of each package the one file that this platform installs. */
export function narrowLock(packages: readonly PylockPackage[], options: NarrowOptions): Narrowed {
  const results = packages.map((item) => narrowPackage(item, options));
  const fit = results.filter((result) => "distribution" in result);
  return {
    lock: sortLock(fit.map(({ distribution }) => distribution)),
    packages: fit
      .map(({ distribution, file }) => packageOf(distribution, file))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    unfit: results.filter((result) => "reason" in result),
  };
}

interface Fit {
  readonly distribution: Distribution;
  /** Absent where the distribution says where it is. */
  readonly file?: PylockFile;
}

function packageOf(distribution: Distribution, file: PylockFile | undefined): PylockPackage {
  const { name, version } = distribution;
  const common = { name, ...(version === undefined ? {} : { version }) };
  switch (distribution.from) {
    case "wheel":
    case "sdist": {
      const { sha256, index } = distribution;
      const size = file?.size;
      const sized = size === undefined ? {} : { size };
      const plain = { ...addressOf(file), ...sized, hashes: { sha256 } };
      return {
        ...common,
        ...(index === undefined ? {} : { index }),
        ...(distribution.from === "wheel" ? { wheels: [plain] } : { sdist: plain }),
      };
    }
    case "url": {
      const { url, sha256, subdirectory } = distribution;
      const place = url.startsWith("./") ? { path: url.slice(2) } : { url };
      return { ...common, archive: { ...place, hashes: { sha256 }, ...sub(subdirectory) } };
    }
    case "git": {
      const { url, commit, subdirectory } = distribution;
      return { ...common, vcs: { type: "git", url, "commit-id": commit, ...sub(subdirectory) } };
    }
    case "directory":
      return { ...common, directory: { path: distribution.path } };
  }
}

function sub(subdirectory: string | undefined): { subdirectory?: string } {
  return subdirectory === undefined ? {} : { subdirectory };
}

/** A file of a local directory of wheels is named without where the build had it. */
function addressOf(file: PylockFile | undefined): { url?: string; path?: string } {
  if (file === undefined) return {};
  const { url, path } = file;
  if (url !== undefined && !url.startsWith("file:")) return { url };
  return { path: path ?? fileNameOf(file) };
}

function narrowPackage(item: PylockPackage, options: NarrowOptions): Fit | Unfit {
  const name = normalizeName(item.name);
  const version = item.version;
  const versioned = version === undefined ? {} : { version };
  const unfit = (reason: Unfit["reason"]): Unfit => ({ name, version, reason });

  if (item.directory !== undefined) {
    const { path: directory, subdirectory = "" } = item.directory;
    const path = pathInApp(join(directory, subdirectory), options);
    if (path === undefined) return unfit({ kind: "outside", path: item.directory.path });
    return { distribution: { from: "directory", name, ...versioned, path, sha256: "" } };
  }
  if (item.vcs !== undefined) {
    if (item.vcs.type !== "git" || item.vcs.url === undefined)
      return unfit({ kind: "vcs", type: item.vcs.type });
    const { url, "commit-id": commit, subdirectory } = item.vcs;
    return { distribution: { from: "git", name, ...versioned, url, commit, ...sub(subdirectory) } };
  }
  if (item.archive !== undefined) return narrowArchive(name, item, options);
  return narrowFiles(name, item, options);
}

function narrowArchive(name: string, item: PylockPackage, options: NarrowOptions): Fit | Unfit {
  const { url, path, hashes, subdirectory } = item.archive ?? { hashes: {} };
  const unfit = (reason: Unfit["reason"]): Unfit => ({ name, version: item.version, reason });
  const sha256 = hashes["sha256"];
  if (sha256 === undefined) return unfit({ kind: "no-sha256", file: url ?? path ?? name });
  const demanded = options.hashesFor(name);
  if (!fits(hashes, demanded))
    return unfit({ kind: "hashes", demanded, found: [`sha256:${sha256}`] });
  const local = localPath(url, path);
  const inApp = local === undefined ? undefined : pathInApp(local, options);
  if (local !== undefined && inApp === undefined) return unfit({ kind: "outside", path: local });
  const distribution: Distribution = {
    from: "url",
    name,
    ...(item.version === undefined ? {} : { version: item.version }),
    url: inApp === undefined ? (url ?? "") : `./${inApp}`,
    sha256,
    ...sub(subdirectory),
  };
  return { distribution };
}

function narrowFiles(name: string, item: PylockPackage, options: NarrowOptions): Fit | Unfit {
  const version = item.version ?? "";
  const allowed = options.allows(name);
  const demanded = options.hashesFor(name);
  const wheels = allowed.wheel ? rankedWheels(item.wheels ?? [], options.target) : [];
  const sdist = allowed.sdist ? item.sdist : undefined;
  const candidates = [...wheels, ...(sdist === undefined ? [] : [sdist])];
  const chosen = candidates.find(({ hashes }) => fits(hashes, demanded));
  if (chosen === undefined) {
    const all = [...(item.wheels ?? []), ...(item.sdist === undefined ? [] : [item.sdist])];
    const found = all.flatMap(({ hashes }) => hashTexts(hashes));
    return {
      name,
      version,
      reason:
        candidates.length > 0
          ? { kind: "hashes", demanded, found }
          : {
              kind: "no-file",
              wheels: (item.wheels ?? []).map(fileNameOf),
              sdist: item.sdist !== undefined,
            },
    };
  }
  const sha256 = chosen.hashes["sha256"];
  if (sha256 === undefined)
    return { name, version, reason: { kind: "no-sha256", file: fileNameOf(chosen) } };
  const index = item.index ?? options.indexOf(name);
  if (index === undefined && options.isOffIndex?.(chosen) === true) {
    const archive = { ...chosen, hashes: { sha256 } };
    return narrowArchive(name, { name, version, archive }, options);
  }
  const from = chosen === sdist ? ("sdist" as const) : ("wheel" as const);
  const distribution: Distribution = {
    from,
    name,
    version,
    sha256,
    ...(index === undefined ? {} : { index }),
  };
  return { distribution, file: chosen };
}

/** Best first: the best tag, then the highest build number. */
function rankedWheels(wheels: readonly PylockFile[], target: WheelTarget): readonly PylockFile[] {
  return wheels
    .flatMap((file) => {
      const wheel = parseWheelFile(fileNameOf(file));
      const rank = wheel === undefined ? undefined : rankWheel(wheel, target);
      return wheel === undefined || rank === undefined ? [] : [{ file, rank, build: wheel.build }];
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        b.build[0] - a.build[0] ||
        (a.build[1] < b.build[1] ? 1 : a.build[1] > b.build[1] ? -1 : 0) ||
        (fileNameOf(a.file) < fileNameOf(b.file) ? -1 : 1),
    )
    .map(({ file }) => file);
}

function fits(hashes: Readonly<Record<string, string>>, demanded: readonly string[]): boolean {
  return demanded.length === 0 || hashTexts(hashes).some((hash) => demanded.includes(hash));
}

function hashTexts(hashes: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(hashes).map(
    ([algorithm, digest]) => `${algorithm}:${digest.toLowerCase()}`,
  );
}

function localPath(url: string | undefined, path: string | undefined): string | undefined {
  if (path !== undefined) return path;
  return url?.startsWith("file:") === true ? fileURLToPath(url) : undefined;
}

function pathInApp(path: string, { appDir, lockDir }: NarrowOptions): string | undefined {
  const plain = path.startsWith("file:") ? fileURLToPath(path) : path;
  const inside = relative(appDir, resolve(lockDir, plain));
  if (inside === ".." || inside.startsWith("../") || isAbsolute(inside)) return undefined;
  return inside === "" ? "." : inside;
}
