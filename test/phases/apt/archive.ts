import { build, type BuildOptions } from "esbuild";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readAll } from "../../../scripts/lib/command.ts";
import { type Engine, findEngine } from "../../../scripts/lib/engine.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { SOURCE_MODULES } from "../../../scripts/lib/source-modules.ts";
import { prepareStack } from "../../../scripts/lib/stack.ts";
import { formatToml, parseToml, type TomlTable } from "../../../src/cnb/toml.ts";
import type { DebianPackage } from "../../../src/debian/lock.ts";
import { RUN_IMAGE_STATUS } from "../../../src/debian/run-image.ts";
import {
  type ArchiveOptions,
  buildScript,
  indexArchive,
  type MadePackage,
  writePackageTrees,
} from "../../support/debian-archive.ts";
import { makeSigningKey, type SigningKey } from "../../support/openpgp.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** An archive of packages that a test serves, and the machine that resolves against it. */
export interface Scene {
  readonly root: string;
  readonly key: SigningKey;
  readonly arch: string;
}

export interface Run {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly lock?: readonly DebianPackage[];
  /** In place of the archive's own source. */
  readonly sources?: string;
  /** What the run image has; "name version" each. */
  readonly installed?: readonly string[];
  readonly fetch?: boolean;
  /** A line of sh before the build. */
  readonly before?: string;
}

export interface Outcome {
  readonly log: string;
  readonly packages: readonly DebianPackage[];
  readonly inRunImage: readonly string[];
  readonly keepsAny: boolean;
}

let engine: Engine;
let image: string;

export async function prepareImage(): Promise<void> {
  engine = await findEngine();
  image = (await prepareStack(engine, "cpu")).build;
}

/** Makes packages and an archive of them, signed with a key of its own. */
export async function makeScene(
  packages: readonly MadePackage[],
  options: Partial<ArchiveOptions> = {},
): Promise<Scene> {
  const root = await temporaryDirectory();
  await writePackageTrees(join(root, "trees"), packages);
  await mkdir(join(root, "archive/pool"), { recursive: true });
  await openTo(root);
  const script = [
    buildScript("/scene/trees", "/scene/archive/pool"),
    'cd /scene/archive/pool && for deb in *.deb; do dpkg-deb --field "$deb" > "$deb.control"; done',
    "dpkg --print-architecture",
  ].join(" && ");
  const arch = (
    await readAll(
      engine.cli,
      ["run", "--rm", "--network=none", `--volume=${root}:/scene`, image, "sh", "-c", script],
      { env: engine.env },
    )
  ).trim();
  const scene = { root, arch, key: makeSigningKey("Test archive <test@example.com>") };
  await publish(scene, options);
  return scene;
}

export async function publish(
  { root, arch, key }: Scene,
  options: Partial<ArchiveOptions> = {},
): Promise<void> {
  await indexArchive(join(root, "archive"), arch, { key, ...options });
  await openTo(join(root, "archive"));
}

/** Leaves only these packages in the archive. */
export async function offer(scene: Scene, ...packages: readonly string[]): Promise<void> {
  const [pool, aside] = [join(scene.root, "archive/pool"), join(scene.root, "aside")];
  await mkdir(aside, { recursive: true });
  for (const directory of [pool, aside]) {
    for (const name of await readdir(directory)) {
      const isOffered = packages.some((one) => name.startsWith(`${one}_`));
      await rename(join(directory, name), join(isOffered ? pool : aside, name));
    }
  }
  await publish(scene);
}

export const ARCHIVE = "http://127.0.0.1:8000/archive";

/** Runs the code in the build image, with the archive and no other network. */
export async function runIn(scene: Scene, run: Run): Promise<Outcome> {
  const { env = {}, lock = [] } = run;
  const output = await runBuildpack(scene, DRIVER, {
    ...run,
    env: {
      CNB_LAYERS_DIR: "/tmp",
      SYSTEM_DIR: "/scene/system",
      STATUS_FILE: "/scene/status",
      LOCK: JSON.stringify(lock),
      ...(run.fetch ? { FETCH: "1" } : {}),
      ...env,
    },
  });
  const [, told] = /^RESULT (.*)$/m.exec(output) ?? [];
  const nothing = { packages: [], inRunImage: [], keepsAny: false };
  return {
    log: withoutDigests(output.replace(/^RESULT .*\n?/m, ""), scene),
    ...nothing,
    ...(told === undefined ? {} : (JSON.parse(told) as object)),
  };
}

/** Runs the buildpack itself; what an earlier build left in `layers` is restored as a platform does. */
export async function buildIn(
  scene: Scene,
  layers: string,
  run: Pick<Run, "files" | "env" | "sources" | "installed">,
): Promise<string> {
  const { root } = scene;
  await restoreLayers(layers);
  await openTo(layers);
  await mkdir(join(root, "no-sources"), { recursive: true });
  const output = await runBuildpack(scene, BUILDPACK, {
    ...run,
    env: {
      CNB_LAYERS_DIR: "/layers/test_apt",
      CNB_TARGET_ARCH: scene.arch,
      // 2026-11-22, the day that locks are of.
      SOURCE_DATE_EPOCH: "1795305600",
      ...run.env,
    },
    volumes: [
      `${layers}:/layers/test_apt`,
      `${root}/status:${RUN_IMAGE_STATUS}:ro`,
      `${root}/system/sources.list:/etc/apt/sources.list:ro`,
      `${root}/no-sources:/etc/apt/sources.list.d:ro`,
      `${root}/system/trusted.gpg.d:/etc/apt/trusted.gpg.d:ro`,
    ],
  });
  return withoutDigests(output, scene)
    .replaceAll(/\(\d+\.\d s\)/g, "(<time>)")
    .replaceAll(/\([\d.]+ k?B\)/g, "(<size>)");
}

/** What the lifecycle gives back: contents of cached layers only, metadata of launch layers. */
async function restoreLayers(layers: string): Promise<void> {
  for (const file of (await readdir(layers)).filter((name) => name.endsWith(".toml"))) {
    const path = join(layers, file);
    const { types, metadata = {} } = parseToml(await readFile(path, "utf8")) as {
      readonly types?: { readonly [type: string]: boolean };
      readonly metadata?: TomlTable;
    };
    if (types?.["cache"] !== true) {
      await rm(join(layers, file.replace(/\.toml$/, "")), { recursive: true, force: true });
    }
    if (types?.["cache"] === true || types?.["launch"] === true) {
      await writeFile(path, formatToml({ metadata }));
    } else await rm(path);
  }
}

/** Gives all that it prints. */
async function runBuildpack(
  { root, key }: Scene,
  entry: BuildOptions,
  run: Pick<Run, "files" | "env" | "sources" | "installed" | "before"> & {
    readonly volumes?: readonly string[];
  },
): Promise<string> {
  const { files = {}, env = {}, installed = ["base-files 13.8"], before, volumes = [] } = run;
  const app = await temporaryDirectory();
  await writeFiles(app, files);
  await openTo(app);
  await writeFiles(root, {
    "system/sources.list": run.sources ?? `deb ${ARCHIVE} trixie main\n`,
    "system/trusted.gpg.d/test.asc": key.publicKey,
    status: statusText(installed),
    "server.py": SERVER,
  });
  await bundle(entry, join(root, "buildpack"));
  await openTo(root);
  const variables = {
    CNB_PLATFORM_DIR: "/tmp",
    CNB_BUILDPACK_DIR: "/scene/buildpack",
    CNB_BP_PLAN_PATH: "/dev/null",
    ...env,
  };
  const script = [
    "cd /scene && python3 /scene/server.py &",
    "until curl --silent --output /dev/null http://127.0.0.1:8000/; do sleep 0.05; done",
    before ?? "",
    "umask 000; cd /app && node /scene/buildpack/build.cjs 2>&1 || true",
  ].join("\n");
  return await readAll(
    engine.cli,
    ["run", "--rm", "--network=none"]
      .concat(`--volume=${root}:/scene:ro`, `--volume=${app}:/app:ro`)
      .concat(volumes.map((volume) => `--volume=${volume}`))
      .concat(Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`))
      .concat(image, "sh", "-c", script),
    { env: engine.env },
  );
}

function withoutDigests(output: string, { key }: Scene): string {
  return output
    .replaceAll(/[0-9a-f]{64}/g, "<sha256>")
    .replaceAll(key.fingerprint, "<fingerprint>")
    .trim();
}

/** "alpha 1.0" each; "alpha 1.0 build" for what does not reach the image. */
export function summaries(packages: readonly DebianPackage[]): readonly string[] {
  return packages.map(({ name, version, launch }) => `${name} ${version}${launch ? "" : " build"}`);
}

function statusText(installed: readonly string[]): string {
  return installed
    .map((item) => {
      const [name, version, source = name] = item.split(" ");
      return `Package: ${name}\nSource: ${source}\nStatus: install ok installed\nMaintainer: Test\nArchitecture: all\nVersion: ${version}\nDescription: test\n`;
    })
    .join("\n");
}

/** Resolves, or fetches a lock. */
const DRIVER: BuildOptions = { entryPoints: [join(import.meta.dirname, "../apt-buildpack.ts")] };

const BUILDPACK: BuildOptions = {
  stdin: {
    contents:
      'import { main } from "./src/kit/buildpack.ts"; import definition from "./src/buildpacks/apt/index.ts"; void main(definition);',
    resolveDir: ROOT,
    loader: "ts",
  },
};

async function bundle(entry: BuildOptions, directory: string): Promise<void> {
  await build({
    ...entry,
    outfile: join(directory, "build.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    ...SOURCE_MODULES,
    logLevel: "warning",
  });
  const buildpack = {
    ...{ id: "test/apt", version: "1.2.3" },
    "sbom-formats": ["application/vnd.cyclonedx+json"],
  };
  await writeFile(join(directory, "buildpack.toml"), formatToml({ api: "0.10", buildpack }));
}

async function openTo(root: string): Promise<void> {
  await chmod(root, 0o777);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isDirectory() ? 0o777 : 0o666).catch(() => undefined);
  }
}

/**
 * Serves /scene; below /private to a user with a password only; /down answers with 503, and
 * /flaky the first three times.
 */
const SERVER = `
import base64, collections, http.server, os
seen = collections.Counter()
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/flaky/"):
            seen[self.path] += 1
            if seen[self.path] <= 3:
                self.send_error(503)
                return
            self.path = self.path[len("/flaky"):]
        if self.path.startswith("/down/"):
            self.send_error(503)
            return
        if self.path.startswith("/private/"):
            given = self.headers.get("Authorization", "")
            if given != "Basic " + base64.b64encode(b"me:s3cret-pass").decode():
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="x"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.path = self.path[len("/private"):]
        super().do_GET()
    def log_message(self, *args):
        pass
os.chdir("/scene")
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
`;
