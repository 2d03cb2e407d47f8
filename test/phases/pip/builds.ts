import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundleBuildpack } from "../../../scripts/lib/bundle.ts";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { writeFiles } from "../../support/phase.ts";
import { makeWheel } from "../../support/wheels.ts";
import indexServer from "./index-server.py";

let engine: Engine;
let image: string;
let buildpack: string;

/** Before the first build: the image that they run in, and the buildpack. */
export async function prepareBuilds(name: string): Promise<void> {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
  buildpack = name;
  await bundleBuildpack(ROOT, name);
}

const INDEX = { PIP_INDEX_URL: "http://127.0.0.1:8000/index" };

/** One build after another of an app whose files and index change in between. */
export interface Build {
  readonly files: Readonly<Record<string, string>>;
  /** "alpha 1.0 beta>=2": what the index has, besides what it had before, and what that depends on. */
  readonly published?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A repository that the server has below `repos`, and how many commits are added first. */
  readonly repository?: string;
  readonly commits?: number;
  /** The size of the layers directory, as mount takes it; as much as the disk has, if absent. */
  readonly space?: string;
}

export interface Outcome {
  readonly log: string;
  /** "alpha 1.0 wheel" each. */
  readonly locked: readonly string[];
  readonly layers: string;
}

export async function build(builds: readonly Build[]): Promise<readonly Outcome[]> {
  const root = await makeTemporaryFolder();
  const serverRoot = join(root, "server");
  await mkdir(serverRoot);
  await writeFile(join(root, "server.py"), indexServer);
  const outcomes: Outcome[] = [];
  for (const [number, one] of builds.entries()) {
    const { files, published = [], repository, commits = 0 } = one;
    await publish(serverRoot, published);
    if (repository !== undefined) await serve(repository, commits, serverRoot);
    const app = join(root, `app-${number}`);
    await mkdir(app);
    await writeFiles(app, { "tools/setup.py": "", ...files });
    const layers = join(root, `layers-${number}`);
    await mkdir(layers);
    if (number > 0) await restore(join(root, `layers-${number - 1}`), layers);
    await openTo(root);
    outcomes.push({ ...(await runBuild(root, app, layers, one)), layers });
  }
  return outcomes;
}

/** The lock that uv makes of a project whose packages are those of the index. */
export async function lockWithUv(
  files: Readonly<Record<string, string>>,
  published: readonly string[],
): Promise<string> {
  const root = await makeTemporaryFolder();
  const serverRoot = join(root, "server");
  const app = join(root, "app");
  for (const folder of [serverRoot, app]) await mkdir(folder);
  await writeFile(join(root, "server.py"), indexServer);
  await publish(serverRoot, published);
  await writeFiles(app, files);
  await openTo(root);
  const script = `root="$1"\n${SERVE}\nuv lock --quiet --default-index ${INDEX.PIP_INDEX_URL} >&2\ncat uv.lock`;
  return readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=none", "--volume", `${root}:${root}`, `--workdir=${app}`],
      ...[image, "sh", "-ec", script.replace(' "$@"', ""), "sh", root],
    ],
    { env: engine.env },
  );
}

/** As the lifecycle gives a launch-only layer back: its metadata alone. */
async function restore(from: string, to: string): Promise<void> {
  const document = await readFile(join(from, "lock.toml"), "utf8");
  await writeFile(join(to, "lock.toml"), document.replace(/^\[types\][^[]*/, ""));
}

export async function makeRepository(): Promise<string> {
  const path = await makeTemporaryFolder();
  await writeFiles(path, {
    "pyproject.toml":
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = "tool"\nversion = "1.0"\n',
  });
  await git(path, "init", "--quiet", "--initial-branch=main");
  await git(path, "add", ".");
  await git(path, "commit", "--quiet", "--message=first");
  return path;
}

/** As plain files, which git fetches over HTTP, too. */
async function serve(repository: string, commits: number, server: string): Promise<void> {
  for (let count = 0; count < commits; count += 1) {
    await git(repository, "commit", "--quiet", "--allow-empty", "--message=more");
  }
  const bare = join(server, "repos", "tool.git");
  await rm(bare, { recursive: true, force: true });
  await git(repository, "clone", "--quiet", "--bare", ".", bare);
  await git(bare, "update-server-info");
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  await promisify(execFile)("git", [...identity, ...args], { cwd });
}

/** "name version requirement…" goes to the index, "place/name version" to another one. */
async function publish(server: string, wheels: readonly string[]): Promise<void> {
  for (const wheel of wheels) {
    const [target = "", version = "", ...requires] = wheel.split(" ");
    const name = target.slice(target.lastIndexOf("/") + 1);
    const place = target === name ? "index" : target.slice(0, -name.length - 1);
    const folder = join(server, place, name);
    await mkdir(folder, { recursive: true });
    const module = `${name.replaceAll("-", "_")}.py`;
    const { from, ...made } = await makeWheel(folder, {
      ...{ name, version, requires },
      files: { [module]: "" },
    });
    const page = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
    const file = (await readdir(folder)).find((entry) => entry.includes(`-${version}-`)) ?? "";
    const sha256 = from === "wheel" && "sha256" in made ? made.sha256 : "";
    await writeFile(
      join(folder, "index.html"),
      `${page}<a href="${file}#sha256=${sha256}">${file}</a>\n`,
    );
  }
}

async function runBuild(
  root: string,
  app: string,
  layers: string,
  { env = {}, space }: Build,
): Promise<Omit<Outcome, "layers">> {
  const variables = Object.entries({ ...INDEX, ...BUILD_ENV, ...env });
  const log = await readAll(
    engine.cli,
    [
      ...["run", "--rm", "--network=none", "--volume", `${root}:${root}`],
      // The app's directory may be one that nobody writes to.
      ...["--volume", `${app}:/workspace:ro`],
      ...(space === undefined
        ? ["--volume", `${layers}:/layers`]
        : [`--tmpfs=/layers:mode=777,size=${space}`]),
      ...[
        "--volume",
        `${join(ROOT, "buildpacks", buildpack)}:/buildpack:ro`,
        "--workdir=/workspace",
      ],
      ...variables.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...[image, "sh", "-c", RUN, "sh", root],
    ],
    { env: engine.env },
  );
  return { log: stable(log), locked: await readLocked(layers) };
}

const BUILD_ENV = {
  // 2026-11-22, the day that locks are of.
  SOURCE_DATE_EPOCH: "1795305600",
  CNB_LAYERS_DIR: "/layers",
  CNB_PLATFORM_DIR: "/platform",
  CNB_BUILDPACK_DIR: "/buildpack",
  CNB_BP_PLAN_PATH: "/dev/null",
  CNB_TARGET_DISTRO_NAME: "debian",
  CNB_TARGET_DISTRO_VERSION: "13",
  ML_BUILDPACKS_PYTHON: "/usr/bin/python3",
  ML_BUILDPACKS_PYTHON_VERSION: "3.13.5",
};

const SERVE = `python3 "$root/server.py" "$root/server" "$@" &
until curl --silent --output /dev/null http://127.0.0.1:8000/; do sleep 0.05; done`;

const RUN = `root="$1"
shift
if [ -n "\${SSL_CERT_FILE:-}" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \\
    -out "$SSL_CERT_FILE" -keyout /tmp/key.pem 2>/dev/null
  set -- "$SSL_CERT_FILE" /tmp/key.pem
fi
${SERVE}
umask 000
/buildpack/bin/build 2>&1 || true
# Of another user than the tests' own.
find /layers -user "$(id -u)" -not -name .netrc -exec chmod a+rwX {} +
ls -l /layers/credentials/.netrc 2>/dev/null | grep -v '^-rw-------' || true
chmod a+r /layers/credentials/.netrc 2>/dev/null || true
`;

async function readLocked(layers: string): Promise<readonly string[]> {
  const text = await readFile(join(layers, "handover", "lock.json"), "utf8").catch(() => "");
  if (text === "") return [];
  const { distributions } = JSON.parse(text) as {
    distributions: readonly { name: string; version?: string; from: string; index?: string }[];
  };
  return distributions.map(({ name, version, from, index }) =>
    [name, version, from, ...(index === undefined ? [] : [index])]
      .join(" ")
      .replace("  ", " undefined "),
  );
}

/** Files whose text fits, relative to the folder; uv's cache of the index's answers among them. */
export async function filesWith(root: string, pattern: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (pattern.test(await readFile(path, "latin1"))) found.push(path.slice(root.length + 1));
  }
  return found.sort();
}

async function openTo(root: string): Promise<void> {
  await chmod(root, 0o777);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  }
}

/** Durations ("(0.3 s)") and digests (64 digits) differ from build to build. */
export function stable(text: string): string {
  return text
    .replaceAll(/\(\d+\.\d s\)/g, "(<time>)")
    .replaceAll(/[0-9a-f]{64}/g, "<sha256>")
    .trim();
}
