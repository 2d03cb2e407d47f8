import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";
import { defineFailures } from "../../kit/failure.ts";
import { bulleted, hostOf, listed, text } from "../../kit/text.ts";
import { broughtLines } from "../../python/accelerated/failures.ts";
import { askingFor } from "../../python/provided/asking-for.ts";
import { projectForImport } from "../../python/import-names.ts";
import { isStandardModule } from "../../python/standard-modules.ts";
import type { Complaint } from "../../python/uv/complaints.ts";
import type { Unfit } from "../../python/uv/narrow-lock.ts";
import {
  describeBuildComplaint,
  explainBuild,
  lastLines,
} from "../../python/wheels/build-complaints.ts";

type Of<Kind extends Complaint["kind"]> = Extract<Complaint, { kind: Kind }>;

/**
 * `where` quotes the requirement with its file and line, or says that another package asks for it;
 * `python` is the minor version of the app's Python.
 */
interface Where {
  readonly where: string;
}

/** The app's Python. */
interface OfPython {
  /** "3.13" */
  readonly python: string;
  /** The file of another package manager that asks for it. */
  readonly pythonFile: string | undefined;
}

/** Of an index: the line that names it, as `where` quotes it; undefined where none does. */
interface Named {
  readonly named: string | undefined;
}

/** What another package manager has of a package that pip does not find. */
export interface There {
  readonly provider: string;
  readonly version: string;
  readonly file: string;
}

/** CUDA's libraries in a lock; `hardware` is the line that speaks against them, at `where`. */
interface OfCuda {
  readonly hardware: string;
  readonly where: string;
  readonly packages: readonly string[];
  /** The app's own requirements that lead to them. */
  readonly brought: readonly string[];
}

export const failure = defineFailures<{
  "build-failed": Of<"build-failed"> & Where;
  "build-requirements": Of<"build-requirements">;
  "conflicting-urls": Of<"conflicting-urls">;
  "contradicts-provided": {
    readonly explanation: string;
    /** Packages and lines, each with where it is from. */
    readonly found: readonly string[];
    readonly provider: string;
    readonly file: string;
  };
  "cuda-differs": OfCuda & { readonly major: string };
  "cuda-unasked": OfCuda;
  denied: { readonly url: string; readonly status: string; readonly sent: string | undefined };
  git: Of<"git"> & { readonly where: string; readonly sent: string | undefined };
  "hashes-missing": { readonly names: readonly string[]; readonly because: string };
  "http-status": Of<"http-status"> & Named;
  interpreter: Of<"interpreter">;
  "metadata-differs": Of<"metadata-differs"> & Where;
  "name-differs": Of<"name-differs"> & Where;
  "needs-other-python": Of<"needs-other-python"> & Where & OfPython;
  "no-such-package": Of<"no-such-package"> &
    Where & { readonly indexes: readonly string[]; readonly there: There | undefined };
  "no-such-version": Of<"no-such-version"> &
    Where & { readonly newest: string | undefined; readonly there: There | undefined };
  "no-wheel-for-platform": Of<"no-wheel-for-platform"> & Where & { readonly arch: string };
  "no-wheel-for-python": OfPython &
    Where & {
      readonly name: string;
      readonly version: string | undefined;
      /** "3.11", oldest first. */
      readonly pythons: readonly string[];
    };
  "not-a-requirement": Of<"not-a-requirement"> & Where;
  "not-installable": Of<"not-installable">;
  "only-source": Of<"only-source"> & Where;
  "poetry-unlocked": object;
  "python-missing": object;
  "remote-file": Of<"remote-file">;
  "requirements-invalid": { readonly problems: readonly Problem[] };
  tls: Of<"tls"> & Named;
  "torch-index-unreachable": { readonly url: string; readonly reason: string };
  "torch-not-there": {
    readonly name: string;
    readonly url: string;
    readonly where: string;
    readonly explanation: string;
  };
  "toml-invalid": {
    readonly file: string;
    readonly line: number | undefined;
    readonly issue: string;
  };
  unfit: {
    readonly unfit: readonly Unfit[];
    readonly python: string;
    readonly where: (name: string) => string;
  };
  unknown: { readonly output: string };
  unreachable: Of<"unreachable"> & Named;
  unsatisfiable: Of<"unsatisfiable"> & { readonly named: readonly string[] };
}>({
  "build-failed": ({ source, name, output, where }) => ({
    blame: "app",
    title: `Unable to learn what ${name} depends on`,
    body: text`
      ${where}

      ${
        source.includes("file://")
          ? "Only running its build tells that, and the build failed."
          : `It has no wheel for this Python and platform, so that ${source} is asked by running its build, which failed.`
      }

      ${adviceForBuild(source, name, output)}
    `,
    details: lastLines(output),
  }),
  "build-requirements": ({ requirements, explanation }) => ({
    blame: "app",
    title: "Unable to install what a package's build requires",
    body: text`
      Its pyproject.toml asks under [build-system] for: ${requirements}

      ${explanation}

      Correct the names there if the package is your own; otherwise take another version of it.
    `,
  }),
  "conflicting-urls": ({ name, urls }) => ({
    blame: "app",
    title: `${name} is asked for from two places`,
    body: text`
      Found:
      ${bulleted(urls)}

      Keep one of them.
    `,
  }),
  "contradicts-provided": ({ explanation, found, provider, file }) => ({
    blame: "app",
    title: `What pip is asked for does not go together with ${provider}'s packages`,
    body: text`
      ${explanation}

      Found:
      ${bulleted(found)}

      ${provider}'s packages stay as they are for what only another package asks for. Write the version that is needed under 'dependencies:' of ${file}, so that ${provider} chooses all its packages for it; or ask pip for another version of what needs it.
    `,
  }),
  denied: ({ url, status, sent }) => ({
    blame: "app",
    title:
      sent === undefined
        ? `${hostOf(url)} asks for credentials`
        : `${hostOf(url)} refuses the credentials`,
    body:
      sent === undefined
        ? text`
            ${url} answered with status ${status}.

            Needed: a user name and a password or token that may read it. Give them in a binding of type pypi, with the keys url, username and password, or url and token. Or put them into variables of the build, and name the variables in the file, in the index's address:

              https://\${INDEX_USER}:\${INDEX_PASSWORD}@${hostOf(url)}/…

            or set PIP_INDEX_URL or PIP_EXTRA_INDEX_URL to the whole URL. Credentials reach neither the image nor its metadata.
          `
        : text`
            ${url} answered with status ${status} to those of ${sent}.

            Needed: a user name and a password or token that may read it. One that expires has to be renewed. In an address, characters such as '@', ':' and '/' in it are written as in URLs (%40, %3A, %2F); in a binding they stand as they are.
          `,
  }),
  git: (facts) => ({
    blame: facts.reason === "no-host" ? "environment" : "app",
    title: `Unable to fetch ${facts.url === "" ? "a repository" : facts.url}`,
    body: text`
      ${facts.where}

      ${gitAdvice(facts)}
    `,
  }),
  "hashes-missing": ({ names, because }) => ({
    blame: "app",
    title: "Some packages have no hash",
    body: text`
      ${because}, so that every package needs one, also those that others depend on. Without:

      ${bulleted(names)}

      Write the file anew with all of them, for example with 'uv pip compile --generate-hashes' or 'pip-compile --generate-hashes'; or remove the hashes.
    `,
  }),
  "http-status": ({ url, status, named }) =>
    status.startsWith("5")
      ? {
          blame: "environment",
          title: `${hostOf(url)} does not work at present`,
          body: `${url} answered with status ${status}.${lineBelow(named)}`,
        }
      : {
          blame: "app",
          title: "Unable to download a file of the requirements",
          body: text`
            ${url} answered with status ${status}.${lineBelow(named)}

            Check that the address is written correctly and still exists.
          `,
        },
  interpreter: ({ issue }) => ({
    blame: "buildpack",
    title: "Unable to run the app's Python",
    body: issue,
  }),
  "metadata-differs": ({ source, issue, where }) => ({
    blame: "app",
    title: `A package is not what its requirement says`,
    body: text`
      ${where}

      The requirement says ${source}, but ${issue}. Correct the requirement.
    `,
  }),
  "name-differs": ({ asked, found, where }) => ({
    blame: "app",
    title: `${asked} is another package`,
    body: text`
      ${where}

      The file is a package called ${found}. Write ${found} as the name, or correct the address.
    `,
  }),
  "needs-other-python": ({ name, version, needed, where, python, pythonFile }) => ({
    blame: "app",
    title: `${name} is not for Python ${python}`,
    body: text`
      ${where}

      ${name}${version === "" ? "" : ` ${version}`} needs Python ${needed}; the app has ${python}. ${adviceForPython(`Ask for another version of ${name}`, pythonFitting(needed), pythonFile)}
    `,
  }),
  "no-such-package": ({ name, where, indexes, there }) => ({
    blame: "app",
    title: `There is no package called ${name}`,
    body: [
      where,
      `Looked on ${listed(indexes)}.`,
      there === undefined ? adviceForName(name) : adviceForThere(name, there),
    ].join("\n\n"),
  }),
  "no-such-version": ({ name, where, newest, explanation, there }) => ({
    blame: "app",
    title: `There is no such version of ${name}`,
    body: text`
      ${where}

      ${explanation}

      ${adviceForVersion(where, newest)}${there === undefined ? "" : `\n\n${adviceForThere(name, there)}`}
    `,
  }),
  "no-wheel-for-platform": ({ name, platforms, where, arch }) => ({
    blame: "app",
    title: `${name} has no files for Linux on ${arch}`,
    body: text`
      ${where}

      ${platforms.length === 0 ? "It" : `It exists for ${listed(platforms)}; it`} can't be installed in an image of linux/${arch}. If the app uses it on other systems only, say so:

        ${name} ; sys_platform == "${platforms.some((platform) => platform.startsWith("win")) ? "win32" : "darwin"}"
    `,
  }),
  "no-wheel-for-python": ({ name, version, pythons, python, where, pythonFile }) => ({
    blame: "app",
    title: `${name}${version === undefined ? "" : ` ${version}`} is not for Python ${python}`,
    body: text`
      ${where}

      ${pythons.length === 0 ? `It has no file for Python ${python}.` : `It exists for Python ${listed(pythons)}; the app has ${python}.`}

      ${pythonAdvice(name, pythons, pythonFile)}
    `,
  }),
  "not-a-requirement": ({ issue, line, where }) => ({
    blame: "app",
    title: "Unable to read a requirement",
    body: text`
      ${where}

        ${line}

      ${issue}.
    `,
  }),
  "not-installable": ({ source }) => ({
    blame: "app",
    title: `${source} can't be installed`,
    body: "A directory that is installed needs a pyproject.toml or a setup.py.",
  }),
  "only-source": ({ name, where }) => ({
    blame: "app",
    title: `${name} exists as source only`,
    body: text`
      ${where}

      --only-binary forbids building it. Allow it with --no-binary ${name}, or ask for a version that has a wheel.
    `,
  }),
  "poetry-unlocked": () => ({
    blame: "app",
    title: "Poetry has not locked the project",
    body: text`
      Found: pyproject.toml with [tool.poetry.dependencies], and no poetry.lock beside it.
      Needed: poetry.lock, which says what is installed; commit it with the app

        poetry lock
    `,
  }),
  "python-missing": () => ({
    blame: "environment",
    title: "No Python was provided for pip's packages",
    body: "Found no buildpack before this one that provides an interpreter. The builder's order needs ml-buildpacks/python before ml-buildpacks/pip.",
  }),
  "remote-file": ({ url }) => ({
    blame: "app",
    title: "Unable to read a requirements file of another host",
    body: text`
      Found: ${url}

      Check that the address exists and the build can reach it; or copy the file into the app.
    `,
  }),
  "cuda-differs": ({ hardware, where, major, packages, brought }) => ({
    blame: "app",
    title: `The packages are for CUDA ${major}, and the image is not`,
    body: text`
      Found in ${where}: ${hardware}
      Found in the packages: ${listed(packages)}
      ${broughtLines(brought)}

      Choose versions that are made for this CUDA, or write 'cuda==${major}' into hardware.txt. Where torch comes from is BP_TORCH_INDEX's: an index of all other packages has it for one CUDA version only.
    `,
  }),
  "cuda-unasked": ({ hardware, where, packages, brought }) => ({
    blame: "app",
    title: "The packages bring CUDA's libraries, and the image is not for CUDA",
    body: text`
      Found in ${where}: ${hardware}
      Found in the packages: ${listed(packages)}
      ${broughtLines(brought)}

      For GPUs, write 'cuda' into hardware.txt. Otherwise take torch from an index that has it for CPUs: leave out BP_TORCH_INDEX, or let it name a mirror of https://download.pytorch.org/whl.
    `,
  }),
  "requirements-invalid": ({ problems }) => ({
    blame: "app",
    title: "Unable to read what is to be installed",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  tls: ({ url, named }) => ({
    blame: "environment",
    title: `The certificate of ${hostOf(url)} is not trusted`,
    body: text`
      ${url}${lineBelow(named)}

      If the network has a proxy or an index with a certificate of its own, give its authority's certificate to the build in a binding of type ca-certificates.
    `,
  }),
  "toml-invalid": ({ file, line, issue }) => ({
    blame: "app",
    title: `Unable to read ${file}`,
    body: text`
      Found${line === undefined ? "" : ` in line ${line}`}: ${issue}
      Needed: a valid TOML document.
    `,
  }),
  "torch-index-unreachable": ({ url, reason }) => ({
    blame: "environment",
    title: "The index of torch's packages can't be reached",
    body: text`
      Found: ${url}: ${reason}

      torch and its companions have wheels for each kind of hardware, which lie on an index of their own. In a closed network, set BP_TORCH_INDEX to the address of a mirror of https://download.pytorch.org/whl (the directories cpu, cu128, … lie below it); or to 'default' where the index of all other packages has the wheels that the hardware needs.
    `,
  }),
  "torch-not-there": ({ name, url, where, explanation }) => ({
    blame: "app",
    title: `The index of torch's packages has no ${name} that fits`,
    body: text`
      ${where}
      Looked for on: ${url}
      Found: ${explanation}

      The index follows from the hardware. Ask for a version that it has, or for other hardware in hardware.txt. BP_TORCH_INDEX names another index.
    `,
  }),
  unfit: ({ unfit, python, where }) => ({
    blame: "app",
    title:
      unfit.length === 1
        ? `Unable to install ${unfit[0]?.name}`
        : "Unable to install some packages",
    body: unfit.map((one) => `${where(one.name)}\n\n${describeUnfit(one, python)}`).join("\n\n"),
  }),
  unknown: ({ output }) => ({
    blame: "app",
    title: "Unable to resolve the requirements",
    body: "uv, which resolves them, says below what is in the way.",
    details: lastLines(output),
  }),
  unreachable: ({ url, reason, named }) => ({
    blame: "environment",
    title: `Unable to reach ${url === "" ? "the index" : hostOf(url)}`,
    body: text`
      ${url === "" ? "Packages are looked for there" : url}: ${reason}.${lineBelow(named)}

      ${named === undefined ? "Check" : "If the address there is right, check"} that the build has a network. Behind a proxy it needs HTTPS_PROXY and NO_PROXY; another index is named with PIP_INDEX_URL.
    `,
  }),
  unsatisfiable: ({ explanation, named }) => ({
    blame: "app",
    title: "The requirements contradict each other",
    body: text`
      ${explanation}

      ${named.length === 0 ? "None of these is named in the app's files; packages of the app ask for them." : `Found:\n${bulleted(named)}`}

      Loosen one of the requirements. Packages that are not named are not the cause.
    `,
  }),
});

function adviceForName(name: string): string {
  const project = projectForImport(name);
  if (project !== undefined) {
    return `That is the name of a module; the package is called otherwise. Write:\n\n  ${project}`;
  }
  if (SPACY_MODEL.test(name)) {
    return `A model of spaCy is not on PyPI. Write the address of its wheel, in the version that fits spaCy's:\n\n  ${name} @ https://github.com/explosion/spacy-models/releases/download/…/….whl\n\nhttps://spacy.io/usage/models#models-download lists them.`;
  }
  return isStandardModule(name)
    ? `${name} is a module of Python itself and need not be installed. Remove the line.`
    : "Check its spelling. If it is a package of your own, name its index with --extra-index-url; if it is a module of the app, remove the line.";
}

const SPACY_MODEL = /^(?:xx|[a-z]{2})[-_](?:core|dep|ent|sent)[-_][a-z]+[-_](?:sm|md|lg|trf)$/;

/** https://pytorch.org/get-started/previous-versions/ */
function adviceForVersion(where: string, newest: string | undefined): string {
  const [, backend] = /\+(cpu|cu\d+|rocm[\d.]+|xpu)\b/.exec(where) ?? [];
  if (backend !== undefined) {
    return `Versions with '+${backend}' are on PyTorch's own index only. Name it in a line of the file:\n\n  --extra-index-url https://download.pytorch.org/whl/${backend}`;
  }
  const known = newest === undefined ? "" : `The newest is ${newest}. `;
  return `${known}Ask for a version that exists.`;
}

function adviceForBuild(source: string, name: string, output: string): string {
  const from = source.includes("file://") ? ("directory" as const) : ("sdist" as const);
  const project = projectForImport(name);
  return project === undefined
    ? describeBuildComplaint(explainBuild(output), { from, name })
    : `The package that is meant is probably ${project}; write that in its place.`;
}

function gitAdvice({
  url,
  reason,
  ref,
  sent,
}: Of<"git"> & { readonly sent: string | undefined }): string {
  switch (reason) {
    case "no-host":
      return `${hostOf(url)} can't be reached. Check that the build has a network; behind a proxy it needs HTTPS_PROXY.`;
    case "no-repository":
      return "There is no such repository, or it asks for credentials. Check the address.";
    case "no-ref":
      return `The repository has no branch, tag or commit '${ref ?? ""}'. Write an existing one after '@'.`;
    case "no-ssh":
      return `The build has no SSH client and no keys. Use HTTPS with a token in a variable of the build:\n\n  git+https://\${GIT_TOKEN}@${url.replace(/^ssh:\/\/(?:[^@/]*@)?/, "")}`;
    case "denied":
      return sent === undefined
        ? `${hostOf(url)} asks for credentials (many hosts do so, too, for a repository that does not exist). Give them in a binding of type git, with the keys host and token. Or put a token into a variable of the build:\n\n  git+https://\${GIT_TOKEN}@${hostOf(url)}/…`
        : `${hostOf(url)} refuses the credentials of ${sent} (many hosts do so, too, for a repository that does not exist). They must be allowed to read the repository; those that expire have to be renewed.`;
    case "other":
      return "Check that the address is that of a git repository.";
  }
}

/** ">=3.14" → "3.14", "<3.12" → "3.11". */
function pythonFitting(needed: string): string {
  const [, least] = />=?\s*(3\.\d+)/.exec(needed) ?? [];
  const [, operator = "", bound = ""] = /(<=?)\s*3\.(\d+)/.exec(needed) ?? [];
  if (bound !== "") return `3.${operator === "<" ? Number(bound) - 1 : bound}`;
  return least ?? "3.12";
}

function pythonAdvice(name: string, pythons: readonly string[], file: string | undefined): string {
  const newest = pythons.at(-1);
  if (newest === undefined)
    return `Ask for a version of ${name} that is newer, or remove the version to get the newest that fits.`;
  return file === undefined
    ? `Name that Python in a file .python-version:\n\n  ${newest}\n\nor ask for a version of ${name} that is newer.`
    : adviceForPython(`Ask for a version of ${name} that is newer`, newest, file);
}

/** With another Python as the way besides the first. */
function adviceForPython(first: string, python: string, file: string | undefined): string {
  return file === undefined
    ? `${first}, or name a Python that fits in a file .python-version:\n\n  ${python}`
    : `${first}, or for a Python that fits. ${askingFor(file, [`python=${python}`])}`;
}

function adviceForThere(name: string, { provider, version, file }: There): string {
  return `${provider} has ${name} ${version}. To take that, remove the line or let it allow that version; for another one of ${provider}'s, change ${file}.`;
}

function lineBelow(named: string | undefined): string {
  return named === undefined ? "" : `\n\n${named}`;
}

function describeUnfit({ name, version, reason }: Unfit, python: string): string {
  const what = version === undefined ? name : `${name} ${version}`;
  switch (reason.kind) {
    case "no-file":
      return reason.wheels.length === 0 && reason.sdist
        ? `${what} exists as source only, which --only-binary forbids.`
        : `${what} has no file that can be installed for Python ${python} on this platform.`;
    case "hashes":
      return `No file of ${what} that fits has one of the hashes that are given:\n\n${bulleted(reason.demanded)}\n\nThe files that exist have:\n\n${bulleted(reason.found)}\n\nIf the file was published anew, find out why before you change the hash. If the lock was made on another platform, make it for all (uv pip compile --universal --generate-hashes).`;
    case "no-sha256":
      return `${reason.file} has no SHA-256 in its index. Give one with --hash=sha256:…`;
    case "outside":
      return `${reason.path} is outside of the app, which is all that the build sees.`;
    case "vcs":
      return `Of version control systems only git is supported, not ${reason.type}.`;
  }
}
