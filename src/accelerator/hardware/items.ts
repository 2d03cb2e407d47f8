import { validRange } from "@renovatebot/pep440";
import { describeOrigin, type Origin } from "../../kit/origin.ts";
import { withoutUserinfo } from "../../kit/redact.ts";
import { listed, nearest } from "../../kit/text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { gpuNamed } from "./gpus.ts";
import { type Keyword, KEYWORD_NAMES, keywordOf, KEYWORDS } from "./keywords.ts";
import { explainWrongLine } from "./wrong-lines.ts";

/** A keyword with what belongs to it, understood but not yet compared with others. */
export interface Item {
  readonly keyword: Keyword;
  /** PEP 440; of an accelerator. */
  readonly specifier: string;
  /** Of a driver: the oldest. */
  readonly version: string | undefined;
  /** Names of GPUs and libraries, as they are written. */
  readonly values: readonly string[];
  readonly origin: Origin;
  /** As it is quoted in messages. */
  readonly text: string;
}

/**
 * Items of a file or a variable. A keyword begins an item, so that a variable may have all of them
 * on one line; blanks, commas, semicolons and line ends all part what follows.
 */
export function readItems(
  text: string,
  { file, hasLines }: { readonly file: string; readonly hasLines: boolean },
): { readonly items: readonly Item[]; readonly problems: readonly Problem[] } {
  const items: Item[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split(/\r\n?|\n/).entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/, "").trim();
    if (line === "") continue;
    const origin = hasLines ? { file, line: index + 1 } : { file };
    const read = readLine(line, origin);
    if ("issue" in read) {
      const needed = explainWrongLine(line) ?? read.issue;
      problems.push({ origin, line: withoutUserinfo(line), needed });
    } else {
      items.push(...read.items);
    }
  }
  return { items, problems };
}

/** "hardware.txt asks for 'cuda' on line 1", for messages that name the other side. */
export function describeItem({ origin, text }: Pick<Item, "origin" | "text">): string {
  const where = origin.line === undefined ? "" : ` on line ${origin.line}`;
  return `${describeOrigin({ file: origin.file })} asks for '${text}'${where}`;
}

type Issue = { readonly issue: string };

interface Draft {
  readonly keyword: Keyword;
  readonly words: string[];
  readonly specifiers: string[];
  readonly values: string[];
}

function readLine(line: string, origin: Origin): { readonly items: readonly Item[] } | Issue {
  const drafts: Draft[] = [];
  for (const word of wordsOf(line)) {
    const begun = readKeyword(word);
    const current = drafts.at(-1);
    if (begun !== undefined) {
      const { keyword, specifier } = begun;
      drafts.push({ keyword, words: [word], specifiers: specifier ?? [], values: [] });
    } else if (current === undefined) {
      return { issue: unknownWord(word) };
    } else {
      current.words.push(word);
      const issue = addWord(current, word);
      if (issue !== undefined) return { issue };
    }
  }
  const items: Item[] = [];
  for (const draft of drafts) {
    const text = drafts.length === 1 ? line : draft.words.join(" ");
    const read = finish(draft);
    if ("issue" in read) return read;
    items.push({ ...read, origin, text });
  }
  return { items };
}

/**
 * "cuda >= 12.4, < 13; gpu: l4, t4" gives "cuda>=12.4,<13", "gpu", "l4" and "t4": a comma before a
 * comparison belongs to it.
 */
function wordsOf(line: string): readonly string[] {
  return line
    .replaceAll(/\s*([=<>!~]=+|[<>=])\s*/g, "$1")
    .replaceAll(/:(?!\/\/)/g, " ")
    .split(/[\s;]+|,(?![=<>!~])/)
    .filter((word) => word !== "");
}

interface Begun {
  readonly keyword: Keyword;
  readonly specifier?: string[];
}

function readKeyword(word: string): Begun | undefined {
  const alone = keywordOf(word);
  if (alone !== undefined) return { keyword: alone };
  const [, name = "", comparison = ""] = /^([A-Za-z]+)((?:[=<>!~]=*|=).*)$/.exec(word) ?? [];
  const compared = keywordOf(name);
  if (compared !== undefined) return { keyword: compared, specifier: comparison.split(",") };
  // PyTorch's name of it: https://download.pytorch.org/whl/torch/
  const [, major, minor] = /^cu(\d\d)(\d)$/i.exec(word) ?? [];
  if (major !== undefined) return { keyword: "cuda", specifier: [`==${major}.${minor}`] };
  const [, joined = "", version = ""] =
    /^([A-Za-z]+)[-_]?(v?\d[\d.]*(?:\.[x*])?)$/.exec(word) ?? [];
  const keyword = keywordOf(joined);
  return keyword === undefined ? undefined : { keyword, specifier: [`==${version}`] };
}

/** A word that begins no item: a value of the one before it. */
function addWord(draft: Draft, word: string): string | undefined {
  const { keyword, specifiers, values } = draft;
  const { kind } = KEYWORDS[keyword];
  if (kind === "values") {
    values.push(word);
    return undefined;
  }
  const [, version, orNewer] = /^(v?\d[\d.]*(?:\.[x*])?)(\+?)$/i.exec(word) ?? [];
  if (version !== undefined && specifiers.length === 0) {
    specifiers.push(`${orNewer === "" ? "==" : ">="}${version}`);
    return undefined;
  }
  return version === undefined ? unknownWord(word, keyword) : versionNeeded(keyword);
}

function finish({ keyword, specifiers, values }: Draft): Omit<Item, "origin" | "text"> | Issue {
  const shape = KEYWORDS[keyword];
  const empty = { keyword, specifier: "", version: undefined, values: [] };
  switch (shape.kind) {
    case "flag":
      if (specifiers.length === 0) return empty;
      return {
        issue:
          keyword === "toolkit"
            ? `The toolkit has the version of cuda; write\ncuda${specifiers[0]}\ntoolkit`
            : `The compiler is Debian's, without a version; write\n${keyword}`,
      };
    case "values":
      return finishValues(keyword, specifiers, values);
    case "driver":
      return finishDriver(specifiers);
    case "accelerator": {
      if (!shape.versions) {
        if (specifiers.length === 0) return empty;
        return {
          issue:
            keyword === "aws"
              ? `The version is that of cuda; write\naws\ncuda${specifiers[0]}`
              : `${keyword} has no version here; write\n${keyword}`,
        };
      }
      const read = readSpecifiers(keyword, specifiers);
      return "issue" in read ? read : { ...empty, specifier: read.specifier };
    }
  }
}

function finishValues(
  keyword: Keyword,
  specifiers: readonly string[],
  values: readonly string[],
): Omit<Item, "origin" | "text"> | Issue {
  // "gpu=l4", "libraries=cublas,cudnn".
  const [first, ...others] = specifiers.map((one) => one.replace(/^=+/, ""));
  const all = [...(first === undefined ? [] : [first]), ...others, ...values];
  if (all.some((value) => /^[<>!~]/.test(value)) || all.length === 0) {
    return {
      issue:
        keyword === "gpu"
          ? "The names of the GPUs are needed, for example\ngpu l4 a100"
          : "The names of CUDA's libraries are needed, for example\nlibraries cublas cudnn",
    };
  }
  return { keyword, specifier: "", version: undefined, values: all };
}

function finishDriver(specifiers: readonly string[]): Omit<Item, "origin" | "text"> | Issue {
  const [first = "", ...others] = specifiers;
  const [, comparison = "", version] =
    /^(>=|=+|~=|[<>!]=?)v?(\d+(?:\.\d+){0,2})$/.exec(first) ?? [];
  const isOldest = comparison === ">=" || /^=+$/.test(comparison);
  if (version === undefined || !isOldest || others.length > 0) {
    return { issue: "The oldest driver of the hosts is needed, for example\ndriver>=550" };
  }
  return { keyword: "driver", specifier: "", version, values: [] };
}

function readSpecifiers(
  keyword: Keyword,
  specifiers: readonly string[],
): { readonly specifier: string } | Issue {
  const normal = specifiers.map((one) =>
    one
      .replace(/^={1,3}(?!=)/, "==")
      .replace(/^([=<>!~]+)v/i, "$1")
      .replace(/\.x$/i, ".*"),
  );
  const joined = normal.join(",");
  const [, digits] = /^==(\d{3})$/.exec(joined) ?? [];
  if (digits !== undefined && keyword === "cuda") {
    return { issue: `Write it with a dot\ncuda==${digits.slice(0, 2)}.${digits.slice(2)}` };
  }
  const isPlain = normal.every((one) =>
    /^[=<>!~]{1,2}\d{1,2}(?:\.\d{1,3}){0,2}(?:\.\*)?$/.test(one),
  );
  if (joined === "" || (isPlain && validRange(joined))) return { specifier: joined };
  return { issue: versionNeeded(keyword) };
}

function versionNeeded(keyword: Keyword): string {
  const example =
    keyword === "rocm" ? "rocm==6.4" : keyword === "driver" ? "driver>=550" : "cuda==12.8";
  return `One version, or one range of versions, is needed, for example\n${example}`;
}

function unknownWord(word: string, after?: Keyword): string {
  const [name = word] = word.split(/[=<>!~]/);
  const [near] = nearest(name.toLowerCase(), KEYWORD_NAMES, 1);
  if (near !== undefined) return `'${name}' is not known; did you mean ${near}?`;
  const gpu = gpuNamed(word);
  if (after === "cuda" && gpu !== undefined)
    return `A GPU has a line of its own\ncuda\ngpu ${gpu.name}`;
  const says = after === undefined ? "is not known" : `does not belong to ${after}`;
  return `'${word}' ${says}; a line begins with ${listed(KEYWORD_NAMES, "or")}`;
}
