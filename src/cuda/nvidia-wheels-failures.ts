import { type CommandError, describeEnd } from "../kit/command.ts";
import { defineFailures, type Failure } from "../kit/failure.ts";
import { bulleted, hostOf, text } from "../kit/text.ts";
import { describeProblem, type Problem } from "../kit/wrong-lines.ts";
import { findComplaint } from "../python/uv/complaints.ts";

/** `what` is how a message names what the wheels are for: "CUDA's compiler". */
export const failure = defineFailures<{
  "index-settings-invalid": { problems: readonly Problem[] };
  "no-wheel": { what: string; name: string; version: string; arch: string };
  "not-on-index": { what: string; requirements: readonly string[]; explanation: string };
  "wheel-changed": { what: string; wheel: string; expected: string; found: string };
  "wheels-denied": { what: string; url: string; status: string };
  "wheels-failed": { what: string; ended: string; output: string };
  "wheels-unreachable": { what: string; url: string; reason: string };
}>({
  "index-settings-invalid": ({ problems }) => ({
    blame: "app",
    title: "Unable to read where packages are downloaded from",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "no-wheel": ({ what, name, version, arch }) => ({
    blame: "app",
    title: `Unable to install ${what} for this architecture`,
    body: text`
      Found: ${name} ${version}, without a wheel for Linux on ${arch}.
      Needed: another version of CUDA in hardware.txt, or a build for another architecture.
    `,
  }),
  "not-on-index": ({ what, requirements, explanation }) => ({
    blame: "app",
    title: `The index does not have the wheels of ${what}`,
    body: text`
      Looked for:
      ${bulleted(requirements)}

      Found: ${explanation}

      They are NVIDIA's own, from https://pypi.org. Where PIP_INDEX_URL names another index, it must have them, too; or name a version of CUDA in hardware.txt that it has.
    `,
  }),
  "wheel-changed": ({ what, wheel, expected, found }) => ({
    blame: "environment",
    title: `A wheel of ${what} is not the file that was expected`,
    body: text`
      Found for ${wheel}:
        sha256:${found}
      Needed, as it was when the versions were chosen:
        sha256:${expected}

      A proxy or a mirror may have changed the file, or cut it off. A new value of BP_LOCK_EPOCH chooses anew.
    `,
  }),
  "wheels-denied": ({ what, url, status }) => ({
    blame: "app",
    title: `${hostOf(url)} asks for credentials`,
    body: text`
      The wheels of ${what} are looked for there. ${url} answered with status ${status}.

      Needed: a user name and a password or token that may read it, in a binding of type pypi (url, username, password), or in PIP_INDEX_URL. Credentials reach neither the image nor its metadata.
    `,
  }),
  "wheels-failed": ({ what, ended, output }) => ({
    blame: "environment",
    title: `Unable to install ${what}`,
    body: `uv, which downloads and unpacks NVIDIA's wheels, ${ended}.`,
    details: output,
  }),
  "wheels-unreachable": ({ what, url, reason }) => ({
    blame: "environment",
    title: `Unable to download ${what}`,
    body: text`
      ${url}: ${reason}.

      Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. PIP_INDEX_URL names another index, such as a mirror in a closed network.
    `,
  }),
});

/** Puts what uv says into words. */
export function wheelsFailure(
  error: CommandError,
  what: string,
  requirements: readonly string[],
): Failure {
  const { output, ended } = error;
  const complaint = findComplaint(output);
  switch (complaint.kind) {
    case "hash-mismatch": {
      const { file: wheel, expected, found } = complaint;
      return failure("wheel-changed", { what, wheel, expected, found }, error);
    }
    case "denied":
      return failure(
        "wheels-denied",
        { what, url: complaint.url, status: complaint.status },
        error,
      );
    case "http-status":
      return failure(
        "wheels-unreachable",
        { what, url: complaint.url, reason: `it answered with status ${complaint.status}` },
        error,
      );
    case "tls":
      return failure(
        "wheels-unreachable",
        { what, url: complaint.url, reason: "its certificate is not trusted" },
        error,
      );
    case "unreachable":
      return failure(
        "wheels-unreachable",
        { what, url: complaint.url, reason: complaint.reason },
        error,
      );
    case "no-such-package":
    case "no-such-version":
    case "no-wheel-for-platform":
    case "no-wheel-for-python":
    case "needs-other-python":
    case "only-source":
    case "unsatisfiable":
      return failure(
        "not-on-index",
        { what, requirements, explanation: complaint.explanation },
        error,
      );
    // What uv says of sources, repositories and requirements that only an app can have.
    case "build-failed":
    case "build-requirements":
    case "conflicting-urls":
    case "git":
    case "interpreter":
    case "metadata-differs":
    case "name-differs":
    case "not-a-requirement":
    case "not-installable":
    case "remote-file":
    case "unknown":
      return failure("wheels-failed", { what, ended: describeEnd(ended), output }, error);
  }
}
