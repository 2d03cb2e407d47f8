import type { PackageIndex } from "../package-index.ts";

/** What a package brings that can't work in an image's layer, and what to do instead. */
export interface Finding {
  readonly package: string;
  /** To follow the package's name: "brings system services (nginx.service)". */
  readonly what: readonly string[];
  /** Sentences, in the order of `what`. */
  readonly instead: readonly string[];
}

/** One finding for each package, sorted. */
export function findings(indexes: readonly PackageIndex[]): readonly Finding[] {
  return [...indexes]
    .filter(({ name }) => !(name in WITHOUT_USE))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((index) => {
      const found = KINDS.flatMap((kind) => {
        const names = index.entries.filter(kind.is).map(({ path }) => kind.named(path));
        const shown = few([...new Set(names)].sort());
        return names.length === 0
          ? []
          : [{ what: `${kind.what} (${shown})`, instead: kind.instead }];
      });
      if (found.length === 0) return [];
      return [
        {
          package: index.name,
          what: found.map(({ what }) => what),
          instead: [...new Set(found.map(({ instead }) => instead))],
        },
      ];
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
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const whole = (path: string) => `/${path}`;
const at = (pattern: RegExp) => (entry: Entry) =>
  entry.kind !== "directory" && pattern.test(entry.path);

const KINDS: readonly Kind[] = [
  {
    // Units of users' sessions are left alone: a program that can use one works without it.
    is: at(/^usr\/lib\/systemd\/system\/[^/]+\.(service|socket)$/),
    named: baseName,
    what: "brings system services",
    instead:
      "nothing starts them in a container: start the program as a process of the app, in the foreground, or use a service beside the app",
  },
  {
    is: at(/^etc\/init\.d\/[^/]+$/),
    named: baseName,
    what: "brings init scripts",
    instead: "nothing runs them in a container: start the program as a process of the app",
  },
  {
    is: at(
      /^(usr\/lib\/modules\/|usr\/src\/[^/]+\/dkms\.conf$|etc\/modprobe\.d\/|usr\/lib\/modprobe\.d\/)/,
    ),
    named: whole,
    what: "brings a kernel module or its options",
    instead: "a container uses the kernel of its host: install the module there",
  },
  {
    is: (entry) => entry.kind === "file" && (entry.mode & 0o6000) !== 0,
    named: whole,
    what: "brings setuid or setgid programs",
    instead: "they run with the app's own rights: what needs more has to be done outside",
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
