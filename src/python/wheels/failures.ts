import { describeEnd, type Ended } from "../../kit/command.ts";
import { defineFailures } from "../../kit/failure.ts";
import { bulleted, text } from "../../kit/text.ts";
import type { OwnLock } from "../lock.ts";
import { describeSource, type Source } from "./source.ts";
import { describeBuildComplaint, explainBuild, lastLines } from "./build-complaints.ts";

/** `source` is how a message names what is built, see `describeSource`. */
export const failure = defineFailures<{
  "build-failed": { source: Source; output: string; ended: Ended | undefined };
  "build-requirements-failed": {
    source: string;
    requirements: readonly string[];
    output: string;
  };
  "download-failed": { source: string; host: string; reason: string; output: string };
  "git-failed": { source: string; reason: string; output: string };
  "hash-mismatch": {
    source: string;
    url: string;
    found: string;
    wanted: string;
    own: OwnLock | undefined;
  };
  "not-an-archive": { source: string; output: string };
  "pyproject-invalid": { source: string; problem: string };
  "sdist-not-found": { source: string; output: string; own: OwnLock | undefined };
  "source-without-project": { source: string; subdirectory: string | undefined };
  "toolkit-missing": { source: string; cuda: string };
  "wheel-of-another-name": { source: string; wheel: string; name: string };
}>({
  "build-failed": ({ source, output, ended }) => ({
    blame: "app",
    title: `${describeSource(source)} could not be built from source`,
    body: [
      `It is built here, since the lock has no wheel of it that fits. Its build ${ended === undefined ? "made no wheel" : describeEnd(ended)}.`,
      describeBuildComplaint(explainBuild(output), source),
    ]
      .filter((paragraph) => paragraph !== "")
      .join("\n\n"),
    details: lastLines(output),
  }),
  "build-requirements-failed": ({ source, requirements, output }) => ({
    blame: "app",
    title: `What the build of ${source} requires could not be installed`,
    body: text`
      It asks for:

      ${bulleted(requirements)}

      Take a version that has a wheel for this Python, or see below what is in the way.
    `,
    details: lastLines(output),
  }),
  "download-failed": ({ source, host, reason, output }) => ({
    blame: "environment",
    title: `${source} could not be downloaded`,
    body: text`
      From ${host}: ${reason}.

      Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if the certificate is your own, a binding of type pypi if it asks for credentials.
    `,
    details: output,
  }),
  "git-failed": ({ source, reason, output }) => ({
    blame: "app",
    title: `${source} could not be fetched with git`,
    body: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
    details: lastLines(output),
  }),
  "hash-mismatch": ({ source, url, found, wanted, own }) => ({
    blame: "app",
    title: `${source} is not the file that was locked`,
    body: text`
      Its SHA-256 digest differs, so that it has not been used.

      From: ${url}
      Found: ${found}
      Needed: ${wanted}

      If the file was replaced on purpose, lock again: ${lockAgain(own)}. If you don't know why, don't install it.
    `,
  }),
  "not-an-archive": ({ source, output }) => ({
    blame: "app",
    title: `${source} could not be unpacked`,
    body: "The file is neither a tar archive (.tar.gz) nor a zip archive, or it is damaged. A source distribution has to be one of them.",
    details: output,
  }),
  "pyproject-invalid": ({ source, problem }) => ({
    blame: "app",
    title: `${source} could not be built from source`,
    body: text`
      Its pyproject.toml does not say how it is built: ${problem}

      Needed, for example:

        [build-system]
        requires = ["setuptools"]
        build-backend = "setuptools.build_meta"
    `,
  }),
  "sdist-not-found": ({ source, output, own }) => ({
    blame: "app",
    title: `The source distribution of ${source} could not be found`,
    body: `It is in the lock, but the indexes no longer offer it as it was. To lock again, ${lockAgain(own)}.`,
    details: lastLines(output),
  }),
  "source-without-project": ({ source, subdirectory }) => ({
    blame: "app",
    title: `${source} is not a Python project`,
    body: text`
      There is neither a pyproject.toml nor a setup.py in ${subdirectory === undefined ? "its top directory" : `its directory ${subdirectory}`}.

      If the project is in another directory, name it: #subdirectory=path/to/project at the end of the URL.
    `,
  }),
  "toolkit-missing": ({ source, cuda }) => ({
    blame: "app",
    title: `${source} needs CUDA's compiler, which nobody has asked for`,
    body: text`
      Write a file hardware.txt with the line:

        cuda==${cuda}
    `,
  }),
  "wheel-of-another-name": ({ source, wheel, name }) => ({
    blame: "app",
    title: `${source} is a project of another name`,
    body: text`
      Found: ${wheel}
      Needed: a wheel of ${name}

      Correct the name in the requirement.
    `,
  }),
});

function lockAgain(own: OwnLock | undefined): string {
  return own === undefined
    ? "set BP_LOCK_EPOCH to a new value"
    : `make ${own.file} anew (${own.relock})`;
}
