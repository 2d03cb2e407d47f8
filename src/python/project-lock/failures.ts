import { defineFailures } from "../../kit/failure.ts";
import { listed, nearest, text } from "../../kit/text.ts";
import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";
import type { Unfit } from "../uv/narrow-lock.ts";
import type { PylockPackage } from "../uv/pylock.ts";
import { describeUnfit } from "./describe-unfit.ts";

/** What a project's own lock file can't be installed for. `relock` is the command that makes it again. */
export const failure = defineFailures<{
  "lock-stale": {
    readonly lockFile: string;
    /** The file that has changed since: "pyproject.toml". */
    readonly project: string;
    readonly found: string;
    readonly relock: string;
  };
  "lock-invalid": {
    readonly lockFile: string;
    /** Counted from 1, where it is known. */
    readonly line: number | undefined;
    readonly issue: string;
    readonly relock: string;
  };
  "project-missing": {
    readonly lockFile: string;
    readonly project: string;
  };
  "project-invalid": {
    readonly file: string;
    readonly line: number | undefined;
    readonly issue: string;
  };
  "group-unknown": {
    readonly setting: "BP_GROUPS" | "BP_EXTRAS";
    readonly names: readonly string[];
    readonly file: string;
    readonly known: readonly string[];
  };
  "member-unknown": { readonly name: string; readonly known: readonly string[] };
  /** Groups and extras of which a project installs one alone; `named` is "extra cpu and group a". */
  "names-conflict": { readonly named: string };
  /** uv's own words, where nothing of them is known. */
  "export-failed": { readonly output: string; readonly relock: string };
  "not-for-here": {
    readonly lockFile: string;
    readonly issue: string;
    /** What is to be done before the lock is made again, where it is not about Python's version. */
    readonly advice?: string;
    readonly relock: string;
  };
  "hardware-differs": {
    readonly lockFile: string;
    /** The line that speaks against the packages, and where it stands. */
    readonly hardware: string;
    readonly where: string;
    readonly packages: readonly string[];
    readonly mend: string;
  };
  unfit: {
    readonly unfit: readonly Unfit[];
    /** With all files of each. */
    readonly packages: readonly PylockPackage[];
    readonly lockFile: string;
    /** "3.13" */
    readonly python: string;
  };
  "files-not-found": {
    readonly lockFile: string;
    readonly name: string;
    readonly version: string | undefined;
    /** What each index said: "it does not answer". */
    readonly answers: readonly { readonly index: string; readonly answer: string }[];
    /** Variables that the indexes' addresses name and the build lacks. */
    readonly unset?: readonly string[];
    readonly relock: string;
  };
  "settings-invalid": { readonly problems: readonly Problem[] };
  "secrets-in-addresses": { readonly problems: readonly Problem[] };
  "python-missing": { readonly manager: string };
}>({
  "lock-stale": ({ lockFile, project, found, relock }) => ({
    blame: "app",
    title: `${lockFile} is not the lock of this ${project}`,
    body: text`
      Found: ${found}
      Needed: a lock that was made from ${project} as it is now. Run this in the project, and build
      again with the ${lockFile} that it writes:

        ${relock}
    `,
  }),
  "lock-invalid": ({ lockFile, line, issue, relock }) => ({
    blame: "app",
    title: `${lockFile} can't be read`,
    body: text`
      Found${line === undefined ? "" : ` in line ${line}`}: ${issue}
      Needed: the file as the package manager writes it. Bring it back as it was (from git, say), or
      delete it and make it anew:

        ${relock}
    `,
  }),
  "project-missing": ({ lockFile, project }) => ({
    blame: "app",
    title: `${lockFile} lies alone`,
    body: text`
      Found: ${lockFile}, and no ${project} beside it.
      Needed: both; ${project} says which of the locked packages the app asks for itself.
    `,
  }),
  "project-invalid": ({ file, line, issue }) => ({
    blame: "app",
    title: `${file} can't be read`,
    body: text`
      Found${line === undefined ? "" : ` in line ${line}`}: ${issue}
      Needed: a file that the project's package manager reads, too.
    `,
  }),
  "group-unknown": ({ setting, names, file, known }) => ({
    blame: "app",
    title: `${file} has no ${setting === "BP_GROUPS" ? "dependency group" : "extra"} ${listed(names, "or")}`,
    body: text`
      Found: ${setting} names ${listed(names)}.
      Needed: ${known.length === 0 ? "none can be named; the project has none" : `those that the project has: ${listed(known)}`}.${names.map((name) => hint(name, known)).join("")}
    `,
  }),
  "member-unknown": ({ name, known }) => ({
    blame: "app",
    title: `The uv workspace has no member ${name}`,
    body: text`
      Found: BP_UV_PACKAGE names ${name}.
      Needed: ${known.length === 0 ? "a workspace; the project has none" : `one of its members: ${listed(known)}`}.${hint(name, known)}
    `,
  }),
  "names-conflict": ({ named }) => ({
    blame: "app",
    title: "BP_GROUPS and BP_EXTRAS name what excludes each other",
    body: text`
      Found: ${named}, which 'conflicts' in [tool.uv] of pyproject.toml keeps apart.
      Needed: one of them alone in BP_GROUPS or BP_EXTRAS.
    `,
  }),
  "export-failed": ({ output, relock }) => ({
    blame: "app",
    title: "uv.lock can't be used",
    body: text`
      uv, which compares it with pyproject.toml, says below what is in the way. It asks an index only
      where the lock does not fit the project any more, or where a local package has to be built to
      learn what it depends on. In the first case, run this in the project:

        ${relock}
    `,
    details: output,
  }),
  "not-for-here": ({ lockFile, issue, advice = FOR_PYTHON, relock }) => ({
    blame: "app",
    title: `${lockFile} is for another Python or platform`,
    body: text`
      Found: ${issue}
      Needed: ${advice}:

        ${relock}
    `,
  }),
  "hardware-differs": ({ lockFile, hardware, where, packages, mend }) => ({
    blame: "app",
    title: `${lockFile} and the hardware contradict each other`,
    body: text`
      Found in ${where}: ${hardware}
      Found in ${lockFile}: ${listed(packages)}

      ${mend}
    `,
  }),
  unfit: ({ unfit, packages, lockFile, python }) => ({
    blame: "app",
    title:
      unfit.length === 1
        ? `${unfit[0]?.name} can't be installed as ${lockFile} has it`
        : `Some packages can't be installed as ${lockFile} has them`,
    body: unfit.map((one) => describeUnfit(one, packages, python)).join("\n\n"),
  }),
  "files-not-found": ({ lockFile, name, version, answers, unset = [], relock }) => ({
    blame: "app",
    title: `No index has ${[name, version].filter((part) => part !== undefined).join(" ")} as ${lockFile} has it`,
    body: text`
      Found: ${answers.map(({ index, answer }) => `${index}: ${answer}`).join("\n")}${unset.length === 0 ? "" : `\nNot set in the build: ${listed(unset)}, which ${lockFile} has in the address of an index.`}
      Needed: an index with the files whose digests are in ${lockFile}.

      1. Where it does not answer, build again when it does.
      2. Where it asks for credentials, bind them (type pypi), or write them as variables into its
         URL: https://\${USER}:\${PASSWORD}@…
      3. Where the files are gone from it, make the lock again:

        ${relock}
    `,
  }),
  "settings-invalid": ({ problems }) => ({
    blame: "app",
    title: "Unable to read where packages are downloaded from",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "secrets-in-addresses": ({ problems }) => ({
    blame: "app",
    title: "The project's files hold secrets that would be in the image",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "python-missing": ({ manager }) => ({
    blame: "environment",
    title: "No Python was chosen for the app",
    body: text`
      Found: no earlier buildpack of this build has handed over an interpreter.
      Needed: ml-buildpacks/python before ml-buildpacks/${manager} in the builder's order.
    `,
  }),
});

const FOR_PYTHON = `a lock for the Python that the app has. Name the version in a file .python-version,
or let the project allow this one and make the lock again`;

function hint(name: string, known: readonly string[]): string {
  const [near] = nearest(name, known, 2);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}
