import type { ByApt, ByBuildpack } from "./both-ways.ts";
import type { Difference } from "./differences.ts";

/** Why something is not as apt-get has it. The first one that explains a difference gets it. */
export interface Rule {
  readonly name: string;
  /** A sentence that goes on after the name. */
  readonly why: string;
  readonly explains: (
    difference: Difference,
    installed: { readonly apt: ByApt; readonly buildpack: ByBuildpack },
  ) => boolean;
}

/** Not in the tree, at paths that match. */
function absent(path: RegExp): Rule["explains"] {
  return ({ kind, path: found }) => kind === "missing" && path.test(found);
}

/** In the tree with other content, at this path. */
function otherwise(path: RegExp): Rule["explains"] {
  return ({ kind, path: found }) => kind === "content" && path.test(found);
}

export const RULES: readonly Rule[] = [
  // What the package managers keep for themselves.
  {
    name: "records of dpkg, apt and debconf",
    why: "they stay the run image's; the SBOM says what is added",
    explains: absent(/^var\/(lib\/(dpkg|apt|ucf)|cache\/(apt|debconf))\//),
  },
  {
    name: "logs",
    why: "of the installation, or empty ones for services",
    explains: absent(/^var\/log\//),
  },
  {
    name: "the container engine's own",
    why: "written when a container starts",
    explains: absent(/^etc\/mtab$/),
  },

  {
    name: "directories and links of documents",
    why: "dpkg leaves out files only, and keeps links that lead to none of them",
    explains: absent(/^usr\/share\/(doc\/[^/]+\/(?!copyright$)|(info|lintian|locale|man)(\/|$))/),
  },

  // What the environment or another file does instead.
  {
    name: "the linker's cache",
    why: "LD_LIBRARY_PATH has the directories",
    explains: absent(/^(etc\/ld\.so\.cache|var\/cache\/ldconfig(\/aux-cache)?)$/),
  },
  {
    name: "fontconfig's cache",
    why: "its files are named after the directories, which are others",
    explains: ({ kind, path }) =>
      (kind === "missing" || kind === "added") &&
      /^var\/cache\/fontconfig\/[0-9a-f]{32}-le64\.cache-\d+$/.test(path),
  },
  {
    name: "fontconfig's configuration",
    why: "searches the tree and the image",
    explains: otherwise(/^etc\/fonts\/fonts\.conf$/),
  },
  {
    name: "ODBC's drivers",
    why: "are listed by their whole path, and not counted",
    explains: otherwise(/^etc\/odbcinst\.ini$/),
  },
  {
    name: "Java's trust store",
    why: "has the same roots, in an order and with dates that do not change",
    explains: otherwise(/^etc\/ssl\/certs\/java\/cacerts$/),
  },
  {
    name: "GTK's list of input methods",
    why: "has a comment that names the directories where they were looked for",
    explains: otherwise(/^usr\/lib\/[^/]*-linux-gnu\/gtk-3\.0\/3\.0\.0\/immodules\.cache$/),
  },
  {
    name: "what is diverted",
    why: "has its package's name in its own, so that two can be in one tree",
    explains: ({ kind, path, theirs, ours }) => {
      if (kind === "added") return /\.so\.[\d.]+\.libtirpc3t64$/.test(path);
      if (ours?.kind !== "link" || !ours.real.endsWith(".libtirpc3t64")) return false;
      return theirs !== undefined && "digest" in theirs && ours.digest === theirs.digest;
    },
  },
  {
    name: "copies",
    why: "are links to the packages' files that they are made from",
    explains: ({ kind, theirs, ours }) =>
      kind === "kind" &&
      theirs?.kind === "file" &&
      ours?.kind === "link" &&
      ours.digest === theirs.digest,
  },
  {
    name: "the buildpack's own",
    why: "programs that stand in for a real system's",
    explains: ({ kind, path }) => kind === "added" && /^usr\/lib\/ml-buildpacks(\/|$)/.test(path),
  },

  {
    name: "GnuPG's programs",
    why: "are once more where gpgconf.ctl says that they are",
    explains: ({ kind, path }) =>
      kind === "added" &&
      /^usr\/(bin\/gpgconf\.ctl|libexec(\/(dirmngr_ldap|gpg-[\w-]+|keyboxd|scdaemon|tpm2daemon))?)$/.test(
        path,
      ),
  },

  // Layers keep little of owners and modes.
  {
    name: "setuid and setgid programs",
    why: "run as whoever starts them; the build says so",
    explains: ({ kind, path, theirs, ours }, { buildpack }) =>
      kind === "mode" &&
      theirs?.kind === "file" &&
      (theirs.mode & 0o6000) !== 0 &&
      ours?.kind === "file" &&
      ours.mode === 0o755 &&
      buildpack.log
        .split("\n")
        .some((line) => line.includes("setuid") && line.includes(`/${path}`)),
  },
  {
    name: "modes",
    why: "are 0755 and 0644: everybody reads, nobody writes",
    explains: ({ kind, theirs, ours }) => {
      if (kind !== "mode" || theirs === undefined || ours === undefined) return false;
      if (theirs.kind === "directory") return ours.kind === "directory" && ours.mode === 0o755;
      if (theirs.kind !== "file" || ours.kind !== "file" || (theirs.mode & 0o6000) !== 0) {
        return false;
      }
      return ours.mode === ((theirs.mode & 0o100) === 0 ? 0o644 : 0o755);
    },
  },

  // What maintainer scripts do to the whole system, and the build says per package.
  {
    name: "users and groups",
    why: "adduser, addgroup and systemd-sysusers: the image's files are not changed",
    explains: absent(/^etc\/(passwd|group|shadow|gshadow)-?$/),
  },
  {
    name: "services that start",
    why: "update-rc.d and deb-systemd-helper: nothing starts them in a container",
    explains: absent(
      /^(etc\/rc[0-6S]\.d\/|etc\/systemd\/(system|user)\/[\w.@-]+\.wants(\/|$)|etc\/systemd\/system\/[\w.@-]+\.service$|var\/lib\/systemd\/deb-systemd-(user-)?helper-enabled(\/|$))/,
    ),
  },
  {
    name: "what logins pass through",
    why: "pam-auth-update: nobody logs in to a container",
    explains: absent(/^(etc\/pam\.d\/common-session|var\/lib\/pam\/(seen|session))$/),
  },
  {
    name: "systemd's own state",
    why: "of systemd-tmpfiles, journalctl and systemd's script",
    explains: absent(
      /^(etc\/(vconsole|locale)\.conf|var\/(lib|cache|log)\/private|var\/lib\/systemd\/(catalog(\/database)?|coredump|ephemeral-trees|network|pstore))$/,
    ),
  },
  {
    name: "the machine's identifier",
    why: "systemd-machine-id-setup and dbus-uuidgen: an image is no machine",
    explains: absent(/^(etc\/machine-id|var\/lib\/dbus\/machine-id)$/),
  },
  {
    name: "locales",
    why: "locale-gen and update-locale: without an answer they make none and list none",
    explains: absent(/^etc\/(default\/locale|locale\.gen)$/),
  },
  {
    name: "catalogues of XML and SGML",
    why: "update-xmlcatalog and update-catalog: libxml2 asks /etc/xml unless XML_CATALOG_FILES says otherwise",
    explains: absent(
      /^(etc\/xml\/[\w-]+(\.xml)?(\.old)?|etc\/sgml\/catalog|var\/lib\/(xml-core\/[\w-]+|sgml-base\/supercatalog(\.old)?))$/,
    ),
  },
  {
    name: "choice of a dictionary, and Emacs",
    why: "update-default-ispell and emacs-package-install: for editors that are not there",
    explains: absent(
      /^(etc\/dictionaries-common\/ispell-default|var\/cache\/dictionaries-common\/[\w.-]+|var\/lib\/emacsen-common\/state(\/[\w-]+)*)$/,
    ),
  },
  {
    name: "manual pages of PostgreSQL's client",
    why: "alternatives that functions of another package set up",
    explains: ({ kind, path, theirs }) =>
      kind === "missing" &&
      /^(etc\/alternatives|usr\/share\/man\/man[17])\/\w+\.[17]\.gz$/.test(path) &&
      theirs?.kind === "link" &&
      /^\/usr\/share\/postgresql\/\d+\/man\//.test(theirs.real),
  },
  {
    name: "modules that nginx loads",
    why: "links whose names the script cuts out of others",
    explains: absent(/^etc\/nginx\/modules-enabled\/\d+-mod-[\w-]+\.conf$/),
  },
  {
    name: "nginx's first page",
    why: "a copy in /var/www/html, which may be the image's",
    explains: absent(/^var\/www(\/html(\/index\.nginx-debian\.html)?)?$/),
  },
  {
    name: "system preferences of Java",
    why: "java.util.prefs makes them where the app may write",
    explains: absent(/^etc\/\.java(\/|$)/),
  },

  // What programs do without.
  {
    name: "bytecode of Debian's Python modules",
    why: "py3compile: Python compiles what it finds without",
    explains: absent(/^usr\/lib\/python3\/dist-packages\/(.*\/)?__pycache__(\/|$)/),
  },
  {
    name: "caches of icons",
    why: "gtk-update-icon-cache: GTK reads the directories where there is none",
    explains: absent(/^usr\/share\/icons\/\w+\/icon-theme\.cache$/),
  },
  {
    name: "lists of fonts for X servers",
    why: "update-fonts-dir, -scale and -alias: programs ask fontconfig",
    explains: absent(
      /^(usr\/share\/fonts\/X11\/\w+\/(fonts\.(dir|scale|alias)|encodings\.dir)|var\/lib\/xfonts(\/excluded-aliases)?)$/,
    ),
  },
  {
    name: "empty directories for the administrator",
    why: "in /usr/local and /root, which are the image's",
    explains: ({ kind, path, theirs }) =>
      kind === "missing" &&
      theirs?.kind === "directory" &&
      /^(usr\/local\/share\/(fonts$|sgml|xml)|root\/\.ssh$)/.test(path),
  },
];
