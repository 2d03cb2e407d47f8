import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../support/temporary.ts";
import { type ByApt, type ByBuildpack, installByApt, installByBuildpack } from "./both-ways.ts";
import { type Difference, differences, touched } from "./differences.ts";
import { RULES } from "./difference-rules.ts";

/** Of different kinds: each has maintainer scripts, links or modes that others have not. */
const REQUESTED = [
  "dbus",
  "default-jre-headless",
  "docbook-xml",
  "fonts-dejavu-core",
  "ghostscript",
  "git",
  "graphviz",
  "hunspell-en-us",
  "imagemagick",
  "jq",
  "less",
  "libgtk-3-0t64",
  "libimage-exiftool-perl",
  "libopenblas0-pthread",
  "librsvg2-bin",
  "locales",
  "nginx-light",
  "openssh-client",
  "poppler-utils",
  "postgresql-client",
  "procps",
  "python3-yaml",
  "sudo",
  "tdsodbc",
  "tesseract-ocr",
  "unixodbc",
  "vim-tiny",
  "wget",
];

/** Name of a file to write every path to, by rule; the test prints the first few of each. */
const REPORT = process.env["LIKE_APT_GET_REPORT"];

test("what a Dockerfile's apt-get install would have is there, or a rule says why not", async () => {
  const directory = await temporaryDirectory();
  const [apt, buildpack] = await Promise.all([
    installByApt(REQUESTED, join(directory, "apt")),
    installByBuildpack(REQUESTED, join(directory, "buildpack")),
  ]);

  const found = explain(apt, buildpack);
  await report(found.byRule, touched(apt).length);

  expect(buildpack.packages.toSorted()).toEqual(apt.packages.toSorted());
  expect(found.unexplained.map(words)).toEqual([]);
  expect(directoriesOfOneRule(found.byRule, touched(apt))).toEqual([]);
  // A rule that explains nothing explains too much one day.
  expect(RULES.map(({ name }) => name).filter((name) => !found.byRule.has(name))).toEqual([]);
});

type ByRule = ReadonlyMap<string, readonly Difference[]>;

function explain(apt: ByApt, buildpack: ByBuildpack) {
  const byRule = new Map<string, Difference[]>();
  const unexplained: Difference[] = [];
  for (const difference of differences(apt, buildpack)) {
    const rule = RULES.find(({ explains }) => explains(difference, { apt, buildpack }));
    if (rule === undefined) unexplained.push(difference);
    else byRule.set(rule.name, [...(byRule.get(rule.name) ?? []), difference]);
  }
  return { byRule, unexplained };
}

/** "rule: directory" where nothing that apt-get put there is left. */
function directoriesOfOneRule(byRule: ByRule, all: readonly string[]): readonly string[] {
  return [...byRule].flatMap(([name, explained]) => {
    const paths = new Set(explained.map(({ path }) => path));
    const left = new Set(all.filter((path) => !paths.has(path)).flatMap(standardDirectories));
    const covered = new Set(all.filter((path) => paths.has(path)).flatMap(standardDirectories));
    return [...covered].filter((directory) => !left.has(directory)).map((one) => `${name}: ${one}`);
  });
}

/** https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html */
function standardDirectories(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return [1, 2, 3]
    .map((length) => names.slice(0, length).join("/"))
    .filter((directory) => STANDARD.test(directory));
}

const STANDARD =
  /^(etc|opt|usr\/(bin|games|include|lib|libexec|sbin|share)|usr\/lib\/[^/]*-linux-gnu|usr\/share\/[^/]+|var\/lib)$/;

async function report(byRule: ByRule, total: number): Promise<void> {
  const counts = RULES.map(({ name, why }) => {
    const paths = (byRule.get(name) ?? []).map(({ path }) => path);
    const first = paths.slice(0, 3).join(" ");
    return `${String(paths.length).padStart(6)}  ${name}: ${why}\n${" ".repeat(8)}${first}`;
  });
  process.stdout.write(`${total} paths by apt-get install; not there, or otherwise:\n`);
  process.stdout.write(`${counts.join("\n")}\n`);
  if (REPORT === undefined) return;
  const lines = [...byRule].map(([name, those]) => [`# ${name}`, ...those.map(words), ""]);
  await writeFile(REPORT, lines.flat().join("\n"));
}

function words({ path, kind }: Difference): string {
  return `${kind} ${path}`;
}
