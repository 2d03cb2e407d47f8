import type { Settings } from "../../kit/settings.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { type Found, type Label, NOTHING } from "./label.ts";
import { GOOD_KEY, whyReserved } from "./label-key.ts";
import { problemOf, quotePiece, quoteSafely } from "./unsafe.ts";

const ORIGIN = { file: "BP_IMAGE_LABELS" };

/** `key=value key2="value with blanks"`, as Paketo's buildpack for image labels has it. */
// https://github.com/paketo-buildpacks/image-labels#behavior
export function readImageLabels(settings: Settings): Found {
  const setting = settings.get("BP_IMAGE_LABELS");
  if (setting === undefined) return NOTHING;
  const { words, open } = splitWords(setting);
  if (open !== undefined) {
    const needed = `The quotation mark ${open.mark} is not closed; one that belongs to a value is written \\${open.mark}`;
    return {
      labels: [],
      problems: [{ origin: ORIGIN, line: quotePiece(open.raw, setting), needed }],
    };
  }
  const labels = new Map<string, Label>();
  const problems: Problem[] = [];
  for (const [index, word] of words.entries()) {
    const label = toLabel(word);
    const needed =
      label === undefined
        ? neededForLone(word, words[index - 1], setting)
        : (neededForKey(label.key) ??
          neededForValue(label.value) ??
          neededForTwice(label, labels.get(label.key)));
    // A word alone may be the rest of a password.
    const line = label === undefined ? quotePiece(word.raw, setting) : quoteSafely(word.raw);
    if (needed !== undefined) problems.push({ origin: ORIGIN, line, needed });
    else if (label !== undefined) labels.set(label.key, label);
  }
  const unsafe = [...labels.values()].flatMap((label) => {
    const problem = problemOf(label, `${label.key}=${label.value}`);
    return problem === undefined ? [] : [problem];
  });
  return { labels: [...labels.values()], problems: [...problems, ...unsafe] };
}

interface Word {
  readonly raw: string;
  /** Without quotation marks. */
  readonly plain: string;
  /** Where in it the first '=' is that no quotation marks enclose. */
  readonly equals: number | undefined;
}

/** A backslash is one, but before a quotation mark. */
function splitWords(setting: string): {
  readonly words: readonly Word[];
  readonly open: { readonly mark: string; readonly raw: string } | undefined;
} {
  const words: Word[] = [];
  let [raw, plain] = ["", ""];
  let equals: number | undefined;
  let mark: string | undefined;
  // The blank at the end ends the last word.
  for (const [piece] of `${setting} `.matchAll(/\\["']|["']|\s+|=|[^\s"'\\=]+|\\/g)) {
    if (mark === undefined && /^\s/.test(piece)) {
      if (raw !== "") words.push({ raw, plain, equals });
      [raw, plain, equals] = ["", "", undefined];
      continue;
    }
    raw += piece;
    if (mark === undefined && (piece === '"' || piece === "'")) mark = piece;
    else if (piece === mark) mark = undefined;
    else {
      if (piece === "=" && mark === undefined) equals ??= plain.length;
      plain += /^\\["']$/.test(piece) ? piece.slice(1) : piece;
    }
  }
  return { words, open: mark === undefined ? undefined : { mark, raw: raw.trimEnd() } };
}

function toLabel({ plain, equals }: Word): Label | undefined {
  if (equals === undefined) return undefined;
  return { key: plain.slice(0, equals), value: plain.slice(equals + 1), origin: ORIGIN };
}

function neededForLone({ raw }: Word, before: Word | undefined, setting: string): string {
  const label = before === undefined ? undefined : toLabel(before);
  if (label === undefined) return "A '=' and a value are needed behind the key\nteam=vision";
  const example = quotePiece(`${label.key}="${label.value} ${raw}"`, setting);
  return `A '=' is needed; or quotation marks, if it belongs to the value before it\n${example}`;
}

function neededForKey(key: string): string | undefined {
  if (key === "") return "A key is needed before the '='";
  if (GOOD_KEY.test(key)) return whyReserved(key);
  return "A key has letters and digits, and '.', '-', '_' and '/' between them";
}

/** As in business-tags.yaml. */
function neededForValue(value: string): string | undefined {
  return value.trim() === ""
    ? "A value is needed behind the '='; remove the key where there is none"
    : undefined;
}

function neededForTwice({ key }: Label, earlier: Label | undefined): string | undefined {
  return earlier === undefined ? undefined : `The key ${key} stands there twice; keep one`;
}
