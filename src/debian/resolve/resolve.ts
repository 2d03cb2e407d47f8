import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../cnb/env.ts";
import { capture, CommandError } from "../../kit/command.ts";
import { secretsOf } from "../../kit/credentials.ts";
import type { Log } from "../../kit/log.ts";
import { listed } from "../../kit/text.ts";
import { type Asked, DebianError } from "../complaint.ts";
import { type Paragraph, parseParagraphs } from "../deb822.ts";
import { obtainDebs, type LocalDeb } from "../fetch/obtain-debs.ts";
import { type DebianLock, type DebianPackage, sortPackages } from "../lock.ts";
import type { Requests } from "../requests/requests.ts";
import { parseDependencies, parsePlan, type Plan } from "./apt-output.ts";
import { withoutDisplayDrivers } from "./display-drivers.ts";
import { type InstalledSource, readInstalledPackages, readInstalledSources } from "../run-image.ts";
import {
  complaintOfResolution,
  complaintOfUpdate,
  type Situation,
  versionsInTheWay,
} from "./apt-complaints.ts";
import { type ChosenPackage, findPurposes, isBuildTool } from "./purposes.ts";
import { findNames, type NamedRequest } from "./names.ts";
import { prepareWorkplace, type Workplace } from "./workplace.ts";

export interface ResolveOptions {
  readonly appDir: string;
  /** Emptied first, holds credentials afterwards: to be removed at the end of the build. */
  readonly workDir: string;
  /** What dpkg knows of the run image. */
  readonly statusFile: string;
  /** "amd64", "arm64". */
  readonly arch: string;
  /** Of the lock of an earlier build: versions that are kept where the archive has them. */
  readonly preferences?: DebianLock;
  /** The build image's configuration of apt; for tests. */
  readonly systemDir?: string;
  readonly env: Env;
  readonly log: Log;
}

export interface Resolution {
  readonly packages: DebianLock;
  /** What is asked for and already in the run image, sorted. */
  readonly inRunImage: readonly string[];
  /** What apt would install besides, for a display that a container has not. */
  readonly leftOut: readonly Pick<DebianPackage, "installedSize">[];
  /** Whether any package has its version because an earlier build had it. */
  readonly keepsAny: boolean;
}

/**
 * Lets apt decide which packages the requests need besides those of the run image.
 * Throws a {@link DebianError}.
 */
export async function resolve(requests: Requests, options: ResolveOptions): Promise<Resolution> {
  if (requests.packages.length + requests.debs.length === 0) return NOTHING;
  const { log, statusFile } = options;
  for (const credential of requests.credentials) {
    for (const secret of secretsOf(credential)) log.hide(secret);
  }
  const installed = await readInstalledPackages(statusFile);
  const workplace = await prepareWorkplace({ ...options, requests });
  for (const url of workplace.withoutSnapshot) {
    log.step(
      `Skipping BP_APT_SNAPSHOT for ${url} because only Debian's own archives have snapshots`,
    );
  }
  const situation: Situation = { requests, installed, snapshot: requests.snapshot };
  await update(workplace, situation);

  const debs = await obtainDebs(requests, { ...options, directory: join(workplace.dir, "local") });
  const named = await findNames(requests.packages, {
    workplace,
    log,
    debs,
    snapshot: requests.snapshot,
  });
  const wanted: Wanted = { workplace, named, debs, situation, options };
  const { plan, kept } = await decide(wanted);

  const requested = [...named.map(({ name }) => name), ...debs.map(({ name }) => name)];
  const described = await describe(plan, wanted);
  const chosen = withoutDisplayDrivers(described, requested);
  const whole = named.filter(({ request }) => request.whole === true).map(({ name }) => name);
  const { launch, build, requestOf } = findPurposes(chosen, requested, new Set(whole));
  tellOfBuildTools(named, log);

  const packages = chosen.map(({ locked }) => ({
    ...locked,
    launch: launch.has(locked.name),
    build: build.has(locked.name),
    requested: requested.includes(locked.name),
    request: requestOf.get(locked.name) ?? locked.name,
  }));
  return {
    packages: sortPackages(packages, requested),
    inRunImage: requested.filter((name) => installed.has(name)).sort(),
    leftOut: described
      .map(({ locked }) => locked)
      .filter(({ name }) => !packages.some((one) => one.name === name)),
    keepsAny: keepsAny(plan, kept),
  };
}

const NOTHING: Resolution = {
  packages: [],
  inRunImage: [],
  leftOut: [],
  keepsAny: false,
};

interface Wanted {
  readonly workplace: Workplace;
  readonly named: readonly NamedRequest[];
  readonly debs: readonly LocalDeb[];
  readonly situation: Situation;
  readonly options: ResolveOptions;
}

async function update({ env }: Workplace, situation: Situation): Promise<void> {
  try {
    const { stderr } = await capture("apt-get", ["--quiet", "update"], { env });
    // For apt a misspelt component is worth a warning only.
    if (!/doesn't have the component/.test(stderr)) return;
    throw new DebianError(complaintOfUpdate(stderr, situation));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new DebianError(complaintOfUpdate(error.output, situation), error);
  }
}

interface Decided {
  readonly plan: Plan;
  /** The versions of before that apt was to keep. */
  readonly kept: DebianLock;
}

/**
 * With the versions of before, and those that go with the run image's; where they don't fit
 * together, without those of before that stand in the way, then without any, then without both; and,
 * only to say what is wrong, with leave to change the run image.
 */
async function decide(wanted: Wanted): Promise<Decided> {
  const { workplace, options, situation } = wanted;
  const { preferences = [], log } = options;
  const siblings = (await readInstalledSources(options.statusFile)).map(pinOfSource);
  const simulateWith = async (kept: DebianLock): Promise<Plan | string> => {
    const locked = kept.map(({ name, version }) => pinOf(name, version));
    await pin(workplace, [RUN_IMAGE, ...siblings, ...locked]);
    return simulate(wanted);
  };
  let kept = preferences;
  let result = await simulateWith(kept);
  for (let round = 1; round <= MOST_ROUNDS && typeof result === "string"; round += 1) {
    const inTheWay = versionsInTheWay(result);
    const others = kept.filter(({ name }) => !inTheWay.has(name));
    if (others.length === kept.length) break;
    kept = others;
    result = await simulateWith(kept);
  }
  if (!isPossible(result) && kept.length > 0) {
    kept = [];
    await pin(workplace, [RUN_IMAGE, ...siblings]);
    const other = await simulate(wanted);
    if (isPossible(other)) {
      log.step("Taking the archive's newest versions: those of the previous build no longer fit");
    }
    result = other;
  }
  if (!isPossible(result)) {
    await pin(workplace, [RUN_IMAGE]);
    result = await simulate(wanted);
  }
  if (isPossible(result)) return { plan: result, kept };

  const asked = wanted.named.map(askedOf);
  const culprits = await findCulprits(wanted);
  const suites = await findSuites(workplace);
  await pin(workplace, []);
  const free = typeof result === "string" ? await simulate(wanted) : result;
  const output = typeof result === "string" ? result : "";
  throw new DebianError(
    complaintOfResolution(output, free, situation, { asked, culprits, suites }),
  );
}

/** The archive may have none of them any more. */
function keepsAny({ installed }: Plan, kept: DebianLock): boolean {
  const versions = new Map(kept.map(({ name, version }) => [name, version]));
  return installed.some(({ name, version }) => versions.get(name) === version);
}

/** Newer versions may need each other in turn; apt takes up to a second for each round. */
const MOST_ROUNDS = 8;

/** Whether nothing of the run image would be replaced or removed. */
function isPossible(result: Plan | string): result is Plan {
  return typeof result !== "string" && result.removed.length + result.changed.length === 0;
}

/**
 * The requests without any one of which the others would be possible: apt itself names only one
 * side of a conflict. Empty where there are several conflicts.
 */
async function findCulprits(wanted: Wanted): Promise<readonly Asked[]> {
  const { named } = wanted;
  if (named.length > MOST_SUSPECTS) return [];
  const culprits: Asked[] = [];
  for (const suspect of named) {
    const others = { ...wanted, named: named.filter((one) => one !== suspect) };
    if (isPossible(await simulate(others))) culprits.push(askedOf(suspect));
  }
  return culprits;
}

/** Apt takes up to a second for each. */
const MOST_SUSPECTS = 40;

/** Nothing of the run image is replaced: a rebase would bring it back, in another version. */
const RUN_IMAGE = "Package: *\nPin: release a=now\nPin-Priority: 1001\n";

/**
 * The others of a source go with those that the run image has: the archive may have newer ones by
 * now, which need newer libraries. Rebuilds by Debian have the same source, and a suffix.
 * https://manpages.debian.org/trixie/apt/apt_preferences.5.en.html
 */
function pinOfSource({ source, version }: InstalledSource): string {
  const pins = [version, `${version}+b*`].map(
    (one) => `Package: src:${source}\nPin: version ${one}\nPin-Priority: 900\n`,
  );
  return pins.join("\n");
}

function pinOf(name: string, version: string): string {
  return `Package: ${name}\nPin: version ${version}\nPin-Priority: 995\n`;
}

async function pin({ dir }: Workplace, pins: readonly string[]): Promise<void> {
  await writeFile(join(dir, "etc/preferences.d/10-build.pref"), pins.join("\n"));
}

/** Names of the suites that the sources have, as a request may name them. */
async function findSuites({ env }: Workplace): Promise<readonly string[]> {
  const { stdout } = await capture("apt-cache", ["policy"], { env });
  const found = [...stdout.matchAll(/^ +release .*\bn=([^,\s]+)/gm)].map(([, name = ""]) => name);
  return [...new Set(found)].sort();
}

/** Gives apt's own words where it finds no way. */
async function simulate({ workplace, named, debs }: Wanted): Promise<Plan | string> {
  try {
    // What would change the run image is told, too, and then refused with a reason.
    const { stdout } = await capture(
      "apt-get",
      [
        ...["--quiet", "--assume-yes", "--verbose-versions", "--print-uris"],
        ...["--allow-downgrades", "--allow-change-held-packages", "--allow-remove-essential"],
        ...["install", ...installArguments(named, debs)],
      ],
      { env: workplace.env },
    );
    return parsePlan(stdout);
  } catch (error) {
    if (error instanceof CommandError && error.ended.kind === "exit") return error.output;
    throw error;
  }
}

function installArguments(
  named: readonly NamedRequest[],
  debs: readonly LocalDeb[],
): readonly string[] {
  return [
    ...named.map(({ name, request: { version, suite } }) =>
      version !== undefined
        ? `${name}=${version}`
        : suite !== undefined
          ? `${name}/${suite}`
          : name,
    ),
    ...debs.map(({ file }) => file),
  ];
}

interface Described extends ChosenPackage {
  readonly locked: Omit<DebianPackage, "launch" | "build" | "requested" | "request">;
}

async function describe(
  { installed, urls }: Plan,
  { workplace, debs }: Wanted,
): Promise<readonly Described[]> {
  const ofArchive = installed.filter(({ name }) => !debs.some((deb) => deb.name === name));
  const described = debs
    .filter(({ name }) => installed.some((one) => one.name === name))
    .map(({ fields, url, sha256, size }) => describeRecord(fields, { url, sha256, size }));
  if (ofArchive.length === 0) return described;
  const { stdout } = await capture(
    "apt-cache",
    ["--quiet", "show", ...ofArchive.map(({ name, version }) => `${name}=${version}`)],
    { env: workplace.env },
  );
  const urlOf = (fields: Paragraph) => {
    const path = `/${(fields.get("filename") ?? "").replace(/^\.\//, "")}`;
    return urls.find((url) => decodeURIComponent(url).endsWith(path));
  };
  const records = new Map<string, Described>();
  for (const fields of parseParagraphs(stdout)) {
    const url = urlOf(fields);
    const key = `${fields.get("package")}=${fields.get("version")}`;
    if (url === undefined || records.has(key)) continue;
    const { sha256 = "", size = "0" } = Object.fromEntries(fields);
    records.set(key, describeRecord(fields, { url, sha256, size: Number(size) }));
  }
  return [
    ...described,
    ...ofArchive.map(({ name, version }) => {
      const record = records.get(`${name}=${version}`);
      if (record !== undefined) return record;
      throw new DebianError({
        kind: "unknown",
        output: `apt gave no address and record for ${name} ${version}`,
      });
    }),
  ];
}

function describeRecord(
  fields: Paragraph,
  file: Pick<DebianPackage, "url" | "sha256" | "size">,
): Described {
  const field = (name: string) => fields.get(name) ?? "";
  return {
    name: field("package"),
    section: field("section"),
    depends: parseDependencies(`${field("pre-depends")},${field("depends")}`),
    provides: parseDependencies(field("provides")).flat(),
    locked: {
      name: field("package"),
      version: field("version"),
      arch: field("architecture"),
      installedSize: Number(field("installed-size")) || 0,
      ...file,
    },
  };
}

function askedOf({ name, request }: NamedRequest): Asked {
  return { name, origin: request.origin, text: request.text };
}

function tellOfBuildTools(named: readonly NamedRequest[], log: Log): void {
  const tools = named.map(({ name }) => name).filter(isBuildTool);
  if (tools.length === 0) return;
  const verb = tools.length === 1 ? "is" : "are";
  const compiler = tools.includes("build-essential")
    ? "; name g++ if the app compiles when it runs"
    : "";
  log.step(`${listed(tools)} ${verb} for the build only and not in the image${compiler}`);
}
