/** Why uv could not resolve, as its output tells. */
export type Complaint =
  | { readonly kind: "no-such-package"; readonly name: string; readonly explanation: string }
  | { readonly kind: "no-such-version"; readonly name: string; readonly explanation: string }
  | {
      readonly kind: "no-wheel-for-python";
      readonly name: string;
      readonly version: string | undefined;
      /** "cp311" */
      readonly tags: readonly string[];
      readonly explanation: string;
    }
  | {
      readonly kind: "no-wheel-for-platform";
      readonly name: string;
      readonly platforms: readonly string[];
      readonly explanation: string;
    }
  | { readonly kind: "only-source"; readonly name: string; readonly explanation: string }
  | {
      readonly kind: "needs-other-python";
      readonly name: string;
      readonly version: string;
      /** ">=3.14" */
      readonly needed: string;
      readonly explanation: string;
    }
  | { readonly kind: "unsatisfiable"; readonly explanation: string }
  | { readonly kind: "conflicting-urls"; readonly name: string; readonly urls: readonly string[] }
  | { readonly kind: "name-differs"; readonly asked: string; readonly found: string }
  | { readonly kind: "not-a-requirement"; readonly issue: string; readonly line: string }
  | { readonly kind: "not-installable"; readonly source: string }
  | {
      readonly kind: "build-failed";
      readonly source: string;
      readonly name: string;
      readonly output: string;
    }
  | {
      readonly kind: "build-requirements";
      readonly requirements: string;
      readonly explanation: string;
    }
  | { readonly kind: "metadata-differs"; readonly source: string; readonly issue: string }
  | {
      readonly kind: "git";
      readonly url: string;
      readonly reason: "no-host" | "no-repository" | "no-ref" | "no-ssh" | "denied" | "other";
      readonly ref: string | undefined;
    }
  | { readonly kind: "tls"; readonly url: string }
  | { readonly kind: "unreachable"; readonly url: string; readonly reason: string }
  | { readonly kind: "denied"; readonly url: string; readonly status: string }
  | { readonly kind: "http-status"; readonly url: string; readonly status: string }
  | { readonly kind: "remote-file"; readonly url: string }
  | { readonly kind: "interpreter"; readonly issue: string }
  | {
      readonly kind: "hash-mismatch";
      /** "numpy 2.2.6", or the name alone of what a URL names. */
      readonly file: string;
      /** SHA-256, hexadecimal. */
      readonly expected: string;
      readonly found: string;
    }
  | { readonly kind: "unknown" };

/** The first line of the table that fits counts. */
export function findComplaint(output: string): Complaint {
  for (const { phrase, complaint } of COMPLAINTS) {
    const match = phrase.exec(output);
    if (match !== null) return complaint(match, output);
  }
  return { kind: "unknown" };
}

interface Phrase {
  readonly phrase: RegExp;
  readonly complaint: (match: RegExpExecArray, output: string) => Complaint;
}

/**
 * What uv 0.13 says, by phrases that have stood for many releases. test/fixtures/uv-output has a
 * recorded output for each; a phrase that changes there ends as `unknown`, with uv's own words.
 */
const COMPLAINTS: readonly Phrase[] = [
  {
    // Of releases of Python uv gives the digests alone.
    phrase:
      /Hash mismatch for `([^`@]+?)(?: @ [^`]*)?`\s+Expected:\s+(?:sha256:)?(\w+)\s+Computed:\s+(?:sha256:)?(\w+)/,
    complaint: ([, file = "", expected = "", found = ""]) => ({
      kind: "hash-mismatch",
      file: file.replace("==", " "),
      expected,
      found,
    }),
  },
  // Transport before resolution: a file that is not fetched makes every other statement doubtful.
  {
    phrase: /Git operation failed/,
    complaint: (_match, output) => gitComplaint(output),
  },
  {
    phrase: /invalid peer certificate|self[- ]signed certificate|UnknownIssuer|CertificateRequired/,
    complaint: (_match, output) => ({ kind: "tls", url: fetchedUrl(output) }),
  },
  {
    phrase: /HTTP status (?:client|server) error \((401|403|407)\b/,
    complaint: ([, status = ""], output) => ({ kind: "denied", url: fetchedUrl(output), status }),
  },
  {
    phrase: /HTTP status (?:client|server) error \((\d{3})\b/,
    complaint: ([, status = ""], output) => ({
      kind: "http-status",
      url: fetchedUrl(output),
      status,
    }),
  },
  {
    phrase: /Error while accessing remote requirements file: (\S+)/,
    complaint: ([, url = ""]) => ({ kind: "remote-file", url: url.replace(/:$/, "") }),
  },
  {
    phrase:
      /(?:dns error|tunnel error|Connection refused|Connection reset|operation timed out|timed out|connection closed|error sending request|unexpected EOF)/i,
    complaint: (_match, output) => ({
      kind: "unreachable",
      url: fetchedUrl(output),
      reason: unreachableReason(output),
    }),
  },
  {
    phrase:
      /Failed to resolve requirements from `(?:build-system\.requires|setup\.py build)`\s+cause: No solution found when resolving: (.+)/,
    complaint: ([, requirements = ""], output) => ({
      kind: "build-requirements",
      requirements: requirements.replaceAll("`", ""),
      explanation: explanationOf(output),
    }),
  },
  {
    phrase: /Failed to (?:download and )?build `([^`]+)`/,
    complaint: ([, source = ""], output) => ({
      kind: "build-failed",
      source,
      name: nameIn(source),
      output: buildOutput(output),
    }),
  },
  {
    phrase:
      /Package metadata (name|version) `([^`]+)` does not match given (?:name|version) `([^`]+)`/,
    complaint: ([, what = "", found = "", given = ""]) => ({
      kind: "metadata-differs",
      source: given,
      issue: `its ${what} is ${found}`,
    }),
  },
  {
    phrase: /Requested package name `([^`]+)` does not match `([^`]+)`/,
    complaint: ([, asked = "", found = ""]) => ({ kind: "name-differs", asked, found }),
  },
  {
    phrase: /Requirements contain conflicting URLs for package `([^`]+)`[^:]*:\n((?:- .*\n?)+)/,
    complaint: ([, name = "", list = ""]) => ({
      kind: "conflicting-urls",
      name,
      urls: list
        .split("\n")
        .map((line) => line.replace(/^- /, "").trim())
        .filter((line) => line !== ""),
    }),
  },
  {
    phrase: /Couldn't parse requirement in [^\n]*\n\s+cause: ([^\n]*)\n\s+([^\n]*)\n/,
    complaint: ([, issue = "", line = ""]) => ({
      kind: "not-a-requirement",
      issue,
      line: line.trim(),
    }),
  },
  {
    phrase: /`?([^\s`]+)`? does not appear to be a Python project/,
    complaint: ([, source = ""]) => ({ kind: "not-installable", source }),
  },
  {
    phrase:
      /(?:Failed to inspect Python interpreter|Failed to query Python interpreter|No interpreter found)[^\n]*/,
    complaint: ([issue]) => ({ kind: "interpreter", issue }),
  },
  {
    phrase:
      /we only found wheels for `([^`]+)` \(v?([^)]+)\) with the following Python (?:ABI )?tags?: ([^\n]+)/,
    complaint: ([, name = "", version, tags = ""], output) => ({
      kind: "no-wheel-for-python",
      name,
      version,
      tags: quoted(tags),
      explanation: explanationOf(output),
    }),
  },
  {
    phrase: /([A-Za-z0-9._-]+)==(\S+) has no wheels with a matching Python/,
    complaint: ([, name = "", version = ""], output) => ({
      kind: "no-wheel-for-python",
      name,
      version,
      tags: [],
      explanation: explanationOf(output),
    }),
  },
  {
    phrase: /([A-Za-z0-9._-]+)==\S+ has no wheels with a matching platform tag/,
    complaint: ([, name = ""], output) => ({
      kind: "no-wheel-for-platform",
      name,
      platforms: quoted(/on the following platforms?: ([^\n]+)/.exec(output)?.[1] ?? ""),
      explanation: explanationOf(output),
    }),
  },
  {
    phrase: /Wheels are required for `([^`]+)` because building from source is disabled/,
    complaint: ([, name = ""], output) => ({
      kind: "only-source",
      name,
      explanation: explanationOf(output),
    }),
  },
  {
    phrase:
      /does not satisfy Python([<>=!~][^\s]*(?:,\S+)*) and ([A-Za-z0-9._-]+)(?:==(\S+))? depends on Python/,
    complaint: ([, needed = "", name = "", version = ""], output) => ({
      kind: "needs-other-python",
      name,
      version,
      needed,
      explanation: explanationOf(output),
    }),
  },
  {
    phrase:
      /([A-Za-z0-9._-]+) was not found in the (?:package registry|provided package locations)/,
    complaint: ([, name = ""], output) => ({
      kind: "no-such-package",
      name,
      explanation: explanationOf(output),
    }),
  },
  {
    phrase:
      /there (?:is|are) no versions? of ([A-Za-z0-9._-]+?)(?:\[[^\]]*\])?(?=[<>=!~\s])[^\n]*you require \1/,
    complaint: ([, name = ""], output) => ({
      kind: "no-such-version",
      name,
      explanation: explanationOf(output),
    }),
  },
  {
    phrase:
      /^  cause: Because only ([A-Za-z0-9._-]+?)(?:[<>=!~{]\S*)+ (?:is|are) available and you require \1[^\n,]*, we can conclude that your requirements are unsatisfiable\.$/m,
    complaint: ([, name = ""], output) => ({
      kind: "no-such-version",
      name,
      explanation: explanationOf(output),
    }),
  },
  {
    phrase: /No solution found when resolving/,
    complaint: (_match, output) => ({ kind: "unsatisfiable", explanation: explanationOf(output) }),
  },
];

/** uv's chain of reasons, without its marks and indentation. */
function explanationOf(output: string): string {
  const [, causes = ""] = /No solution found when resolving[^\n]*\n([^]*)$/.exec(output) ?? [];
  return (causes.split(/\n\n/)[0] ?? "")
    .split("\n")
    .map((line) => line.trim().replace(/^cause: /, ""))
    .join("\n")
    .trim();
}

function buildOutput(output: string): string {
  const [, said = output] = /\[(?:stdout|stderr)\]\n([^]*)$/.exec(output) ?? [];
  return said
    .replace(/\n\nhint: [^]*$/, "")
    .split("\n")
    .map((line) => line.replace(/^ {9}/, ""))
    .filter((line) => !/^\[(?:stdout|stderr)\]$/.test(line))
    .join("\n")
    .trim();
}

function nameIn(source: string): string {
  return /^[A-Za-z0-9._-]+/.exec(source)?.[0] ?? source;
}

function fetchedUrl(output: string): string {
  return (
    /(?:Failed to fetch: |for url \(|sending request for url \(|`--find-links` URL: )`?(\S+?)[`)]*(?:\s|$)/.exec(
      output,
    )?.[1] ?? ""
  );
}

function unreachableReason(output: string): string {
  if (/dns error|lookup address/.test(output)) return "its name can't be resolved";
  if (/tunnel error/.test(output)) return "the proxy does not answer or refuses";
  if (/Connection refused/.test(output)) return "it refuses connections";
  if (/timed out/i.test(output)) return "it does not answer in time";
  return "the connection was broken off";
}

function gitComplaint(output: string): Complaint {
  const [, url = ""] =
    /git fetch [^\n]*?'((?:https?|ssh|file|git):[^']*)'/.exec(output) ??
    /(?:clone|fetch)[^\n]* `([^`]+)`/.exec(output) ??
    [];
  const [, ref] =
    /failed to (?:find|fetch) (?:branch|tag|branch or tag|commit|rev|ref)[^`\n]*`([^`]+)`/.exec(
      output,
    ) ?? [];
  return { kind: "git", url, ref, reason: gitReason(output) };
}

function gitReason(output: string): Extract<Complaint, { kind: "git" }>["reason"] {
  if (/cannot run ssh/.test(output)) return "no-ssh";
  if (/Could not resolve host|Failed to connect|Connection (?:refused|timed out)/.test(output))
    return "no-host";
  if (
    /Authentication failed|could not read Username|terminal prompts disabled|returned error: 40[13]|Permission denied \(publickey/.test(
      output,
    )
  ) {
    return "denied";
  }
  if (/couldn't find remote ref|not our ref|failed to find branch/.test(output)) return "no-ref";
  if (
    /does not appear to be a git repository|[Rr]epository .*not found|returned error: 404/.test(
      output,
    )
  )
    return "no-repository";
  return "other";
}

/** "`cp38`, `cp39`" */
function quoted(list: string): readonly string[] {
  return [...list.matchAll(/`([^`]+)`/g)].map(([, item = ""]) => item);
}
