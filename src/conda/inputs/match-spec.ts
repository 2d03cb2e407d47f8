import { splitSubdir } from "../channel-url.ts";

/** What messages and the choice of channels need of a match spec; the rest is the engine's. */
export interface MatchSpecParts {
  /** In lower case; "*" where any package is meant. */
  readonly name: string;
  /** "conda-forge" or a URL; absent where any channel will do. */
  readonly channel?: string;
  /** "linux-64" of "conda-forge/linux-64::numpy"; "" where none is written. */
  readonly subdir: string;
  /** Behind "::". */
  readonly rest: string;
}

/** https://github.com/conda/ceps/blob/main/cep-0029.md */
export function readMatchSpec(text: string): MatchSpecParts {
  const spec = text.trim();
  // Between the colons a namespace may stand, which means nothing.
  const [whole = "", prefix = ""] = /^(.*):[^:/[\]]*:/s.exec(spec.replace(/\[.*$/s, "")) ?? [];
  const { channel, subdir } = splitSubdir(prefix);
  const rest = spec.slice(whole.length).trimStart();
  const keyword = /\[(?:.*[,\s])?channel\s*=\s*["']?([^"',\]]+)/s.exec(rest)?.[1]?.trim();
  const from = keyword ?? channel;
  return {
    name: nameOf(rest),
    ...(from === "" || from === "*" ? {} : { channel: from }),
    subdir,
    rest,
  };
}

/** Whether one build alone is asked for, as `conda env export` writes it: "numpy=1.26.4=py311h64a7726_0". */
export function pinsBuild(text: string): boolean {
  return /^[\w.-]+==?\d[\w.!+]*=[\w.+]+$/.test(readMatchSpec(text).rest);
}

/** A spec may also be the URL of a package. */
function nameOf(rest: string): string {
  const [file] = /[^/]+(?=\.conda\b|\.tar\.bz2\b)/.exec(rest) ?? [];
  if (file !== undefined && rest.includes("://")) return file.replace(/-[^-]+-[^-]+$/, "");
  return /^[^\s=<>!~[(|,;]+/.exec(rest)?.[0]?.toLowerCase() ?? "*";
}
