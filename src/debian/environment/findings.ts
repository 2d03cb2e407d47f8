import type { PackageIndex } from "../package-index.ts";

/** What a package brings that can't work in an image's layer, and what to do instead. */
export interface Finding {
  readonly package: string;
  readonly items: readonly FindingItem[];
}

export interface FindingItem {
  /** To follow the package's name: "brings system services (nginx.service)". */
  readonly what: string;
  /** What to do instead: a sentence without its capital and full stop. */
  readonly instead: string;
  /** Whether programs may fail for it; all else is only not done by itself. */
  readonly fails: boolean;
}

/** One finding for each package, sorted. */
export function findings(indexes: readonly PackageIndex[]): readonly Finding[] {
  return [...indexes]
    .filter(({ name }) => !(name in WITHOUT_USE))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((index) => {
      // Init scripts are for systems without systemd, and would say the same again.
      const kinds = index.entries.some(SERVICES.is) ? [SERVICES, ...OTHERS] : [INIT, ...OTHERS];
      const items = kinds.flatMap((kind) => {
        const names = index.entries.filter(kind.is).map(({ path }) => kind.named(path));
        const shown = few([...new Set(names)].sort());
        const { instead, fails = false } = kind;
        return names.length === 0 ? [] : [{ what: `${kind.what} (${shown})`, instead, fails }];
      });
      return items.length === 0 ? [] : [{ package: index.name, items }];
    });
}

/** Packages that come along as dependencies, and whose services no container needs. */
const WITHOUT_USE: { readonly [name: string]: string } = {
  procps: "it sets the kernel's parameters at boot",
  "x11-common": "it makes directories for an X server's sockets",
};

type Entry = PackageIndex["entries"][number];

interface Kind {
  readonly is: (entry: Entry) => boolean;
  readonly named: (path: string) => string;
  readonly what: string;
  readonly instead: string;
  readonly fails?: true;
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const whole = (path: string) => `/${path}`;
const at = (pattern: RegExp) => (entry: Entry) =>
  entry.kind !== "directory" && pattern.test(entry.path);

const SERVICES: Kind = {
  // Units of users' sessions are left alone: a program that can use one works without it.
  is: at(/^usr\/lib\/systemd\/system\/[^/]+\.(service|socket)$/),
  named: baseName,
  what: "brings system services",
  instead:
    "nothing starts them in a container: where you need one, start its program as a process of the app, in the foreground, or use a service beside the app",
};

const INIT: Kind = {
  is: at(/^etc\/init\.d\/[^/]+$/),
  named: baseName,
  what: "brings init scripts",
  instead:
    "nothing runs them in a container: where you need one, start its program as a process of the app",
};

const OTHERS: readonly Kind[] = [
  {
    is: at(/^usr\/share\/i18n\/SUPPORTED$/),
    named: baseName,
    what: "brings the sources of locales",
    instead: "none is made of them: take the package locales-all, which has them ready for use",
  },
  {
    // https://chromium.googlesource.com/chromium/src/+/main/docs/linux/sandboxing.md
    is: at(/^(usr\/lib\/chromium\/chromium|opt\/google\/chrome[^/]*\/chrome)$/),
    named: baseName,
    what: "brings a browser that starts in a sandbox only",
    instead:
      "containers allow none: start it with --no-sandbox, on pages that you trust, and set HOME to a directory that it may write, such as /tmp",
    fails: true,
  },
  {
    is: at(
      /^(usr\/lib\/modules\/|usr\/src\/[^/]+\/dkms\.conf$|etc\/modprobe\.d\/|usr\/lib\/modprobe\.d\/)/,
    ),
    named: whole,
    what: "brings a kernel module or its options",
    instead: "a container uses the kernel of its host: install the module there",
    fails: true,
  },
  {
    is: (entry) => entry.kind === "file" && (entry.mode & 0o6000) !== 0,
    named: whole,
    what: "brings setuid or setgid programs",
    instead: "they run with the app's own rights: what needs more has to be done outside",
    fails: true,
  },
  {
    is: at(/^(usr\/lib\/[^/]+\/security\/pam_|etc\/pam\.d\/|usr\/share\/pam-configs\/)/),
    named: baseName,
    what: "takes part in logins (PAM)",
    instead: "nobody logs in to a container, and the image's own configuration is not changed",
  },
  {
    is: at(/^(usr\/lib|etc)\/udev\/(rules|hwdb)\.d\//),
    named: baseName,
    what: "brings udev rules",
    instead: "devices are managed by the host: install the rules there, and hand the device in",
    fails: true,
  },
  {
    is: at(/^etc\/cron\.(d|hourly|daily|weekly|monthly)\/(?!\.placeholder)/),
    named: whole,
    what: "brings cron jobs",
    instead: "nothing runs them in a container: use the platform's scheduled jobs",
  },
  {
    is: at(/^usr\/share\/dbus-1\/system-services\//),
    named: baseName,
    what: "brings services of the system's message bus (D-Bus)",
    instead: "a container has no such bus: programs that ask for them do without or fail",
  },
  {
    is: at(/^usr\/lib\/(sysusers|tmpfiles)\.d\//),
    named: baseName,
    what: "asks for users or directories of its own",
    instead:
      "they are not made: let its configuration name the app's user and a directory that it may write",
  },
];

function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length <= 3 ? shown : `${shown} and ${names.length - 3} more`;
}
