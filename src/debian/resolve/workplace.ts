import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Env, readVariable } from "../../cnb/env.ts";
import { toolEnv } from "../../kit/tool-env.ts";
import type { ArchiveSource, Requests } from "../requests/requests.ts";
import { authText } from "./auth-file.ts";
import { atSnapshot } from "./snapshot.ts";

export interface WorkplaceOptions {
  /** Made anew; absolute. Never exported: it holds credentials and the archive's lists. */
  readonly workDir: string;
  /** What dpkg knows of the run image. */
  readonly statusFile: string;
  /** "amd64", "arm64". */
  readonly arch: string;
  readonly requests: Pick<Requests, "sources" | "preferences" | "credentials" | "snapshot">;
  /** The build image's own configuration. */
  readonly systemDir?: string;
  readonly env: Env;
}

/** Directories of apt's own, in which an ordinary user may do everything. */
export interface Workplace {
  readonly dir: string;
  /** Of apt's programs. */
  readonly env: Env;
  /** Archives of the image that have no snapshots. */
  readonly withoutSnapshot: readonly string[];
}

/** Prepares a place where apt resolves for another root than the one that it runs in. */
export async function prepareWorkplace(options: WorkplaceOptions): Promise<Workplace> {
  const { workDir, statusFile, requests, systemDir = "/etc/apt" } = options;
  const { snapshot } = requests;
  await rm(workDir, { recursive: true, force: true });
  for (const directory of DIRECTORIES) await mkdir(join(workDir, directory), { recursive: true });
  await copyFile(statusFile, join(workDir, "status"));

  const withoutSnapshot = await copySystemSources(systemDir, workDir, snapshot);
  for (const [index, source] of requests.sources.entries()) {
    const stanza = await writeSource(source, index, workDir, options.arch);
    const text = snapshot === undefined ? stanza : atSnapshot(stanza, snapshot).text;
    await writeFile(join(workDir, "etc/sources.list.d", `app-${index}.sources`), text);
  }
  // Of several pins for one package, apt takes the first: the app's own go before ours.
  await write(workDir, "etc/preferences.d/00-app.pref", requests.preferences ?? "");
  await write(workDir, "etc/auth.conf.d/app.conf", authText(requests.credentials), 0o600);
  await write(workDir, "apt.conf", configText(workDir, systemDir, options));
  return { dir: workDir, env: aptEnv(options.env, workDir), withoutSnapshot };
}

/** Apt's own programs, with LANG=C.UTF-8: their words are read. */
function aptEnv(env: Env, workDir: string): Env {
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map((name) => {
    // Apt reads the lower-case ones only.
    const lower = name.toLowerCase();
    return [lower, readVariable(env, lower) ?? readVariable(env, name)] as const;
  });
  return toolEnv(env, {
    ...Object.fromEntries(proxies.filter(([, value]) => value !== undefined)),
    APT_CONFIG: join(workDir, "apt.conf"),
    // Credentials and the .debs of addresses are written here.
    TMPDIR: join(workDir, "tmp"),
  });
}

const DIRECTORIES = [
  "state/lists/partial",
  "cache/archives/partial",
  "etc/apt.conf.d",
  "etc/auth.conf.d",
  "etc/preferences.d",
  "etc/sources.list.d",
  "keys",
  "log",
  "local",
  "tmp",
];

/** https://manpages.debian.org/trixie/apt/apt.conf.5.en.html */
function configText(dir: string, systemDir: string, { env, arch }: WorkplaceOptions): string {
  const roots = readVariable(env, "SSL_CERT_FILE");
  return [
    `APT::Architecture "${arch}";`,
    `APT::Architectures "${arch}";`,
    `Dir::State "${dir}/state";`,
    `Dir::State::status "${dir}/status";`,
    `Dir::Cache "${dir}/cache";`,
    `Dir::Etc "${dir}/etc";`,
    `Dir::Etc::trustedparts "${systemDir}/trusted.gpg.d";`,
    `Dir::Log "${dir}/log";`,
    // Locks would need to be root's, and nobody else works here.
    'Debug::NoLocking "true";',
    'APT::Sandbox::User "";',
    'APT::Install-Recommends "false";',
    'APT::Install-Suggests "false";',
    'APT::Get::Show-User-Simulation-Note "false";',
    // An archive that can't be reached is an error, not a reason to go on with others.
    'APT::Update::Error-Mode "any";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'Acquire::http::Timeout "30";',
    'Acquire::https::Timeout "30";',
    ...(roots === undefined ? [] : [`Acquire::https::CAInfo "${roots}";`]),
    "",
  ].join("\n");
}

async function copySystemSources(
  systemDir: string,
  workDir: string,
  snapshot: string | undefined,
): Promise<readonly string[]> {
  const withoutSnapshot: string[] = [];
  const parts = await readdir(join(systemDir, "sources.list.d")).catch(() => []);
  const names = parts.filter((name) => /\.(?:list|sources)$/.test(name)).sort();
  for (const path of ["sources.list", ...names.map((name) => `sources.list.d/${name}`)]) {
    const text = await readFile(join(systemDir, path), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const moved = snapshot === undefined ? { text, others: [] } : atSnapshot(text, snapshot);
    withoutSnapshot.push(...moved.others);
    await write(workDir, `etc/${path}`, moved.text);
  }
  return withoutSnapshot;
}

async function writeSource(
  { uris, suites, components, key, checksValidity }: ArchiveSource,
  index: number,
  workDir: string,
  arch: string,
): Promise<string> {
  const lines = [
    "Types: deb",
    `URIs: ${uris.join(" ")}`,
    `Suites: ${suites.join(" ")}`,
    ...(components.length === 0 ? [] : [`Components: ${components.join(" ")}`]),
    `Architectures: ${arch}`,
    ...(checksValidity ? [] : ["Check-Valid-Until: no"]),
  ];
  if (key !== undefined) {
    const path = join(workDir, "keys", `app-${index}${key.extension}`);
    await writeFile(path, key.content);
    lines.push(`Signed-By: ${path}`);
  }
  return `${lines.join("\n")}\n`;
}

async function write(dir: string, path: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(join(dir, path), text, { mode });
}
