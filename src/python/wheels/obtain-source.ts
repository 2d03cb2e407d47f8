import { cp, readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { exists, makeDirectory } from "../../cnb/files.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { CommandError } from "../../kit/command.ts";
import type { LockFile } from "../lock.ts";
import { download } from "./download.ts";
import { failure } from "./failures.ts";
import { checkOut } from "./git.ts";
import { runTool } from "./run-tool.ts";
import { locateSdist } from "./sdist.ts";
import { describeSource, type Source } from "./source.ts";
import { isLeftOutOfSource } from "./source-tree.ts";
import { SOURCE_DATE, type Workplace } from "./workplace.ts";

export interface ObtainOptions {
  readonly context: Pick<BuildContext, "appDir" | "log">;
  readonly interpreter: { readonly path: string };
  readonly lockFile: Pick<LockFile, "own" | "uvArguments">;
  readonly netrc?: string | undefined;
}

/** Puts the source into the workplace; gives the directory in it that holds the project. */
export async function obtainSource(
  source: Source,
  workplace: Workplace,
  options: ObtainOptions,
): Promise<string> {
  const tree = await obtainTree(source, workplace, options);
  await normalizeTree(workplace, options);

  const subdirectory = "subdirectory" in source ? source.subdirectory : undefined;
  const project = resolve(tree, subdirectory ?? ".");
  if (relative(tree, project).startsWith("..") || !(await holdsProject(project))) {
    throw failure("source-without-project", { source: describeSource(source), subdirectory });
  }
  return project;
}

async function obtainTree(
  source: Source,
  workplace: Workplace,
  options: ObtainOptions,
): Promise<string> {
  const { context } = options;
  switch (source.from) {
    case "git":
      await checkOut(source, workplace, context.log);
      return workplace.source;
    case "directory":
      await cp(join(context.appDir, source.path), workplace.source, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (from) => !isLeftOutOfSource(relative(join(context.appDir, source.path), from)),
      });
      return workplace.source;
    case "sdist":
    case "url": {
      const url =
        source.from === "url" ? source.url : await locateSdist(source, workplace, options);
      const archive = await download({ source, url, workplace, ...options });
      return unpack(archive, source, workplace, options);
    }
  }
}

/** Gives the archive's one directory, as all source distributions have it, else the whole. */
async function unpack(
  archive: string,
  source: Source,
  workplace: Workplace,
  { context }: ObtainOptions,
): Promise<string> {
  await makeDirectory(workplace.source);
  const [program, ...args] = archive.endsWith(".zip")
    ? ["unzip", "-q", "-o", archive, "-d", workplace.source]
    : ["tar", "--extract", "--no-same-owner", "--file", archive, "--directory", workplace.source];
  try {
    await runTool(program ?? "", args, {
      log: context.log,
      env: workplace.env,
      cwd: workplace.root,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw failure(
      "not-an-archive",
      { source: describeSource(source), output: error.output },
      error,
    );
  }
  const names = await readdir(workplace.source);
  const only = join(workplace.source, names[0] ?? "");
  return names.length === 1 && !(await holdsProject(workplace.source)) ? only : workplace.source;
}

/**
 * Equal times, since build systems (Cython's for one) make a file again where its source is newer,
 * and a copy's or a checkout's times are an accident; equal modes whatever the umask.
 */
async function normalizeTree(
  { source, root, env }: Workplace,
  { context: { log } }: ObtainOptions,
): Promise<void> {
  const options = { log, env, cwd: root };
  await runTool("chmod", ["-R", "u=rwX,go=rX", source], options);
  const touch = ["-exec", "touch", "--no-dereference", `--date=@${SOURCE_DATE}`, "{}", "+"];
  await runTool("find", [source, "-name", ".git", "-prune", "-o", ...touch], options);
}

async function holdsProject(directory: string): Promise<boolean> {
  return (
    (await exists(join(directory, "pyproject.toml"))) || (await exists(join(directory, "setup.py")))
  );
}
