import type { Asked, Complaint, SourcePlace } from "../../debian/complaint.ts";
import { defineFailures, type Failure } from "../../kit/failure.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { bulleted, hostOf, listed, text } from "../../kit/text.ts";
import { describeProblem, sentenceWithLines } from "../../kit/wrong-lines.ts";

type Of<Kind extends Complaint["kind"]> = Extract<Complaint, { kind: Kind }>;

export function failureFor(complaint: Complaint, cause?: unknown): Failure {
  // Each kind is a code, and its facts are the complaint itself.
  return failure(complaint.kind, complaint as never, cause);
}

type Complaints = { readonly [Kind in Complaint["kind"]]: Of<Kind> };

type OfTheBuilder = {
  readonly architecture: { readonly arch: string };
  readonly "run-image-unknown": { readonly file: string };
};

export const failure = defineFailures<Complaints & OfTheBuilder>({
  architecture: ({ arch }) => ({
    blame: "environment",
    title: "Debian packages can't be installed for this architecture",
    body: text`
      Found: ${arch}
      Needed: amd64 or arm64
    `,
  }),
  "run-image-unknown": ({ file }) => ({
    blame: "environment",
    title: "The packages of the run image are not known",
    body: text`
      Found: a build image without ${file}, which says what the run image has.
      Needed: the builder ml-buildpacks/builder:cpu, or a build image that is made like its own.
    `,
  }),
  checksum: ({ name, url, expected, found, origin }) => ({
    blame: origin === undefined && !url.startsWith("./") ? "environment" : "app",
    title: `${name} is not the file that was expected`,
    body: text`
      Found in ${url}:
        sha256:${found}
      Needed${origin === undefined ? ", as it was when the packages were chosen" : `, by ${describeOrigin(origin)}`}:
        sha256:${expected}

      ${
        origin === undefined
          ? url.startsWith("./")
            ? "The app's file has changed since; a change of apt.txt takes it anew."
            : "A proxy or a mirror may have changed the file, or cut it off."
          : "Whoever offers the file has replaced it. If you trust the new one, write its checksum."
      }
    `,
  }),
  "component-missing": ({ component, ...place }) => ({
    blame: place.origin === undefined ? "environment" : "app",
    title: `An archive has no component ${component}`,
    body: text`
      ${quoted(place)}

      Look at the archive's own instructions: after the suite stand the components that it has, often 'main'.
    `,
  }),
  "deb-invalid": ({ text: line, origin, issue }) => ({
    blame: "app",
    title: "Unable to use a .deb file",
    body: text`
      Found in ${describeOrigin(origin)}: ${line}

      ${issue}.
    `,
  }),
  "deb-missing": ({ url, status }) => ({
    blame: "app",
    title: "Unable to download a .deb file",
    body: text`
      ${url} answered with status ${status}.

      Check that the address is written correctly and still exists.
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

            Needed: a user name and a password or token that may read it. Give them in a binding of type apt, with the keys url, username and password. Or put them into variables of the build, and name the variables in the address:

              https://\${APT_USER}:\${APT_PASSWORD}@${hostOf(url)}/…

            Credentials reach neither the image nor its metadata.
          `
        : text`
            ${url} answered with status ${status} to those of ${describeOrigin(sent)}.

            Needed: a user name and a password or token that may read it. One that expires has to be renewed.
          `,
  }),
  gone: ({ packages, isListed = false }) => {
    const local = packages.every(({ url }) => url.startsWith("./"));
    return {
      blame: isListed ? "environment" : "app",
      title: local
        ? "A .deb file of the app is no longer there"
        : isListed
          ? "An archive does not have the packages that it names"
          : "Some packages are no longer in the archive",
      body: text`
        Not found:
        ${bulleted(packages.map(({ name, version, url }) => `${name} ${version} (${url})`))}

        ${
          local
            ? "Put it back, or remove its line."
            : isListed
              ? "The archive's own lists name them. Most often it, or a mirror of it, is being updated at that moment."
              : "They were chosen by an earlier build, and the archive has replaced them since. A new value of BP_LOCK_EPOCH chooses anew; BP_APT_SNAPSHOT keeps Debian's packages for years."
        }
      `,
    };
  },
  "index-mismatch": ({ url, output }) => ({
    blame: "environment",
    title: `The package lists of ${hostOf(url)} do not fit together`,
    body: text`
      ${url} is not what the archive's signed Release file says. Most often the archive, or a proxy or mirror before it, was being updated at that moment.
    `,
    details: output,
  }),
  "release-missing": ({ status, ...place }) => ({
    blame: place.origin === undefined ? "environment" : "app",
    title: "An archive of packages is not where it is said to be",
    body: text`
      ${quoted(place)}

      It has no Release file there (${status}). Check the address and the suite; what is behind the address without 'dists' and what follows is needed, and a suite that the archive has, such as trixie.
    `,
  }),
  "release-time": ({ reason, by, ...place }) => ({
    blame: "environment",
    title:
      reason === "expired"
        ? "An archive's Release file has expired"
        : "An archive's Release file is from the future",
    body: text`
      ${quoted(place)}

      ${
        reason === "expired"
          ? `It stopped being valid ${by} ago. The mirror is no longer updated, or a proxy gives an old copy, in which security updates would be missing. Or the clock of the building machine is wrong.`
          : `It is not valid for another ${by}. The clock of the building machine is wrong, most likely.`
      }
      ${
        reason === "expired" && place.origin !== undefined
          ? "\nIf the archive is kept as it is on purpose, write 'Check-Valid-Until: no' into its stanza in apt.sources.d, or [check-valid-until=no] into its line."
          : ""
      }
    `.trimEnd(),
  }),
  "requests-invalid": ({ problems }) => ({
    blame: "app",
    title:
      problems.length === 1
        ? "A line that asks for packages is not understood"
        : "Some lines that ask for packages are not understood",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "run-image-differs": ({ changes, asked, snapshot }) => ({
    blame: "app",
    title: "A package does not fit the run image",
    body: text`
      ${whereAsked(asked)}

      It would need other packages than those that the run image has:
      ${bulleted(
        changes.map(({ name, installed, wanted }) =>
          wanted === undefined
            ? `${name} ${installed} would have to be removed`
            : `${name} ${wanted}, in place of ${installed}`,
        ),
      )}

      Nothing of the run image can be replaced: a second copy would hide what a rebase mends there.

      ${
        snapshot === undefined
          ? "If the archive is newer than the run image, build with a newer builder, or take the packages of the time when the run image was made (BP_APT_SNAPSHOT). If a version or suite is named, leave it out."
          : `BP_APT_SNAPSHOT is ${snapshot}: take a time that is not before the run image was made, or a builder that is not newer.`
      }
    `,
  }),
  signature: ({ reason, key, output, ...place }) => ({
    blame: place.origin === undefined || reason === "bad" ? "environment" : "app",
    title: "An archive's signature can't be trusted",
    body: text`
      ${quoted(place)}

      ${SIGNATURES[reason](key, place.origin !== undefined)}
    `,
    details: output,
  }),
  "sources-conflict": ({ issue, places }) => ({
    blame: "app",
    title: "Two sources of packages contradict each other",
    body: text`
      ${places.length === 0 ? "" : `Found in ${listed(places.map(describeOrigin))}.\n\n`}${issue}

      Name each archive once, with one key. Debian's own archives need none.
    `,
  }),
  "suite-unavailable": ({ asked, suite, suites }) => ({
    blame: "app",
    title: `There is no suite ${suite} for ${asked.name}`,
    body: text`
      Found in ${describeOrigin(asked.origin)}: ${asked.text}

      The sources have: ${listed(suites)}

      ${
        /-(?:backports|proposed-updates)/.test(suite)
          ? `Add its archive, in apt.sources.d/${suite}.sources:\n\n  Types: deb\n  URIs: http://deb.debian.org/debian\n  Suites: ${suite}\n  Components: main`
          : "Name one of them, or add a source of the suite in apt.sources.d."
      }
    `,
  }),
  unknown: ({ output }) => ({
    blame: "environment",
    title: "Unable to choose Debian packages",
    body: "apt says what went wrong, in a way that the buildpack does not know.",
    details: output,
  }),
  "unknown-packages": ({ packages }) => ({
    blame: "app",
    title:
      packages.length === 1
        ? `Debian has no package ${packages[0]?.name}`
        : "Debian has no packages of some names",
    body: packages
      .map(({ text: line, origin, near, providers, advice }) => {
        const hints = [
          ...(advice === undefined ? [] : [sentenceWithLines(advice)]),
          ...(providers.length === 0
            ? []
            : [`It stands for any of these, name one: ${listed(providers.slice(0, 12))}`]),
          ...(advice === undefined && providers.length === 0 && near.length > 0
            ? [`Did you mean ${listed(near, "or")}?`]
            : []),
          ...(advice === undefined && providers.length === 0 && near.length === 0
            ? ["Names can be looked up at https://packages.debian.org/trixie/"]
            : []),
        ];
        return `${describeOrigin(origin)}: ${line}\n${hints.map((hint) => `  ${hint}`).join("\n")}`;
      })
      .join("\n\n"),
  }),
  unreachable: ({ url, reason }) => ({
    blame: "environment",
    title: `Unable to reach ${hostOf(url)}`,
    body: text`
      ${url} was tried four times. ${reason}.

      The build needs a network for new packages. Behind a proxy, set HTTP_PROXY and HTTPS_PROXY.
    `,
  }),
  unsatisfiable: ({ lines, asked }) => ({
    blame: "app",
    title: "The packages do not fit together",
    body: text`
      ${whereAsked(asked)}

      apt says:
      ${bulleted(lines)}

      ${
        lines.every((line) => line.includes("is not installable"))
          ? "What is not installable is in no archive that the build knows. The package may be made for another release than Debian 13, or the archive that has the rest is missing in apt.sources.d."
          : "Leave out a version or suite that is named, or one of the packages that exclude each other."
      }
    `,
  }),
  "version-unavailable": ({ packages, hasSnapshot }) => ({
    blame: "app",
    title:
      packages.length === 1
        ? `The archive does not have this version of ${packages[0]?.name}`
        : "The archive does not have some versions",
    body: text`
      ${packages
        .map(
          ({ text: line, origin, name, available }) =>
            `${describeOrigin(origin)}: ${line}\n  The archive has: ${available.map((version) => `${name}=${version}`).join(", ")}`,
        )
        .join("\n\n")}

      ${
        hasSnapshot
          ? "BP_APT_SNAPSHOT decides which versions there are."
          : "Debian's archive has only the newest of a release. Leave the version out: builds keep what the first one chose. For an older one, set BP_APT_SNAPSHOT to a time when the archive had it."
      }
    `,
  }),
});

const SIGNATURES: Record<
  Of<"signature">["reason"],
  (key: string | undefined, isOfApp: boolean) => string
> = {
  "key-missing": (key, isOfApp) =>
    `It is signed with ${key === undefined ? "a key" : `the key ${key}`}, which ${isOfApp ? "is not the one that the source names. The archive may have a new key: take the one of its own instructions" : "the build image does not have. Its archive may have a new key: a newer builder has it"}.`,
  "key-weak": (key) =>
    `It is signed with ${key === undefined ? "a key" : `the key ${key}`}, which is too weak, or has expired. Ask whoever runs the archive for a new one.`,
  bad: () =>
    "The signature is not one of this Release file: it was changed or cut off on its way, by a proxy or a mirror.",
  unsigned: () =>
    "It is not signed. What is not signed is not installed: whoever is between the archive and the build could put anything into the image.",
};

function quoted({ source, origin }: SourcePlace): string {
  return origin === undefined
    ? `Found in the build image's sources: ${source}`
    : `Found in ${describeOrigin(origin)}: ${source}`;
}

function whereAsked(asked: readonly Asked[]): string {
  const lines = asked.map(({ origin, text: line }) => `${describeOrigin(origin)}: ${line}`);
  if (lines.length === 1) return `Found in ${lines[0]}`;
  const most = 12;
  const shown = lines.slice(0, most);
  const more = lines.length > most ? [`and ${lines.length - most} more`] : [];
  return `Found:\n${bulleted([...shown, ...more])}`;
}
