import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { read } from "./command.ts";
import { ScriptFailure } from "./failure.ts";
import { log } from "./log.ts";
import { ROOT, TOOLS, TOOLS_BIN } from "./paths.ts";
import { isOnPath } from "./programs.ts";
import { inputsDigest, isStamped, stamp } from "./stamp.ts";
import { isAtLeast } from "./version.ts";

/** A Go module under tools/, which pins the programs that are built from it, or is one. */
export interface GoModule {
  readonly directory: string;
  readonly name: string;
  /** The text of go.mod and go.sum, which decides what is built of others' sources. */
  readonly pins: string;
  /** The oldest Go that builds it. */
  readonly goVersion: string;
}

export async function readGoModule(name: string): Promise<GoModule> {
  const directory = join(ROOT, "tools", name);
  const mod = await readFile(join(directory, "go.mod"), "utf8");
  // A module without dependencies has none.
  const sumFile = join(directory, "go.sum");
  const sum = existsSync(sumFile) ? await readFile(sumFile, "utf8") : "";
  return { directory, name, pins: mod + sum, goVersion: match(mod, /^go (\S+)$/m) };
}

/** The version, without its "v", that a module requires of a dependency. */
export function requiredVersion({ pins }: GoModule, dependency: string): string {
  return match(pins, new RegExp(`${dependency.replaceAll(".", "\\.")} v(\\S+)`));
}

/** What is built of a module. */
export interface GoTool {
  /** For people: "pack 0.40.7". */
  readonly title: string;
  /** Packages, of the module or of its dependencies. Each program has the last part of its package's name. */
  readonly programs: readonly string[];
  /** What decides what comes out, besides the module's pins. */
  readonly inputs?: object;
  /** Variables of the programs, by their whole names. */
  readonly set?: Readonly<Record<string, string>>;
  /** For Go, such as GOARCH. */
  readonly env?: NodeJS.ProcessEnv;
  /** The very release of Go, such as "go1.26.8"; else the installed one, or a newer one that go.mod names. */
  readonly toolchain?: string;
  /** Makes what else is made of the programs. */
  readonly finish?: () => Promise<void>;
}

/** Builds a module's programs into `.tools/bin`, where they are not those of its pins already. */
export async function buildTool(module: GoModule, tool: GoTool): Promise<void> {
  const stampFile = join(TOOLS, `${module.name}.stamp`);
  const inputs = inputsDigest({ pins: module.pins, ...tool.inputs });
  if (await isStamped(stampFile, inputs)) return;

  await checkGo(module);
  log.step(`Building ${tool.title} (from tools/${module.name})`);
  // Go would write through a link, into somebody else's program.
  for (const name of tool.programs) await rm(join(TOOLS_BIN, basename(name)), { force: true });
  await goBuild(module, tool);
  await tool.finish?.();
  await stamp(stampFile, inputs);
}

/** Throws where Go is missing, or can't fetch the release that the module names. */
async function checkGo({ name, goVersion }: GoModule): Promise<void> {
  const wanted = `tools/${name}/go.mod needs Go ${goVersion} or newer`;
  if (!isOnPath("go")) {
    throw new ScriptFailure(
      "Go is missing",
      `${wanted}, and there is no 'go' on PATH.\nInstall it from https://go.dev/dl (Debian's golang-go is enough: it fetches newer ones).`,
    );
  }
  const version = (await read("go", ["env", "GOVERSION"])).replace(/^go/, "");
  if (isAtLeast(version, goVersion) || isAtLeast(version, FETCHES_NEWER)) return;
  throw new ScriptFailure(
    `Go ${version} is too old`,
    `${wanted}.\nInstall Go ${FETCHES_NEWER} or newer from https://go.dev/dl, which fetches the release that it needs.`,
  );
}

// https://go.dev/doc/toolchain
const FETCHES_NEWER = "1.21";

async function goBuild({ directory }: GoModule, tool: GoTool): Promise<void> {
  const { programs, set = {}, env, toolchain = "auto" } = tool;
  const sets = Object.entries(set).map(([name, value]) => `-X ${name}=${value}`);
  await read(
    "go",
    // Where the checkout lies and which commit it is must not change what comes out.
    ["build", "-trimpath", "-buildvcs=false", "-ldflags", ["-s", "-w", ...sets].join(" ")]
      .concat("-o", `${TOOLS_BIN}/`)
      .concat(programs),
    // "local", which Go's own container images set, would keep it from the release that go.mod names.
    {
      cwd: directory,
      env: { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: toolchain, ...env },
    },
  );
}

function match(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${pattern} is not in go.mod`);
  return found;
}
