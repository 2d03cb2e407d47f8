import { defineFailures } from "../../kit/failure.ts";
import { describeOrigin, type Origin } from "../../kit/origin.ts";
import { bulleted, hostOf, listed, text } from "../../kit/text.ts";
import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";

interface WithUrl {
  readonly url: string;
}

export const failure = defineFailures<{
  "access-denied": WithUrl & { readonly status: number; readonly sent: Origin | undefined };
  "certificate-unknown": WithUrl & { readonly message: string };
  "channel-missing": WithUrl & { readonly where: string };
  "channel-unreadable": WithUrl & { readonly message: string };
  "digest-differs": {
    readonly subject: string;
    readonly file: string;
    readonly isLock: boolean;
    readonly message: string;
  };
  "engine-ended": { readonly how: string; readonly output: string };
  "engine-failed": { readonly message: string };
  "engine-missing": object;
  "environment-unknown": {
    readonly file: string;
    readonly environments: readonly string[];
    readonly asked: string | undefined;
  };
  "file-invalid": { readonly file: string; readonly problems: readonly Problem[] };
  "hardware-unfit": { readonly problems: readonly Problem[] };
  "inputs-invalid": { readonly problems: readonly Problem[] };
  "link-failed": { readonly subject: string | undefined; readonly message: string };
  "lock-file-unreadable": { readonly file: string; readonly message: string };
  "match-spec": { readonly spec: string; readonly where: string; readonly message: string };
  "not-for-platform": {
    readonly file: string;
    readonly platform: string;
    readonly platforms: readonly string[];
    readonly command: string;
  };
  "package-gone": { readonly subject: string; readonly file: string; readonly isLock: boolean };
  "package-unreadable": { readonly subject: string; readonly message: string };
  "pixi-unlocked": { readonly manifest: string };
  "python-free-threaded": { readonly file: string };
  "python-missing": { readonly file: string; readonly wanted: string };
  "settings-invalid": { readonly problems: readonly Problem[] };
  unreachable: WithUrl & { readonly message: string };
  unsolvable: {
    readonly file: string;
    readonly explanation: string;
    /** Where what it is about was written, each a line. */
    readonly found: readonly string[];
    readonly advice: readonly string[];
  };
}>({
  "access-denied": ({ url, status, sent }) => ({
    blame: "environment",
    title: `${hostOf(url)} refuses to give conda packages`,
    body: text`
      Found: HTTP status ${status} from ${url}${
        sent === undefined ? "" : `,\nwith the credentials of ${describeOrigin(sent)}`
      }.
      Needed: credentials that hold, in a binding of type "conda" with the keys "channel" and
      "token", or "channel", "username" and "password".
    `,
  }),
  "certificate-unknown": ({ url, message }) => ({
    blame: "environment",
    title: `The certificate of ${hostOf(url)} is not trusted`,
    body: text`
      Found: it is signed by an authority that the build does not know, as that of a company or of
      an intercepting proxy.
      Needed: a binding of type "ca-certificates" with the authority's certificate, as PEM.
    `,
    details: message,
  }),
  "channel-missing": ({ url, where }) => ({
    blame: "app",
    title: `There is no conda channel at ${url}`,
    body: text`
      ${where}
      Needed: a channel with a file noarch/repodata.json at its address

      1. Check the channel's name; upper and lower case differ.
      2. A channel that is not on conda.anaconda.org is written with its whole address, or
         BP_CONDA_CHANNEL_ALIAS says where channels lie.
      3. Some servers answer so, too, where a private channel needs credentials: a binding of type
         "conda" gives them.
    `,
  }),
  "channel-unreadable": ({ url, message }) => ({
    blame: "environment",
    title: `The index of the conda channel ${url} can't be read`,
    body: text`
      Found: something else than an index of packages (repodata.json), or half of one.
      Needed: the channel as its server gives it. A mirror or proxy on the way may have changed it.
    `,
    details: message,
  }),
  "digest-differs": ({ subject, file, isLock, message }) => ({
    blame: isLock ? "app" : "environment",
    title: `${subject} is not the file that it should be`,
    body: isLock
      ? text`
        The channel has another file than ${file} names, or something on the way to it changes files.
        Make ${file} again and compare, once you know why.
      `
      : text`
        The channel's index names another digest than the file has, or did when this app's lock was
        made. A mirror may be out of step, or something on the way changes files. Once you know why,
        set BP_LOCK_EPOCH to a new value, so that everything is solved anew.
      `,
    details: message,
  }),
  "engine-ended": ({ how, output }) => ({
    blame: "environment",
    title: `The conda engine ${how}`,
    body: text`
      Found: py-rattler, which solves and installs the environment, ended before it was done.
      Needed: enough memory for the build; the index of a channel as large as conda-forge alone
      takes hundreds of megabytes. Docker Desktop has a limit of its own, and so have CI jobs.
    `,
    details: output,
  }),
  "engine-failed": ({ message }) => ({
    blame: "buildpack",
    title: "The conda environment could not be made",
    body: "py-rattler failed for a reason that this buildpack does not know.",
    details: message,
  }),
  "engine-missing": () => ({
    blame: "environment",
    title: "The build image has no conda engine",
    body: text`
      Found: no py-rattler in the build image at /usr/share/ml-buildpacks/conda-engine.
      Needed: a builder with the suite's own build image, such as ml-buildpacks/builder:cpu.
    `,
  }),
  "environment-unknown": ({ file, environments, asked }) => ({
    blame: "app",
    title:
      asked === undefined
        ? `${file} has several environments, and none is called default`
        : `${file} has no environment called ${asked}`,
    body: text`
      Found: ${listed(environments)}
      Needed: one of them, by the setting BP_PIXI_ENVIRONMENT

      For example, in project.toml:

        [[io.buildpacks.build.env]]
        name = "BP_PIXI_ENVIRONMENT"
        value = "${environments[0] ?? "default"}"
    `,
  }),
  "file-invalid": ({ file, problems }) => ({
    blame: "app",
    title: `${file.endsWith("condarc") ? "conda's configuration" : "The conda environment"} can't be read from ${file}`,
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "hardware-unfit": ({ problems }) => ({
    blame: "app",
    title: "The hardware and what is to run on it do not go together",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "inputs-invalid": ({ problems }) => ({
    blame: "app",
    title: "The conda environment can't be made as it is asked for",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "link-failed": ({ subject, message }) => ({
    blame: "app",
    title: `${subject ?? "A conda package"} could not be installed`,
    body: text`
      Its files could not be put into the environment. Another build of the package may do: name
      its version and build in the environment file, as in name=1.2=build.
    `,
    details: message,
  }),
  "lock-file-unreadable": ({ file, message }) => ({
    blame: "app",
    title: `The lock file ${file} can't be read`,
    body: text`
      Needed: a lock file as its program writes it; merge conflicts and edits by hand break it.
      Make it again.
    `,
    details: message,
  }),
  "match-spec": ({ spec, where, message }) => ({
    blame: "app",
    title: `conda does not understand '${spec}'`,
    body: text`
      ${where}
      ${message}

      Needed: a package's name, and what is asked of its version, as in numpy, numpy>=2,
      numpy=2.2.* or conda-forge::numpy=2.2
    `,
  }),
  "not-for-platform": ({ file, platform, platforms, command }) => ({
    blame: "app",
    title: `${file} is not locked for ${platform}`,
    body: text`
      Found: ${platforms.length === 0 ? "no platform at all" : listed(platforms)}
      Needed: ${platform}, on which the image runs

      Add it and lock again:

        ${command}
    `,
  }),
  "package-gone": ({ subject, file, isLock }) => ({
    blame: "app",
    title: `The channel does not have ${subject}`,
    body: text`
      ${isLock ? `${file} names it.` : "The channel's index names it, or did when this app's lock was made."}
      1. ${
        isLock
          ? `Make ${file} again.`
          : "Set BP_LOCK_EPOCH to a new value, so that everything is solved anew."
      }
      2. Check that the channel's mirror, if there is one, has all of it.
    `,
  }),
  "package-unreadable": ({ subject, message }) => ({
    blame: "environment",
    title: `${subject} could not be downloaded whole`,
    body: text`
      Found: it ended too early, or is no archive, however often it was tried.
      Needed: a connection to the channel that lasts; a proxy on the way may limit the size of files.
    `,
    details: message,
  }),
  "pixi-unlocked": ({ manifest }) => ({
    blame: "app",
    title: `${manifest} asks for conda packages, and pixi has not locked them`,
    body: text`
      Found: ${manifest} with dependencies of pixi, and no pixi.lock beside it
      Needed: pixi.lock, which says what is installed; commit it with the app

        pixi lock

      Where pip alone is to install the app, set BP_PACKAGE_MANAGER=pip.
    `,
  }),
  "python-free-threaded": ({ file }) => ({
    blame: "app",
    title: "pip can't install packages on a Python without the GIL yet",
    body: text`
      Found: the free-threaded build of Python, by ${file}, and packages for pip
      Needed: the usual build, or no packages for pip

      1. For the usual build write python-gil beside python; without python-freethreading, that is
         what a solve gives.
      2. Many of pip's packages are there as conda packages, too.
    `,
  }),
  "python-missing": ({ file, wanted }) => ({
    blame: "app",
    title: `${file} has no Python for what pip is to install`,
    body: text`
      Found: packages for pip in ${wanted}, and no python among the packages of conda
      Needed: python in ${file}, on which they are installed
    `,
  }),
  "settings-invalid": ({ problems }) => ({
    blame: "app",
    title: `${listed([...new Set(problems.map(({ origin }) => origin.file))])} can't be used as set`,
    body: problems.map(describeProblem).join("\n\n"),
  }),
  unreachable: ({ url, message }) => ({
    blame: "environment",
    title: `Conda packages could not be downloaded from ${hostOf(url)}`,
    body: text`
      Needed: a network in which the build reaches ${hostOf(url)}. Behind a proxy, set HTTP_PROXY,
      HTTPS_PROXY and NO_PROXY for the build; for a mirror of the channel, BP_CONDA_MIRRORS.
    `,
    details: message,
  }),
  unsolvable: ({ file, explanation, found, advice }) => ({
    blame: "app",
    title: `No set of packages fits what ${file} asks for`,
    body: [explanation, found.join("\n"), bulleted(advice)]
      .filter((one) => one !== "")
      .join("\n\n"),
  }),
});
