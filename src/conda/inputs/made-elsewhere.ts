import { listed } from "../../kit/text.ts";
import { pinsBuild, readMatchSpec } from "./match-spec.ts";
import type { Line } from "./source-text.ts";

/** Why a list of packages can't be installed here, and the line that tells. */
export interface Elsewhere {
  readonly line: number;
  readonly needed: string;
}

export interface Listed {
  readonly specs: readonly Line[];
  /** The place of the environment, where the file names it. */
  readonly prefix: string | undefined;
  readonly hasPip: boolean;
}

/**
 * Whether the packages are those of another platform: `conda env export` writes what is installed,
 * with the builds of that platform.
 */
export function findElsewhere(
  { specs, prefix, hasPip }: Listed,
  subdir: string,
): Elsewhere | undefined {
  const anew = writeAnew(hasPip);
  const ofWindows = specs.filter(({ text }) => WINDOWS_ONLY.test(readMatchSpec(text).name));
  const [first] = ofWindows;
  if (first !== undefined) {
    const names = [...new Set(ofWindows.map(({ text }) => readMatchSpec(text).name))];
    return { line: first.line, needed: forWindows(names, specs, anew) };
  }
  const python = specs.find(({ text }) => readMatchSpec(text).name === "python" && pinsBuild(text));
  if (python === undefined) return undefined;
  const platform = platformOf(specs, prefix);
  return platform === undefined || platform === subdir
    ? undefined
    : {
        line: python.line,
        needed: `The builds are those of ${platform}, and the image is ${subdir}; ${anew}`,
      };
}

/** https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#exporting-an-environment-file-across-platforms */
function writeAnew(hasPip: boolean): string {
  const pip = hasPip ? ", and copy the lines under pip: over, which it leaves out" : "";
  return `write the file anew, in the environment that it is of${pip}\nconda env export --from-history > environment.yml`;
}

/** Packages that conda-forge and defaults have for win-64 alone. */
const WINDOWS_ONLY =
  /^(?:pywin32|pywinpty|winpty|windows-curses|win_inet_pton|vc|vs20\d\d_(?:runtime|win-64)|vc14_runtime|vcomp14|ucrt|(?:console|powershell)_shortcut(?:_miniconda)?|m2w64-.*|msys2-.*)$/;

function forWindows(names: readonly string[], specs: readonly Line[], anew: string): string {
  const are = names.length === 1 ? "is" : "are";
  const what = `${listed(names.slice(0, 4))}${names.length > 4 ? " and others" : ""} ${are} for Windows alone`;
  return specs.some(({ text }) => pinsBuild(text))
    ? `${what}, where the file was made; ${anew}`
    : `${what}; remove the line, or let it count there only\n- ${names[0]}  # [win]`;
}

/** From the place of the environment, or from packages that no other platform has. */
function platformOf(specs: readonly Line[], prefix: string | undefined): string | undefined {
  if (prefix !== undefined && /^[A-Za-z]:[\\/]/.test(prefix)) return "win-64";
  if (prefix !== undefined && /^\/(?:Users|opt\/homebrew|Applications)\//.test(prefix))
    return "macOS";
  const names = specs.map(({ text }) => readMatchSpec(text).name);
  const linker = names.find((name) => name.startsWith("ld_impl_linux-"));
  if (linker !== undefined) return linker.slice("ld_impl_".length);
  const isOfMac = specs.some(
    ({ text }) => pinsBuild(text) && /^(?:appnope|python\.app)=/.test(text),
  );
  return isOfMac ? "macOS" : undefined;
}
