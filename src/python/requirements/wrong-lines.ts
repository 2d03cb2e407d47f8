import { counted, nearest } from "../../kit/text.ts";
import { explainLine, type Problem, type WrongLine } from "../../kit/wrong-lines.ts";
import { projectForImport } from "../import-names.ts";

/** What is needed in place of a line that is not a requirement, as one or two sentences. */
export function explainWrongLine(line: string): string {
  return (
    explainLine(line, WRONG_LINES) ??
    "A requirement is needed: a package's name and perhaps versions, for example: numpy>=1.26"
  );
}

/** conda's names are often others than pip's, or those of libraries. */
const CONDA_LIST_LINE = /^\w[\w.-]*=\d[\w.!+]*=\w+$/;

function neededForCondaList(others: number): string {
  const what = others === 0 ? "" : ` (as ${counted(others, "other line is", "other lines are")})`;
  return `This is a line of 'conda list --export'${what}, which pip can't read. In that environment write conda's file, or else pip's\nconda env export --from-history > environment.yml\npip list --format=freeze > requirements.txt`;
}

/** A whole list of conda's is told once. */
export function foldCondaLists(problems: readonly Problem[]): readonly Problem[] {
  const ofList = problems.filter(({ line }) => CONDA_LIST_LINE.test(line));
  const [first, ...others] = ofList;
  return problems
    .filter((one) => one === first || !ofList.includes(one))
    .map((one) => (one === first ? { ...one, needed: neededForCondaList(others.length) } : one));
}

const WRONG_LINES: readonly WrongLine[] = [
  {
    when: /^```/,
    needed: () => "Remove the Markdown marks around the requirements",
  },
  {
    when: /^(?:[$>#!%]\s*)?(?:sudo\s+)?(?:python[\d.]*\s+-m\s+|uv\s+)?pip[\d.]*\s+install\s+(.*)$/,
    needed: ([, what = ""]) =>
      `Only what is installed goes here, one a line and without the command: ${wordsOf(what)}`,
  },
  {
    when: /^(?:[$!]\s*)?(?:sudo\s+)?apt(?:-get)?\s+install\s+(.*)$/,
    needed: ([, what = ""]) =>
      `These are packages of Debian, which go into a file apt.txt in the app's root, one a line: ${wordsOf(what)}`,
  },
  {
    when: /^(?:[$!]\s*)?conda\s+install\b/,
    needed: () => "Conda's packages go into environment.yml; here, name the PyPI package",
  },
  {
    when: /^(?:import\s+([\w.]+)|from\s+([\w.]+)\s+import\b)/,
    needed: ([, plain, from]) => {
      const module = (plain ?? from ?? "").split(".")[0] ?? "";
      return `This is a line of Python; name the package to install: ${projectForImport(module) ?? module}`;
    },
  },
  {
    when: /^(?:dependencies|channels|name|requirements|packages|install_requires)\s*[:=]/i,
    needed: () =>
      "One package a line is needed; lists of YAML, TOML or setup.py belong into their own files",
  },
  {
    when: /^[-*•]\s+([A-Za-z0-9].*)$/,
    needed: ([, what]) => `Remove the list mark: ${what}`,
  },
  {
    when: /^["']([^"']+)["'],?$/,
    needed: ([, what]) => `Write it without quotation marks and comma: ${what}`,
  },
  {
    when: /^@EXPLICIT$/,
    needed: () =>
      "With this line the file is conda's list of packages and their addresses; give it the name conda-linux-64.lock",
  },
  {
    when: CONDA_LIST_LINE,
    needed: () => neededForCondaList(0),
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*=\s*["']([\^~]?)([\d.*]+)["']$/,
    needed: ([, name, mark, version]) =>
      `This is a line of pyproject.toml; here write ${name}${mark === "" ? "==" : ">="}${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*=>\s*(\S+)$/,
    needed: ([, name, version]) => `The comparison is written '>=': ${name}>=${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*=<\s*(\S+)$/,
    needed: ([, name, version]) => `The comparison is written '<=': ${name}<=${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*=\s*([^=\s].*)$/,
    needed: ([, name, version]) => `Two equals signs are needed: ${name}==${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*\^\s*(\S+)$/,
    needed: ([, name, version]) =>
      `'^' is Poetry's; here write ${name}>=${version}, with an upper bound if one is needed`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*~\s*(\d\S*)$/,
    needed: ([, name, version]) => `The comparison is written '~=': ${name}~=${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)@(\d[\w.]*)$/,
    needed: ([, name, version]) => `'@' is npm's; here write ${name}==${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s+v?(\d[\w.!+]*)(?:\s+\S+)?$/,
    needed: ([, name, version]) => `Between name and version '==' is needed: ${name}==${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*:\s*v?(\d[\w.!+]*)$/,
    needed: ([, name, version]) => `Between name and version '==' is needed: ${name}==${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)\s*\(([\d.]+)\)$/,
    needed: ([, name, version]) => `Write the version as ${name}==${version}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*\[[^\]]*)$/,
    needed: ([, start]) => `The bracket of the extras is not closed: ${start}]`,
  },
  {
    // The build has no keys, nor an SSH client.
    when: /^(?:git\+)?git@([^:]+):(\S+)$/,
    needed: ([, host, path]) =>
      `Write the repository as a URL: git+https://${host}/${path} (with \${GIT_TOKEN}@ before the host if it is private, and that variable in the build)`,
  },
  {
    when: /^(?:requirement|constraint)s?\s+(\S+)$/,
    needed: ([, file]) => `Another file is included with -r: -r ${file}`,
  },
  {
    when: /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*,\s*[A-Za-z]/,
    needed: () => "Each requirement needs a line of its own, without commas between them",
  },
  {
    when: /^[A-Za-z0-9][\w.-]*(?:\s+[A-Za-z0-9][\w.-]*)+$/,
    needed: () =>
      "Each requirement needs a line of its own, without explanations; a comment begins with '#'",
  },
  {
    when: /^([A-Za-z0-9][\w.-]*)[-_.](?=\s|$|[=<>~!])/,
    needed: ([, name]) => `A name ends in a letter or digit, as in ${name}`,
  },
  {
    when: /^[^\x20-\x7e]/,
    needed: () =>
      "The line begins with a character that is not plain ASCII; type the name anew, with '-' as dash",
  },
];

/** What a command is given, without its options. */
function wordsOf(command: string): string {
  return command
    .split(/\s+/)
    .filter((word) => !word.startsWith("-"))
    .join(", ");
}

/** For a file that `-r` or `-c` names and that is not there. */
export function nearestFile(wanted: string, present: readonly string[]): string | undefined {
  return nearest(wanted, present, 1)[0];
}
