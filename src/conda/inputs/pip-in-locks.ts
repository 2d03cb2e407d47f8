/** Of a lock file, for one platform of one environment. */
export interface LockPart {
  readonly subdir: string;
  /** Of a pixi.lock; `default` where none is named. */
  readonly environment: string | undefined;
}

/**
 * Whether pip has something to install of a conda-lock.yml. Only looked through: detection can't
 * wait until megabytes are parsed.
 */
export function condaLockHasPip(text: string, { subdir }: Pick<LockPart, "subdir">): boolean {
  if (!MANAGED_BY_PIP.test(text)) return false;
  return text
    .split(/^[ \t]*- (?=[{"']?\w+["']?:)/m)
    .filter((item) => MANAGED_BY_PIP.test(item))
    .some((item) => {
      const [, platform] = FIELD("platform").exec(item) ?? [];
      const [, category = "main"] = FIELD("category").exec(item) ?? [];
      return platform === subdir && category === "main";
    });
}

const FIELD = (name: string) => new RegExp(`(?:^|[{,\\s])${name}:\\s*["']?([\\w-]+)`);
const MANAGED_BY_PIP = /(?:^|[{,\s])manager:\s*["']?pip\b/;

/** The same of a pixi.lock. */
export function pixiLockHasPip(text: string, { subdir, environment }: LockPart): boolean {
  const packages = environmentsIn(text);
  const [only] = packages.keys();
  const isOnly = environment === undefined && packages.size === 1 && only !== undefined;
  const platforms = packages.get(isOnly ? only : (environment ?? "default"));
  if (platforms === undefined) return false;
  // A platform may have a name of its own.
  return platforms.get(subdir) ?? [...platforms.values()].includes(true);
}

/** By environment and platform, whether there are packages of a Python index. */
function environmentsIn(text: string): ReadonlyMap<string, ReadonlyMap<string, boolean>> {
  const found = new Map<string, Map<string, boolean>>();
  let environment = new Map<string, boolean>();
  let key = "";
  for (const line of text.slice(0, endOfEnvironments(text)).split("\n")) {
    const [, indent = "", name = ""] = /^( +)["']?([^\s"'#-][^"':]*)["']?:\s*$/.exec(line) ?? [];
    if (indent.length === 2) found.set(name, (environment = new Map()));
    else if (indent !== "") environment.set((key = name), false);
    else if (/^\s+- pypi:\s/.test(line)) environment.set(key, true);
  }
  return found;
}

function endOfEnvironments(text: string): number {
  const start = text.search(/^environments:/m);
  const length = text.slice(start + 1).search(/^packages:/m);
  return start === -1 || length === -1 ? text.length : start + 1 + length;
}
