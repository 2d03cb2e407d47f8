import { nearest } from "../../kit/text.ts";

/** One option of a requirements file, as pip names it in full. */
export interface ParsedOption {
  readonly name: OptionName;
  /** "" for a flag. */
  readonly value: string;
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format/#supported-options */
const OPTIONS = {
  "--index-url": { takesValue: true },
  "--extra-index-url": { takesValue: true },
  "--no-index": { takesValue: false },
  "--constraint": { takesValue: true },
  "--requirement": { takesValue: true },
  "--editable": { takesValue: true },
  "--find-links": { takesValue: true },
  "--no-binary": { takesValue: true },
  "--only-binary": { takesValue: true },
  "--prefer-binary": { takesValue: false },
  "--require-hashes": { takesValue: false },
  "--pre": { takesValue: false },
  "--trusted-host": { takesValue: true },
  "--use-feature": { takesValue: true },
  "--hash": { takesValue: true },
  "--config-settings": { takesValue: true },
  "--global-option": { takesValue: true },
} as const satisfies Record<string, { takesValue: boolean }>;

type OptionName = keyof typeof OPTIONS;

const OTHER_SPELLINGS: Readonly<Record<string, OptionName>> = {
  "-i": "--index-url",
  "--pypi-url": "--index-url",
  "-c": "--constraint",
  "-r": "--requirement",
  "-e": "--editable",
  "-f": "--find-links",
  "-C": "--config-settings",
  "--config-setting": "--config-settings",
};

/** Options of the pip command that people write into the file, where pip refuses them too. */
const OF_THE_COMMAND = new Set([
  "--upgrade",
  "-U",
  "--user",
  "--no-deps",
  "--no-cache-dir",
  "--quiet",
  "-q",
  "--verbose",
  "-v",
  "--target",
  "-t",
  "--prefix",
  "--force-reinstall",
  "--ignore-installed",
  "-I",
  "--no-build-isolation",
  "--break-system-packages",
  "--timeout",
  "--retries",
  "--proxy",
  "--cert",
  "--platform",
  "--python-version",
]);

export type OptionsResult =
  | { readonly ok: true; readonly options: readonly ParsedOption[] }
  | { readonly ok: false; readonly needed: string };

/** The options of one logical line that begins with '-', or that follow a requirement. */
export function parseOptions(text: string): OptionsResult {
  const words = splitWords(text);
  if (words === undefined)
    return { ok: false, needed: "A quotation mark has no partner; add it or remove this one" };
  const options: ParsedOption[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const { spelling, attached } = takeApart(word);
    const name = nameOf(spelling);
    if (name === undefined) return { ok: false, needed: unknownOption(word, spelling) };
    if (!OPTIONS[name].takesValue) {
      if (attached !== undefined)
        return { ok: false, needed: `${name} takes no value; write it alone` };
      options.push({ name, value: "" });
      continue;
    }
    if (attached === undefined) index += 1;
    const value = attached ?? words[index];
    if (value === undefined || value === "") return { ok: false, needed: missingValue(name) };
    options.push({ name, value });
  }
  return { ok: true, options };
}

function takeApart(word: string): {
  readonly spelling: string;
  readonly attached: string | undefined;
} {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    if (equals < 0) return { spelling: word, attached: undefined };
    return { spelling: word.slice(0, equals), attached: word.slice(equals + 1) };
  }
  if (isLongName(`-${word}`)) return { spelling: word, attached: undefined };
  // "-rother.txt" and "-e.": the value may follow a short option at once.
  const short = word.slice(0, 2);
  return word.length > 2 && short in OTHER_SPELLINGS
    ? { spelling: short, attached: word.slice(2).replace(/^=/, "") }
    : { spelling: word, attached: undefined };
}

function isLongName(word: string): boolean {
  return (word.split("=")[0] ?? "") in OPTIONS;
}

function nameOf(spelling: string): OptionName | undefined {
  if (spelling in OPTIONS) return spelling as OptionName;
  if (OTHER_SPELLINGS[spelling] !== undefined) return OTHER_SPELLINGS[spelling];
  // Python's optparse, which pip uses, takes a beginning that only one option has.
  const begun = (Object.keys(OPTIONS) as OptionName[]).filter((name) => name.startsWith(spelling));
  return spelling.startsWith("--") && spelling.length > 3 && begun.length === 1
    ? begun[0]
    : undefined;
}

function unknownOption(word: string, spelling: string): string {
  if (!word.startsWith("-"))
    return `'${word}' follows an option; give it a line of its own, or remove it`;
  if (OF_THE_COMMAND.has(spelling)) {
    return `${spelling} is an option of the pip command, not of a requirements file; remove it`;
  }
  const dashes = spelling.replace(/^[-\u2010-\u2015]+/, "--");
  const [meant] = nearest(dashes, Object.keys(OPTIONS), 1);
  if (meant !== undefined) return `'${spelling}' is not an option; did you mean ${meant}?`;
  return `'${spelling}' is not an option that a requirements file can have; remove it`;
}

const EXAMPLES: Partial<Record<OptionName, string>> = {
  "--requirement": "-r base.txt",
  "--constraint": "-c constraints.txt",
  "--editable": "-e .",
  "--index-url": "--index-url https://pypi.org/simple",
  "--extra-index-url": "--extra-index-url https://packages.example.com/simple",
  "--find-links": "--find-links ./wheels",
};

function missingValue(name: OptionName): string {
  const example = EXAMPLES[name];
  return `A value is needed after ${name}${example === undefined ? "" : `, for example: ${example}`}`;
}

/** As a shell splits them, without expansions; undefined where a quotation mark is left open. */
function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}
