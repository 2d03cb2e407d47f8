import { explainLine, type WrongLine } from "../../kit/wrong-lines.ts";

/** What is needed in place of a line that asks for no package, where we know the mistake. */
export function explainWrongLine(line: string): string | undefined {
  return explainLine(line, WRONG_LINES);
}

/** Why the archive of a line or a stanza does not fit the image, where it is Ubuntu's. */
export function explainForeignArchive(source: string): string | undefined {
  if (!UBUNTU.test(source)) return undefined;
  const [suite] = /[a-z]+-pgdg\b/.exec(source) ?? [];
  return suite === undefined || suite === "trixie-pgdg"
    ? NOT_UBUNTU
    : `${NOT_UBUNTU}; PostgreSQL's archive has the suite trixie-pgdg in place of ${suite}`;
}

const NOT_UBUNTU = "The image is Debian 13 (trixie): packages of Ubuntu do not fit it";

/** By host, by path (`/repos/ubuntu2204/`), or by suite: https://wiki.ubuntu.com/Releases */
const UBUNTU =
  /\bubuntu\.com\b|\bppa\.launchpad(?:content)?\.net\b|\/ubuntu\d+(?=[/\s]|$)|(?<=\s)(?:trusty|xenial|artful|bionic|cosmic|disco|eoan|focal|groovy|hirsute|impish|jammy|kinetic|lunar|mantic|noble|oracular|plucky|questing)(?:-[a-z-]+)?(?=[/\s]|$)/;

const WRONG_LINES: readonly WrongLine[] = [
  { when: /^```/, needed: () => "Remove the Markdown marks around the packages" },
  {
    when: /^(?:[$#>]\s*|RUN\s+(?:--\S+\s+)*|&&\s*)?(?:DEBIAN_FRONTEND=\S+\s+)?(?:sudo\s+)?(?:apt(?:-get)?|aptitude)\s+(.*)$/i,
    needed: ([, rest = ""]) => {
      const names = namesAfterInstall(rest);
      if (names.length > 0) {
        return `Only what is installed goes here, without the command\n${names.join("\n")}`;
      }
      return /\binstall\b/.test(rest)
        ? "Remove the command; packages stand here by their names"
        : "The package lists are fetched anyway; remove the line";
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
    when: /^(?:&&|rm)\s/,
    needed: () => "Remove the line: no shell reads this",
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
    when: /^((?:[a-z0-9][\w.+:=~/-]*\s+)*[a-z0-9][\w.+:=~/-]*)\s*\\+$/,
    needed: ([, names]) => `Remove the backslash: ${names}`,
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
    when: /^([a-z0-9][a-z0-9+.-]*)\s*\(\s*=\s*(\d[^)\s]*)\s*\)$/,
    needed: ([, name, version]) => `Without blanks and brackets: ${name}=${version}`,
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*)\s*\(?\s*(?:>=|<=|~=|>|<|!=)/,
    needed: ([, name]) =>
      `apt takes one version or the newest; write ${name}, or ${name}=<version>`,
  },
  {
    when: /^([a-z0-9][a-z0-9+.-]*)\s+=\s*(\S+)$|^([a-z0-9][a-z0-9+.-]*)=\s+(\S+)$/,
    needed: ([, a, b, c, d]) => `Without blanks: ${a ?? c}=${b ?? d}`,
  },
  {
    when: /^[a-z0-9][a-z0-9+.-]*(?:\s*;\s*[a-z0-9][a-z0-9+.-]*)+\s*;?$/,
    needed: ([line]) =>
      `Each package needs a line of its own, without ';'\n${line
        .split(";")
        .map((name) => name.trim())
        .filter((name) => name !== "")
        .join("\n")}`,
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
    when: /^libGL(?:\.so(?:\.1)?)?$/,
    needed: () => "The package of this library is libgl1",
  },
  {
    when: /^lib\S*\.so(?:\.\d+)*$/,
    needed: ([file = ""]) => whichPackageHas(file),
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

/** A program that does not start names a file of a library, not the package of it. */
function whichPackageHas(file: string): string {
  const query = `suite=trixie&searchon=contents&mode=filename&keywords=${file}`;
  return `This is a file, not a package; the package that has it is found here\nhttps://packages.debian.org/search?${query}`;
}

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
