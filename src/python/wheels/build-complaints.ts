import { describeMissingPiece, findMissingPieces, type MissingPiece } from "../apt-hints.ts";
import type { Source } from "./source.ts";

/** Why a build from source failed, as its output tells. */
export type BuildComplaint =
  | { readonly kind: "missing-pieces"; readonly pieces: readonly MissingPiece[] }
  /** A Python module that the build imports and does not declare in `build-system.requires`. */
  | { readonly kind: "missing-module"; readonly module: string }
  /** The source is older than this Python: it uses what Python no longer has. */
  | { readonly kind: "too-old"; readonly sign: string }
  | { readonly kind: "out-of-memory" }
  /** https://docs.pytorch.org/docs/stable/cpp_extension.html */
  | { readonly kind: "no-toolkit" }
  /** Whether the build backend looks for the version under the package's own name. */
  | { readonly kind: "version-unknown"; readonly isNamed: boolean }
  /** https://python-poetry.org/docs/pyproject/#package-mode */
  | { readonly kind: "not-a-package" }
  /** The build backend does not find what it should make a package of. */
  | { readonly kind: "no-modules" }
  /** A readme or a licence that the project's metadata names. */
  | { readonly kind: "file-missing"; readonly file: string }
  | { readonly kind: "unknown" };

export function explainBuild(output: string): BuildComplaint {
  const sign = TOO_OLD.exec(output)?.[0];
  if (sign !== undefined) return { kind: "too-old", sign };

  if (
    /Killed signal terminated program|Cannot allocate memory|virtual memory exhausted/.test(output)
  ) {
    return { kind: "out-of-memory" };
  }
  if (NO_TOOLKIT.test(output)) return { kind: "no-toolkit" };
  if (
    /(?:setuptools[-_]scm|hatch-vcs|vcs_versioning)[^]*was unable to detect version/.test(output)
  ) {
    return { kind: "version-unknown", isNamed: !/hatch[-_]vcs/.test(output) };
  }
  if (output.includes("Building a package is not possible in non-package mode")) {
    return { kind: "not-a-package" };
  }
  if (NO_MODULES.test(output)) return { kind: "no-modules" };
  const file = FILE_MISSING.exec(output)?.slice(1).find(Boolean);
  if (file !== undefined) return { kind: "file-missing", file };
  const pieces = findMissingPieces(output);
  if (pieces.length > 0) return { kind: "missing-pieces", pieces };

  const module = [...output.matchAll(/No module named '([\w.]+)'/g)].at(-1)?.[1];
  if (module !== undefined) return { kind: "missing-module", module };
  return { kind: "unknown" };
}

/** Plain sentences for a failure's body; empty where there is nothing to say. */
export function describeBuildComplaint(
  complaint: BuildComplaint,
  { name, from }: Pick<Source, "name" | "from">,
): string {
  // Whoever builds the app's own project can't take another version of it.
  const alternative = from === "directory" ? [] : [withoutCompiler(name)];
  switch (complaint.kind) {
    case "missing-pieces": {
      const { pieces } = complaint;
      const packages = pieces.flatMap((piece) => piece.package ?? []);
      return [
        `The build image does not have ${pieces.map(describeMissingPiece).join(", ")}.`,
        ...(packages.length === 0 ? [] : [aptAdvice(packages)]),
        ...alternative,
      ].join("\n\n");
    }
    case "missing-module":
      return NEEDED_AT_RUN_TIME_TOO.has(complaint.module.split(".")[0] ?? "")
        ? [
            `Its setup.py imports ${complaint.module} while it is built, but does not declare it as a requirement of the build. Packages are built apart from the app's other packages, so that it is not there.`,
            `${name}'s project page usually has ready-made wheels for each version of ${complaint.module}: give the URL of one in requirements.txt, in place of its name:`,
            `  ${name} @ https://…/${name.replaceAll("-", "_")}-….whl`,
          ].join("\n\n")
        : [
            `It needs the Python module ${complaint.module} while it is built, but does not declare it under [build-system] in its pyproject.toml.`,
            `Take a version of ${name} that has a wheel or declares it. If the source is your own, add it to 'requires' under [build-system].`,
          ].join("\n\n");
    case "too-old":
      return [
        `This version was written for an older Python ("${complaint.sign}").`,
        `Take a newer version of ${name}, or name an older Python in a file .python-version.`,
      ].join("\n\n");
    case "out-of-memory":
      return "The compiler ran out of memory. Give the build more, or set BP_BUILD_SYSTEM_JOBS=1 so that one compiler runs at a time.";
    case "no-toolkit":
      return [
        "It compiles code for GPUs, and CUDA's compiler is not there.",
        "Write into a file hardware.txt in the app's root:",
        "  cuda\n  toolkit",
        "The compiler is there for the build alone, and not in the image.",
      ].join("\n\n");
    case "version-unknown": {
      const suffix = complaint.isNamed ? `_FOR_${name.toUpperCase().replaceAll("-", "_")}` : "";
      return `It takes its version from git's tags, and there is no git history here. Set SETUPTOOLS_SCM_PRETEND_VERSION${suffix} to the version for the build.`;
    }
    case "not-a-package":
      return [
        "Its pyproject.toml says package-mode = false under [tool.poetry]: it can't be installed, and so not asked what it depends on.",
        "Write that into a requirements.txt in the app's root, from Poetry's lock:",
        "  poetry export --output requirements.txt",
      ].join("\n\n");
    case "no-modules":
      return [
        "A package is to be made of it, but its directories do not look like one.",
        "If it is an app that is run from its directory, remove [build-system] from its pyproject.toml (and setup.py): then its dependencies are installed, and not the app itself.",
        "If it is a package, put its modules into src/<name>.",
      ].join("\n\n");
    case "file-missing":
      return from === "directory"
        ? [
            `Its build reads ${complaint.file}, which is not in the app as it is built.`,
            `1. If you have that file, it is left out of the build: see "exclude" and "include" in project.toml, and .gitignore.\n2. If there is none, add it, or remove what names it (readme or license-files in pyproject.toml).`,
          ].join("\n\n")
        : `Its build reads ${complaint.file}, which its source does not have.\n\n${withoutCompiler(name)}`;
    case "unknown":
      return alternative.join("");
  }
}

/** The end of an output, where the cause stands, without what nobody reads. */
export function lastLines(output: string, most = 30): string {
  const lines = output
    .replaceAll(DEPRECATIONS, "")
    .split("\n")
    .map((line) => line.trimEnd());
  const relevant = lines.filter((line) => line !== "" && !NOISE.test(line));
  return relevant.slice(-most).join("\n");
}

/** Setuptools frames each warning with lines of two exclamation marks, and quotes its own code. */
const DEPRECATIONS = /^.*Warning: .*\n!!\n[^]*?\n!!\n(?: {2}self\..*\n)?/gm;

/** Steps of setuptools that have succeeded. */
const NOISE =
  /^\s*(?:copying|creating|adding|writing|reading|running|byte-compiling|hard linking|removing) /;

/** torch's, CMake's and others' words for it. */
const NO_TOOLKIT =
  /CUDA_HOME environment variable is not set|(?:No such file or directory: |command )'?(?:[^'\s]*\/)?nvcc|nvcc(?: was|: command)? not found|(?:Could not|Failed to) find nvcc|CMAKE_CUDA_COMPILER could be found|Could NOT find CUDA/i;

/** Of setuptools and of hatchling. */
const NO_MODULES =
  /Multiple top-level (?:packages|modules) discovered in a flat-layout|Unable to determine which files to ship inside the wheel/;

/** Of hatchling, and of whatever opens such a file itself, as many a setup.py does. */
// https://github.com/pypa/hatch/blob/master/backend/src/hatchling/metadata/core.py
const FILE_MISSING =
  /(?:Readme|License) file does not exist: (\S+)|FileNotFoundError: .*No such file or directory: '(?:[^'\n]*\/)?((?:README|LICEN[CS]E|CHANGELOG)[^'/\n]*)'/i;

/** Signs of sources that are older than a Python, with the change that each met. */
const TOO_OLD = new RegExp(
  [
    // https://docs.python.org/3/whatsnew/3.12.html#removed
    "No module named 'distutils(?:\\.[\\w.]+)?'",
    "No module named 'imp'",
    "module 'pkgutil' has no attribute 'ImpImporter'",
    "'?configparser'? has no attribute '?SafeConfigParser'?",
    "longintrepr\\.h: No such file",
    // https://docs.python.org/3/whatsnew/3.11.html#porting-to-python-3-11
    "PyThreadState.{0,40}has no member named",
    "too few arguments to function ._PyLong_AsByteArray",
    // https://docs.python.org/3/whatsnew/3.10.html#removed
    "module 'collections' has no attribute '(?:Mapping|MutableMapping|Sequence|Callable|Iterable)'",
    // https://setuptools.pypa.io/en/latest/history.html#v58-0-0
    "use_2to3 is invalid",
  ].join("|"),
);

const NEEDED_AT_RUN_TIME_TOO = new Set(["torch", "tensorflow", "jax", "numpy", "mxnet", "paddle"]);

/** What is linked comes along into the image, headers do not. */
function aptAdvice(packages: readonly string[]): string {
  const lines = [...new Set(packages)].map((name) => `  ${name}`);
  return ["Write into a file apt.txt in the app's root:", ...lines].join("\n");
}

/** Packages whose ready-made wheels go by another name, with the same modules. */
const WITH_WHEELS: { readonly [name: string]: string | undefined } = {
  psycopg2: "psycopg2-binary",
  "psycopg-c": "psycopg[binary]",
  dlib: "dlib-bin",
  pycrypto: "pycryptodome",
  uwsgi: "pyuwsgi",
};

function withoutCompiler(name: string): string {
  const other = WITH_WHEELS[name];
  return other === undefined
    ? `A version of ${name} that has a wheel for this Python needs no compiler. So does a wheel that you have built elsewhere: put it into the app and name it in requirements.txt as ./wheels/<file>.whl.`
    : `Without a compiler: '${other}' in requirements.txt brings ready-made wheels.`;
}
