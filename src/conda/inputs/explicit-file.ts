import { counted } from "../../kit/text.ts";
import { explainLine, type Problem } from "../../kit/wrong-lines.ts";
import { type ChannelCredential, openChannelText } from "../channel-url.ts";
import { type CondaPackage, type Digest, packageAt } from "../lock.ts";
import type { InputPlace } from "./environment-file.ts";
import { problemAt, readSourceText, type SourceText } from "./source-text.ts";

/** A package of an explicit file that has no digest. */
export interface UncheckedPackage {
  /** Without credentials. */
  readonly url: string;
  readonly name: string;
  readonly line: number;
}

export interface ExplicitFile {
  readonly file: string;
  /** In the order of the file. */
  readonly packages: readonly CondaPackage[];
  readonly unchecked: readonly UncheckedPackage[];
  readonly credentials: readonly ChannelCredential[];
  /** Worth a line in the log. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** A line of its own makes a file explicit. */
export const EXPLICIT_MARK = /^\s*@EXPLICIT\s*$/m;

/** https://github.com/conda/ceps/blob/main/cep-0023.md#explicit-input-files */
export function parseExplicitFile(bytes: Uint8Array, place: InputPlace): ExplicitFile {
  const source = readSourceText(bytes, place.file);
  if ("needed" in source) {
    const empty = { packages: [], unchecked: [], credentials: [], notes: [] };
    return { file: place.file, ...empty, problems: [source] };
  }
  return new Reader(source, place).read();
}

class Reader {
  readonly #source: SourceText;
  readonly #place: InputPlace;
  readonly #packages: CondaPackage[] = [];
  readonly #unchecked: UncheckedPackage[] = [];
  readonly #credentials: ChannelCredential[] = [];
  readonly #problems: Problem[] = [];
  readonly #seen = new Map<string, { readonly url: string; readonly line: number }>();
  #pipLines = 0;

  constructor(source: SourceText, place: InputPlace) {
    this.#source = source;
    this.#place = place;
  }

  read(): ExplicitFile {
    for (const [index, line] of this.#source.lines.entries()) this.#take(line.trim(), index + 1);
    const { file } = this.#place;
    if (this.#seen.size === 0 && this.#problems.length === 0) {
      const example = "conda list --explicit --sha256 > conda-linux-64.lock";
      this.#wrong(1, `No package is listed; write the file in the environment\n${example}`);
    }
    const skipped = counted(this.#pipLines, "package");
    return {
      file,
      packages: this.#packages,
      unchecked: this.#unchecked,
      credentials: this.#credentials,
      notes:
        this.#pipLines === 0
          ? []
          : [
              `Skipping ${skipped} of pip in ${file} because comments are not installed; conda-lock.yml holds both`,
            ],
      problems: this.#problems,
    };
  }

  #take(text: string, line: number): void {
    if (text === "" || text === "@EXPLICIT") return;
    if (text.startsWith("#")) return this.#takeComment(text, line);
    const needed = explainWrongLine(text);
    if (needed !== undefined) return this.#wrong(line, needed);
    const origin = { file: this.#place.file, line };
    const opened = openChannelText(text, origin, this.#place.env);
    this.#credentials.push(...opened.credentials);
    if (opened.needed !== undefined) return this.#wrong(line, opened.needed);
    const [url = "", ...anchor] = opened.text.split("#");
    const digest = digestOf(anchor.join("#"));
    if (digest === undefined) {
      return this.#wrong(
        line,
        "Behind '#' an MD5 of 32 or a SHA-256 of 64 hexadecimal digits is needed",
      );
    }
    this.#takePackage(url, digest, line);
  }

  #takePackage(url: string, digest: Digest | "none", line: number): void {
    const found = packageAt(url, digest === "none" ? { md5: "" } : digest);
    if (found === undefined) {
      return this.#wrong(
        line,
        "A package's URL ends in channel/subdir/name-version-build.conda, or .tar.bz2",
      );
    }
    const { subdir } = this.#place;
    if (found.subdir !== subdir && found.subdir !== "noarch") {
      return this.#wrong(line, `The package is for ${found.subdir}, and the image is ${subdir}`);
    }
    const earlier = this.#seen.get(found.name);
    if (earlier?.url === url) return;
    if (earlier !== undefined) {
      return this.#wrong(
        line,
        `${found.name} stands above already (line ${earlier.line}); keep one`,
      );
    }
    this.#seen.set(found.name, { url, line });
    if (digest === "none") this.#unchecked.push({ url, name: found.name, line });
    else this.#packages.push(found);
  }

  #takeComment(text: string, line: number): void {
    // As conda-lock writes what pip would install.
    if (/^#\s*pip\s+\S+\s+@\s/.test(text)) this.#pipLines += 1;
    const { subdir } = this.#place;
    const platform = /^#\s*platform:\s*(\S+)/.exec(text)?.[1];
    if (platform !== undefined && platform !== subdir) {
      this.#wrong(line, `The file is for ${platform}, and the image is ${subdir}`);
    }
  }

  #wrong(line: number, needed: string): void {
    this.#problems.push(problemAt(this.#source, line, needed));
  }
}

function digestOf(anchor: string): Digest | "none" | undefined {
  if (anchor === "") return "none";
  const [, sha256, md5] =
    /^(?:(?:sha256:)?([0-9a-f]{64})|(?:md5:)?([0-9a-f]{32}))$/i.exec(anchor) ?? [];
  if (sha256 !== undefined) return { sha256: sha256.toLowerCase() };
  return md5 === undefined ? undefined : { md5: md5.toLowerCase() };
}

function explainWrongLine(text: string): string | undefined {
  const known = explainLine(text, []);
  if (known !== undefined) return known;
  if (/^https?:\/\//i.test(text)) return undefined;
  if (/^\$\{?\w/.test(text)) return undefined;
  if (/^(?:-c|--channel)\b/.test(text)) return "Channels follow from the URLs; remove the line";
  if (/^(?:file:|[./~]|[A-Za-z]:\\)/.test(text)) {
    return "Packages are downloaded; put it on a server, and write an address with https://";
  }
  return "With @EXPLICIT each line is a package's URL; such lines are written in the environment by\nconda list --explicit --sha256";
}
