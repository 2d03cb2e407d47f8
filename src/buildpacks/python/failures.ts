import { defineFailures } from "../../kit/failure.ts";
import { hostOf, listed, text } from "../../kit/text.ts";
import { OLDEST_MINOR } from "../../python/version/lifetime.ts";
import type { Origin } from "./request.ts";

interface Asked {
  readonly origin: Origin;
  /** As it was written. */
  readonly text: string;
}

export const failure = defineFailures<{
  "interpreter-missing": { path: string };
  "file-not-text": { file: string; encoding: string };
  "project-unreadable": { file: string; line: number | undefined; reason: string };
  "request-not-understood": Asked & { hint: string | undefined };
  "implementation-unsupported": Asked;
  "free-threaded-unsupported": Asked;
  "prerelease-unsupported": Asked;
  "version-too-old": Asked & { newest: readonly string[] };
  "version-unavailable": Asked & { nearest: readonly string[]; newest: readonly string[] };
  "list-unavailable": { url: string | undefined; output: string };
  /** `origin` asks for another Python than the run image's; undefined where nothing of the app has. */
  "download-failed": {
    version: string;
    url: string;
    reason: string;
    origin: Origin | undefined;
  };
  "checksum-wrong": { version: string; url: string };
  "release-unusable": { version: string; url: string; output: string };
}>({
  "interpreter-missing": ({ path }) => ({
    blame: "environment",
    title: "The build image has no Python interpreter",
    body: text`
      Found: no ${path} that belongs to a package of the run image
      Needed: a build image that stands on its run image, as those of this builder do
    `,
  }),

  "file-not-text": ({ file, encoding }) => ({
    blame: "app",
    title: `The file ${file} can't be read`,
    body: text`
      Found: bytes that are not text in ${encoding.toUpperCase()}
      Needed: a text file in UTF-8
    `,
  }),

  "project-unreadable": ({ file, line, reason }) => ({
    blame: "app",
    title: `The file ${file} can't be read`,
    body: text`
      Found: ${reason}${line === undefined ? "" : ` (line ${line})`}
      Needed: valid TOML, with the Python version as text: ${file === "Pipfile" ? 'python_version = "3.12"' : 'requires-python = ">=3.11"'}
    `,
  }),

  "request-not-understood": ({ origin, text: written, hint }) => ({
    blame: "app",
    title: "The Python version that the app asks for is not understood",
    body: text`
      Found: ${quote(origin, written)}${hint === undefined ? "" : `\nDid you mean: ${hint}`}
      Needed: one of these forms

        3.12             the run image's Python if it is a 3.12, else the newest 3.12
        3.12.4           exactly this release
        >=3.10,<3.13     a range, as in requires-python
        ~=3.11           3.11 or newer, below 4
        ^3.11            3.11 or newer, below 4, as Poetry writes it
        ~3.11            3.11 or newer, below 3.12, as Poetry writes it
    `,
  }),

  "implementation-unsupported": ({ origin, text: written }) => ({
    blame: "app",
    title: "The app asks for another Python than CPython",
    body: text`
      Found: ${quote(origin, written)}
      Needed: a version of CPython, such as 3.12

      Packages with compiled parts, such as NumPy and PyTorch, are published for CPython.
    `,
  }),

  "free-threaded-unsupported": ({ origin, text: written }) => ({
    blame: "app",
    title: "The app asks for a Python without the global interpreter lock",
    body: text`
      Found: ${quote(origin, written)}
      Needed: a version of the usual build, such as ${written.replace(/t$|\+.*$/i, "")}
    `,
  }),

  "prerelease-unsupported": ({ origin, text: written }) => ({
    blame: "app",
    title: "The app asks for a Python that is not released yet",
    body: text`
      Found: ${quote(origin, written)}
      Needed: a final release, such as 3.12
    `,
  }),

  "version-too-old": ({ origin, text: written, newest }) => ({
    blame: "app",
    title: `The app asks for a Python before 3.${OLDEST_MINOR}`,
    body: text`
      Found: ${quote(origin, written)}
      Needed: one of ${listed(newest, "or")}

      Older versions get no security fixes (https://devguide.python.org/versions/).
    `,
  }),

  "version-unavailable": ({ origin, text: written, nearest, newest }) => ({
    blame: "app",
    title: "The Python version that the app asks for is not available",
    body: text`
      Found: ${quote(origin, written)}
      ${available(nearest, newest)}

      A release that is very new becomes available with a newer builder.
    `,
  }),

  "list-unavailable": ({ url, output }) => ({
    blame: "environment",
    title: "The list of Python releases can't be read",
    body:
      url === undefined
        ? "uv lists the releases that it knows; it has failed."
        : text`
            Found: BP_PYTHON_DOWNLOADS_JSON_URL=${url}
            Needed: a list of releases in uv's format
            (https://docs.astral.sh/uv/reference/environment/#uv_python_downloads_json_url)
          `,
    details: output,
  }),

  "download-failed": ({ version, url, reason, origin }) => ({
    // The app can do without, and is told so.
    blame: origin === undefined ? "environment" : "app",
    title: `Python ${version} can't be downloaded from ${hostOf(url)}`,
    body: `${text`
      Found: ${reason}
      Needed: access to ${url}

      1. If the build has no access to ${hostOf(url)}, set BP_PYTHON_INSTALL_MIRROR to the
         address of a mirror of python-build-standalone's releases.
      2. If it goes through a proxy, set HTTPS_PROXY, and bind the proxy's certificate
         (type ca-certificates) if it has one of its own.
    `}${origin === undefined ? "" : `\n${runImagePython(origin)}`}`,
  }),

  "checksum-wrong": ({ version, url }) => ({
    blame: "environment",
    title: `Python ${version} from ${hostOf(url)} is not the file that was expected`,
    body: text`
      Found: another SHA-256 than the list of releases tells
      Needed: the unchanged file of ${url}

      A mirror or a proxy between the build and the release has changed or cut the file.
    `,
  }),

  "release-unusable": ({ version, url, output }) => ({
    blame: "environment",
    title: `Python ${version} from ${hostOf(url)} does not run`,
    body: text`
      Found: an interpreter that fails to start in the build image
      Needed: a release for Linux with glibc and this architecture
    `,
    details: output,
  }),
});

function runImagePython(origin: Origin): string {
  const place =
    origin.kind === "variable" ? origin.name : `the version in ${origin.file}, line ${origin.line}`;
  return `3. Or use the run image's Python, which needs no download: remove or widen\n   ${place}.`;
}

function quote(origin: Origin, written: string): string {
  return origin.kind === "variable"
    ? `${origin.name}=${written}`
    : `"${written}" (${origin.file}, line ${origin.line})`;
}

function available(nearest: readonly string[], newest: readonly string[]): string {
  if (nearest.length > 0) return `Available: ${listed(nearest)}, and other minor versions`;
  return newest.length > 0 ? `Available: ${listed(newest)}` : "Available: none";
}
