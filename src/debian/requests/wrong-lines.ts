/** What is needed in place of a line that asks for no package, where we know the mistake. */
export function explainWrongLine(line: string): string | undefined {
  for (const { when, needed } of WRONG_LINES) {
    const match = when.exec(line);
    if (match !== null) return needed(match);
  }
  return undefined;
}

interface WrongLine {
  readonly when: RegExp;
  readonly needed: (match: RegExpExecArray) => string;
}

/** The first that fits counts, so the special stand before the general. */
const WRONG_LINES: readonly WrongLine[] = [
  {
    when: /^(?:<{7}|={7}$|>{7}|\|{7})/,
    needed: () => "The file has an unsolved merge conflict; keep one side and remove the marks",
  },
  {
    when: /^version https:\/\/git-lfs\.github\.com\/spec/,
    needed: () => "This is Git LFS's pointer, not the file; run 'git lfs pull' before the build",
  },
  {
    when: /^(?:<!doctype\b|<html\b|<\?xml\b)/i,
    needed: () => "This is a web page; download the raw file in its place",
  },
  { when: /^```/, needed: () => "Remove the Markdown marks around the packages" },
  {
    when: /^(?:[$#>]\s*|RUN\s+)?(?:sudo\s+)?(?:apt(?:-get)?|aptitude)\s+(.*)$/i,
    needed: ([, rest = ""]) => {
      const names = namesAfterInstall(rest);
      return names.length === 0
        ? "The package lists are fetched anyway; remove the line"
        : `Only what is installed goes here, without the command\n${names.join("\n")}`;
    },
  },
  {
    when: /^(?:[$#>]\s*|RUN\s+)?(?:sudo\s+)?(?:add-apt-repository|apt-add-repository)\b/i,
    needed: () =>
      "Commands don't go here; an archive of packages is a file in apt.sources.d, with its key",
  },
  {
    when: /^(?::?ppa:)/,
    needed: () => "Ubuntu's PPAs hold packages for Ubuntu; the image is Debian's",
  },
  {
    when: /^(?:[$>!%]\s*)?(?:sudo\s+)?(?:python[\d.]*\s+-m\s+|uv\s+)?pip[\d.]*\s+install\s+(.*)$/,
    needed: ([, what = ""]) => `Python packages go into requirements.txt: ${wordsOf(what)}`,
  },
  {
    when: /^(?:[$!]\s*)?(?:conda|mamba|micromamba)\s+install\b/,
    needed: () => "Conda's packages go into environment.yml",
  },
  {
    when: /^-{1,2}[A-Za-z][\w-]*(?:=\S*)?(?:\s|$)/,
    needed: ([option = ""]) =>
      /recommends/.test(option)
        ? "Packages that are only recommended are left out anyway; remove the line"
        : /^-(?:y|yy|q|qq)\s?$|^--(?:yes|assume-yes|quiet)/.test(option)
          ? "Nothing is asked during a build; remove the line"
          : "apt's options don't go here; one package a line is needed",
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
    when: /^([a-z0-9][a-z0-9+.-]*)\s*(?:==|===)\s*([0-9][\w.:+~-]*)$/,
    needed: ([, name, version]) => `One equals sign is needed: ${name}=${version}`,
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*)\s*(?:>=|<=|~=|>|<|!=)/,
    needed: ([, name]) =>
      `apt takes one version or the newest; write ${name}, or ${name}= and a version`,
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*)\s+=\s*(\S+)$|^([a-z0-9][a-z0-9+.-]*)=\s+(\S+)$/,
    needed: ([, a, b, c, d]) => `Without blanks: ${a ?? c}=${b ?? d}`,
  },
  {
    when: /[;&|<>$`\\(){}!?[\]"'^]/,
    needed: () =>
      "No shell reads this, and nothing of it is run; a package's name has lower-case letters, digits, '+', '-' and '.' only",
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*)@(\d\S*)$/,
    needed: ([, name, version]) => `'@' is npm's; here write ${name}=${version}`,
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*)\s+v?(\d[\w.:+~-]*\.[\w.:+~-]*)$/,
    needed: ([, name, version]) => `Between name and version '=' is needed: ${name}=${version}`,
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*[a-z0-9+.])-$/,
    needed: ([, name]) =>
      `A '-' at the end would ask apt to remove ${name}, which the app can't; remove the line`,
  },
  {
    when: /^(?=\S*[A-Z])([A-Za-z0-9][A-Za-z0-9+.-]*)(=\S+)?$/,
    needed: ([, name = "", version = ""]) =>
      `Names of Debian packages are in lower case: ${name.toLowerCase()}${version}`,
  },
  {
    when: /^[a-z0-9][a-z0-9+.-]*(?:\s*,\s*[a-z0-9][a-z0-9+.-]*)+,?$|,$/,
    needed: () => "Each package needs a line of its own, without commas",
  },
  {
    when: /\*/,
    needed: () => "Patterns are not taken: they would install whatever fits; name each package",
  },
  {
    when: /^[a-z0-9][a-z0-9+.-]*_[a-z0-9+._-]*$/,
    needed: () => "Names of Debian packages have '-' where others have '_'",
  },
  {
    when: /^(?:packages|apt|apt_packages|dependencies|system_packages)\s*[:=]/i,
    needed: () => "One package a line is needed, without keys of YAML or TOML",
  },
  {
    when: /^[^\x20-\x7e]/,
    needed: () =>
      "The line begins with a character that is not plain ASCII; type the name anew, with '-' as dash",
  },
];

/** "update && apt-get install -y a b && rm -rf x" gives a and b. */
function namesAfterInstall(command: string): readonly string[] {
  return command
    .split(/&&|;|\|\|/)
    .flatMap((part) => /\binstall\b(.*)$/.exec(part)?.[1]?.split(/\s+/) ?? [])
    .filter((word) => /^[a-z0-9][\w.+:=~/-]*$/.test(word));
}

/** What a command is given, without its options. */
function wordsOf(command: string): string {
  return command
    .split(/\s+/)
    .filter((word) => !word.startsWith("-"))
    .join(", ");
}
