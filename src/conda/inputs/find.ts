import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, relative } from "node:path";
import { exists } from "../../cnb/files.ts";
import { nearest } from "../../kit/text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { EXPLICIT_MARK } from "./explicit-file.ts";
import { findPixiManifest } from "./pixi-manifest.ts";

export type InputKind = "environment" | "explicit" | "conda-lock" | "pixi";

/** Which of the app's files says what is installed. */
export type FoundInput =
  | {
      readonly kind: InputKind;
      /** Relative to the app. */
      readonly file: string;
      /** Whether the setting names it. */
      readonly isNamed: boolean;
      /** Others that could say it, too. */
      readonly skipped: readonly string[];
    }
  /** None of them is conda's, and why. */
  | { readonly kind: "nothing"; readonly reason: string }
  /** The app is pixi's, which has not locked it. */
  | { readonly kind: "unlocked"; readonly manifest: string }
  | { readonly kind: "wrong"; readonly problem: Problem };

const ENVIRONMENT_SETTING = "BP_CONDA_ENVIRONMENT";

export interface FindOptions {
  /** BP_CONDA_ENVIRONMENT */
  readonly setting: string | undefined;
  /** Of the image: "linux-64". */
  readonly subdir: string;
  /** Whether pip's files or settings say what is installed, too. */
  readonly hasOthers: boolean;
  /** Whether a file or setting says it that lists packages for pip, and is no project's own. */
  readonly hasRequirements: boolean;
}

/** The setting, else locks before what they are made of. */
export async function findInput(
  appDir: string,
  { setting, subdir, hasOthers, hasRequirements }: FindOptions,
): Promise<FoundInput> {
  const present: Candidate[] = [];
  const reasons: string[] = [];
  for (const candidate of candidatesFor(subdir)) {
    if (!(await exists(join(appDir, candidate.file)))) continue;
    const reason = await whyNotConda(appDir, candidate.file, hasOthers);
    if (reason === undefined) present.push(candidate);
    else reasons.push(reason);
  }
  if (setting !== undefined) return findNamed(appDir, setting, present);
  const [first, ...others] = present;
  if (first !== undefined) {
    return { ...first, isNamed: false, skipped: others.map(({ file }) => file) };
  }
  const manifest = hasRequirements ? undefined : await findPixiManifest(appDir);
  if (manifest !== undefined) return { kind: "unlocked", manifest };
  return { kind: "nothing", reason: reasons[0] ?? `there is no conda-${subdir}.lock` };
}

interface Candidate {
  readonly file: string;
  readonly kind: InputKind;
}

function candidatesFor(subdir: string): readonly Candidate[] {
  return [
    // conda-lock's name for explicit files: https://conda.github.io/conda-lock/output/
    { file: `conda-${subdir}.lock`, kind: "explicit" },
    { file: "conda-lock.yml", kind: "conda-lock" },
    { file: "pixi.lock", kind: "pixi" },
    { file: "environment.yml", kind: "environment" },
    { file: "environment.yaml", kind: "environment" },
    { file: "conda.yml", kind: "environment" },
    { file: "conda.yaml", kind: "environment" },
    // Paketo's name: https://paketo.io/docs/howto/python/
    { file: "package-list.txt", kind: "explicit" },
  ];
}

/** Some of the names are usual ones for other things. */
async function whyNotConda(
  appDir: string,
  file: string,
  hasOthers: boolean,
): Promise<string | undefined> {
  if (file === "pixi.lock") {
    const manifests = ["pixi.toml", "pyproject.toml"].map((one) => exists(join(appDir, one)));
    if ((await Promise.all(manifests)).includes(true)) return undefined;
    return "pixi.lock has no pixi.toml beside it";
  }
  if (file === "package-list.txt") {
    return EXPLICIT_MARK.test(await readText(join(appDir, file)))
      ? undefined
      : "package-list.txt is no explicit file of conda";
  }
  if (!hasOthers || !/\.ya?ml$/.test(file) || file === "conda-lock.yml") return undefined;
  // Without any other file, what is wrong with this one is told.
  return looksLikeEnvironment(await readText(join(appDir, file)))
    ? undefined
    : `${file} has neither dependencies nor channels`;
}

/** Hydra's and other programs' configuration may have the same name. Slips of the pen are conda's. */
function looksLikeEnvironment(text: string): boolean {
  if (/^\s*\{/.test(text)) return /["'{,\s](?:dependencies|channels)["']?\s*:/.test(text);
  const keys = [...text.matchAll(/^["']?([\w-]+)["']?[ \t]*:/gm)].map(([, key = ""]) => key);
  return keys.some((key) => nearest(key.toLowerCase(), ["dependencies", "channels"], 1).length > 0);
}

async function findNamed(
  appDir: string,
  setting: string,
  present: readonly Candidate[],
): Promise<FoundInput> {
  const wrong = (needed: string): FoundInput => ({
    kind: "wrong",
    problem: { origin: { file: ENVIRONMENT_SETTING }, line: setting, needed },
  });
  const file = isAbsolute(setting) ? relative(appDir, setting) : normalize(setting);
  if (file.startsWith("..")) return wrong("A file of the app is needed, by its path in the app");
  const stats = await stat(join(appDir, file)).catch(() => undefined);
  if (stats === undefined) return wrong(await whyMissing(appDir, file));
  if (!stats.isFile()) return wrong(`${file} is a directory; a file is needed`);
  const skipped = present.map((one) => one.file).filter((one) => one !== file);
  return { kind: kindOf(await readText(join(appDir, file))), file, isNamed: true, skipped };
}

async function whyMissing(appDir: string, file: string): Promise<string> {
  const beside = await readdir(join(appDir, dirname(file))).catch(() => []);
  const [near] = nearest(basename(file), beside, 1);
  return near === undefined
    ? `There is no file ${file} in the app; check its spelling (upper and lower case differ) and that it is not ignored`
    : `There is no file ${file} in the app. Did you mean ${join(dirname(file), near)}?`;
}

/** Nothing is parsed: lock files have megabytes. */
function kindOf(text: string): InputKind {
  if (EXPLICIT_MARK.test(text)) return "explicit";
  const has = (key: string) => new RegExp(`^${key}:`, "m").test(text);
  if (!has("version")) return "environment";
  if (has("package") || has("metadata")) return "conda-lock";
  return has("environments") ? "pixi" : "environment";
}

/** Bytes that are no UTF-8 are told when the file is read. */
async function readText(path: string): Promise<string> {
  return readFile(path, "utf8");
}
