import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { formatToml, parseToml } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { CommandError } from "../../kit/command.ts";
import type { LockFile } from "../lock.ts";
import { failure } from "./failures.ts";
import { runTool } from "./run-tool.ts";
import { describeSource, type Sdist } from "./source.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Where a release's source distribution lies: a URL, or the path of a file of `--find-links`. uv is
 * asked, which knows every kind of index, their order, credentials and proxies.
 */
export async function locateSdist(
  sdist: Sdist,
  workplace: Workplace,
  {
    context,
    interpreter,
    lockFile,
  }: {
    readonly context: Pick<BuildContext, "log">;
    readonly interpreter: { readonly path: string };
    readonly lockFile: Pick<LockFile, "own" | "uvArguments">;
  },
): Promise<string> {
  const { name, version, sha256 } = sdist;
  const { own } = lockFile;
  const requirements = join(workplace.root, "requirements.txt");
  await writeFile(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  // uv would build the distribution to learn what it depends on, which nobody asks here.
  // https://docs.astral.sh/uv/reference/settings/#dependency-metadata
  const configuration = join(workplace.root, "uv.toml");
  const metadata = { name, version, "requires-dist": [] };
  await writeFile(configuration, formatToml({ "dependency-metadata": [metadata] }));

  const output = join(workplace.root, "pylock.toml");
  const args = ["pip", "compile", "--quiet", "--no-deps", "--no-binary", name];
  const place = ["--python", interpreter.path, "--config-file", configuration];
  try {
    await runTool(
      "uv",
      [
        ...args,
        ...place,
        ...indexArguments(lockFile.uvArguments),
        ...(sdist.index === undefined ? [] : ["--extra-index-url", sdist.index]),
        "--output-file",
        output,
        requirements,
      ],
      { log: context.log, env: workplace.downloadEnv, cwd: workplace.root },
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure(
      "sdist-not-found",
      { source: describeSource(sdist), output: error.output, own },
      error,
    );
  }
  const located = pylockSchema.parse(parseToml(await readFile(output, "utf8"))).packages[0]?.sdist;
  if (located === undefined) {
    throw failure("sdist-not-found", { source: describeSource(sdist), output: "", own });
  }
  return located.url ?? located.path;
}

/**
 * Of the arguments for an installation, those that say where files are looked for. Those that
 * forbid or demand source builds are about the app's packages, not what their builds require.
 */
export function indexArguments(uvArguments: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let index = 0; index < uvArguments.length; index += 1) {
    const argument = uvArguments[index] ?? "";
    const [option, inline] = splitOnce(argument, "=");
    const hasValue = WITH_VALUE.has(option);
    if (hasValue || WITHOUT_VALUE.has(option)) kept.push(argument);
    if (hasValue && inline === undefined) {
      index += 1;
      kept.push(uvArguments[index] ?? "");
    }
  }
  return kept;
}

const WITH_VALUE = new Set([
  "--index",
  "--default-index",
  "--index-url",
  "-i",
  "--extra-index-url",
  "--find-links",
  "-f",
  "--index-strategy",
  "--allow-insecure-host",
  "--trusted-host",
]);

const WITHOUT_VALUE = new Set(["--no-index", "--offline"]);

const pylockSchema = z.object({
  packages: z.array(
    z.object({
      sdist: z.optional(
        z.union([
          z.object({ url: z.string(), path: z.optional(z.undefined()) }),
          z.object({ path: z.string(), url: z.optional(z.undefined()) }),
        ]),
      ),
    }),
  ),
});

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
