import { UNKNOWN } from "./shell/evaluate.ts";

/** Something that a maintainer script does to the system: "starts the service", "nginx". */
export interface Effect {
  readonly does: string;
  readonly what: string;
}

/**
 * What a call of a maintainer script would have changed that nothing here does instead; none where
 * it is harmless or done elsewhere.
 */
export function effectsOf(words: readonly string[]): readonly Effect[] {
  const [program = "", ...args] = words;
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (QUIET.has(name)) return [];
  const known = EFFECTS[name];
  if (known === undefined) return [effect("calls", program === UNKNOWN ? "a program" : program)];
  const found = known(args);
  if (found === undefined) return [];
  return "does" in found ? [found] : found;
}

/** Whether a call runs what is not read here, which may make any file. */
export function changesUnseen(words: readonly string[]): boolean {
  return effectsOf(words).some(({ does }) =>
    /^(calls|runs a program|reads in|makes up)/.test(does),
  );
}

/** Programs whose success can be taken for granted where a script asks for it. */
export function isEffect(program: string): boolean {
  const name = program.slice(program.lastIndexOf("/") + 1);
  return name in EFFECTS || DONE_ELSEWHERE.includes(name);
}

/** "makes the directory /var/lib/a, /var/lib/b": one line for each verb, in order. */
export function describeEffects(effects: readonly Effect[]): readonly string[] {
  const objects = new Map<string, Set<string>>();
  for (const { does, what } of effects) {
    objects.set(does, (objects.get(does) ?? new Set()).add(readable(what)));
  }
  return [...objects].map(([does, whats]) => {
    const named = [...whats].filter((what) => what !== "");
    const shown = named.slice(0, MOST_NAMED).join(", ");
    const more = named.length - MOST_NAMED;
    return [does, more > 0 ? `${shown} and ${more} more` : shown].join(" ").trim();
  });
}

const MOST_NAMED = 6;

function readable(text: string): string {
  return text.replaceAll(UNKNOWN, "…");
}

function effect(does: string, what = ""): Effect {
  return { does, what };
}

/** Words that are not options. */
function operands(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith("-"));
}

function last(args: readonly string[]): string {
  return args.at(-1) ?? "";
}

/** Programs that only read, or change what no container has. */
const HARMLESS = [
  "",
  "awk",
  "basename",
  "cat",
  "cd",
  "cmp",
  "cut",
  "date",
  "deb-systemd-helper",
  "debconf-show",
  "diff",
  "dirname",
  "dpkg",
  "dpkg-architecture",
  "dpkg-query",
  "dpkg-vendor",
  "egrep",
  "env",
  "expr",
  "fgrep",
  "file",
  "find",
  "getcap",
  "getent",
  "getopts",
  "grep",
  "hash",
  "head",
  "hostname",
  "id",
  "ischroot",
  "locale",
  "ls",
  "lsof",
  "md5sum",
  "mktemp",
  "mountpoint",
  "nproc",
  "paperconf",
  "pg_lsclusters",
  "pidof",
  "printenv",
  "ps",
  "pwd",
  "readlink",
  "realpath",
  "restorecon",
  "runit-helper",
  "seq",
  "sha256sum",
  "sleep",
  "sort",
  "stat",
  "tail",
  "tempfile",
  "tput",
  "tr",
  "trap",
  "tty",
  "type",
  "umask",
  "uname",
  "uniq",
  "wait",
  "wc",
  "which",
  "xargs",
];

/** Programs that mend what an earlier version left, and there is none. */
const FOR_UPGRADES = [
  "dpkg-maintscript-helper",
  "kill",
  "killall",
  "rm",
  "rmdir",
  "ucfr",
  "mv_conffile",
  "rm_conffile",
];

/**
 * What the merged tree, the environment's variables and the generated files do instead:
 * alternatives and diversions, the linker's paths, caches of fonts, icons, types and modules.
 */
const DONE_ELSEWHERE = [
  "dot",
  "dpkg-divert",
  "dpkg-trigger",
  "fc-cache",
  "fmtutil",
  "fmtutil-sys",
  "gdk-pixbuf-query-loaders",
  "glib-compile-schemas",
  "ldconfig",
  "libgvc6-config-update",
  "luaotfload-tool",
  "luatex",
  "mktexlsr",
  "mtxrun",
  "odbcinst",
  "texhash",
  "update-alternatives",
  "update-fmtutil",
  "update-fonts-alias",
  "update-fonts-dir",
  "update-fonts-scale",
  "update-gsfontmap",
  "update-language",
  "update-mime-database",
  "update-texmf",
  "update-texmf-config",
  "update-updmap",
  "updmap",
  "updmap-sys",
];

/** Caches that programs do without, and lists of a desktop that no container has. */
const NOT_NEEDED = [
  "add-shell",
  "apparmor_parser",
  "aa-enabled",
  "gio-querymodules",
  "gtk-query-immodules-3.0",
  "gtk-update-icon-cache",
  "install-info",
  "mandb",
  "py3clean",
  "py3compile",
  "pypy3clean",
  "pypy3compile",
  "reload_dbus_config",
  "update-desktop-database",
  "update-icon-caches",
  "update-info-dir",
  "update-menus",
  "update-mime",
  "update-shells",
  "xdg-desktop-menu",
  "xdg-icon-resource",
  "xdg-mime",
];

const QUIET = new Set([...HARMLESS, ...FOR_UPGRADES, ...DONE_ELSEWHERE, ...NOT_NEEDED]);

type Describe = (args: readonly string[]) => Effect | readonly Effect[] | undefined;

const user: Describe = (args) => {
  const [name = "", group] = operandsOfAccount(args);
  return group === undefined
    ? effect(
        args.includes("--group") && args.length === 1 ? "adds the group" : "adds the user",
        name,
      )
    : effect("adds a user to the group", group);
};
const group: Describe = (args) => effect("adds the group", operandsOfAccount(args)[0]);
const service = (name: string) =>
  effect("starts the service", name.replace(/\.(service|socket)$/, ""));
const download: Describe = (args) =>
  effect(
    "downloads files of its own",
    args.find((arg) => /^https?:/.test(arg)),
  );
const kernel: Describe = () => effect("changes the kernel's modules or boot files");
const file: Describe = (args) => written(last(operands(args)));
const otherUser: Describe = () => effect("runs a program as another user");
const nothing: Describe = () => undefined;

const EFFECTS: { readonly [program: string]: Describe | undefined } = {
  adduser: user,
  addgroup: group,
  useradd: user,
  usermod: (args) => effect("changes the user", last(args)),
  groupadd: group,
  groupmod: group,
  gpasswd: group,
  chfn: nothing,
  chage: nothing,
  chpasswd: (args) => effect("sets a password", last(args)),
  passwd: (args) => effect("sets a password", last(operands(args))),
  "systemd-sysusers": (args) => effect("adds the users that are listed in", last(operands(args))),

  "deb-systemd-invoke": (args) => {
    const [action = "", ...units] = operands(args);
    return /start/.test(action) ? units.map(service) : undefined;
  },
  "invoke-rc.d": (args) => {
    const [name = "", action = ""] = operands(args);
    return /start/.test(action) ? service(name) : undefined;
  },
  service: ([name = "", action = ""]) => (/start/.test(action) ? service(name) : undefined),
  systemctl: (args) => {
    const [action = "", ...units] = operands(args);
    return /start|enable/.test(action) ? units.map(service) : undefined;
  },
  "update-rc.d": (args) => {
    const [name = "", action = ""] = operands(args);
    return action === "remove" ? undefined : service(name);
  },
  "start-stop-daemon": () => effect("starts a service"),
  "systemd-tmpfiles": (args) =>
    effect("makes the directories that are listed in", last(operands(args))),
  "systemd-hwdb": nothing,
  journalctl: nothing,

  depmod: kernel,
  dkms: kernel,
  insmod: kernel,
  modprobe: kernel,
  rmmod: kernel,
  sysctl: kernel,
  "update-grub": kernel,
  "update-initramfs": kernel,
  udevadm: () => effect("loads rules for devices"),

  setcap: (args) => effect("gives capabilities to", last(args)),
  setfacl: (args) => effect("changes who may use", last(args)),
  chown: (args) => owners(operands(args)),
  chgrp: (args) => owners(operands(args)),
  chmod: (args) => {
    const [mode = "", ...paths] = operands(args);
    return isSetId(mode)
      ? paths.map((path) => effect("sets setuid or setgid bits on", path))
      : undefined;
  },
  "dpkg-statoverride": (args) => {
    const [owner = "", ownerGroup = "", mode = "", path = ""] = operands(args);
    if (!args.includes("--add")) return undefined;
    const isPlain = owner === "root" && ownerGroup === "root" && !isSetId(mode);
    return isPlain ? undefined : effect("gives other owners or setuid bits to", path);
  },

  mkdir: (args) => operands(args).filter(isOfSystem).map(madeDirectory),
  install: (args) => {
    const path = last(operands(args));
    if (!args.some((arg) => /^(-[a-z]*d|--directory)/.test(arg))) return written(path);
    return isOfSystem(path) ? madeDirectory(path) : undefined;
  },
  touch: file,
  cp: file,
  mv: file,
  tee: file,
  ln: (args) => {
    const path = last(operands(args));
    return isOfSystem(path) ? effect("makes the link", path) : undefined;
  },
  mknod: (args) => effect("makes the device", operands(args)[0]),
  mkfifo: file,
  sed: (args) =>
    args.some((arg) => /^(-[a-z]*i|--in-place)/.test(arg)) ? written(last(args)) : undefined,
  perl: () => effect("runs a program in Perl"),
  python3: () => effect("runs a program in Python"),
  ucf: (args) => written(last(operands(args))),
  "update-xmlcatalog": () => effect("adds to the XML catalogues in /etc/xml"),
  "update-catalog": () => effect("adds to the SGML catalogues in /etc/sgml"),
  "update-binfmts": () => effect("tells the kernel how to run files of its kind"),
  "update-passwd": () => effect("changes the system's users"),
  "pam-auth-update": () => effect("changes how users log in (PAM)"),
  "locale-gen": () => effect("makes locales"),
  localedef: () => effect("makes locales"),
  "update-locale": () => effect("sets the system's language"),
  "update-default-wordlist": () => effect("chooses the default dictionary"),
  "update-default-ispell": () => effect("chooses the default dictionary"),
  "update-default-aspell": () => effect("chooses the default dictionary"),
  "update-dictcommon-hunspell": () => effect("chooses the default dictionary"),
  "update-dictcommon-aspell": () => effect("compiles aspell's dictionaries"),
  "aspell-autobuildhash": () => effect("compiles aspell's dictionaries"),
  "update-ca-certificates": () => effect("collects certificates in /etc/ssl/certs"),
  "make-ssl-cert": () => effect("makes a certificate for this machine"),
  "ssh-keygen": () => effect("makes keys for this machine"),
  openssl: () => effect("makes keys or certificates"),
  "systemd-machine-id-setup": () => effect("makes an identifier for this machine"),
  "dbus-uuidgen": () => effect("makes an identifier for this machine"),

  db_input: (args) => effect("asks by debconf", last(args)),
  db_beginblock: nothing,
  db_capb: nothing,
  db_endblock: nothing,
  db_fget: nothing,
  db_fset: nothing,
  db_get: nothing,
  db_go: nothing,
  db_metaget: nothing,
  db_purge: nothing,
  db_register: nothing,
  db_reset: nothing,
  db_set: nothing,
  db_settitle: nothing,
  db_stop: nothing,
  db_subst: nothing,
  db_title: nothing,
  db_unregister: nothing,
  db_version: nothing,
  // The only file that these scripts read in is debconf's own.
  ".": ([path = ""]) =>
    path === "/usr/share/debconf/confmodule" ? undefined : effect("reads in", path),
  eval: () => effect("makes up commands"),

  curl: download,
  wget: download,
  // Git LFS sets its filters, which is done elsewhere.
  git: (args) => (args[0] === "lfs" ? undefined : download(args)),
  su: otherUser,
  sudo: otherUser,
  runuser: otherUser,
  setpriv: otherUser,
};

function operandsOfAccount(args: readonly string[]): readonly string[] {
  // Options of adduser and useradd that have a value of their own.
  const found: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (ACCOUNT_OPTIONS.has(arg)) index += 1;
    else if (!arg.startsWith("-") && arg !== UNKNOWN) found.push(arg);
  }
  return found;
}

const ACCOUNT_OPTIONS = new Set([
  "--comment",
  "--conf",
  "--firstgid",
  "--firstuid",
  "--gecos",
  "--gid",
  "--home",
  "--home-dir",
  "--ingroup",
  "--lastgid",
  "--lastuid",
  "--shell",
  "--uid",
  "-G",
  "-c",
  "-d",
  "-g",
  "-s",
  "-u",
]);

function owners(args: readonly string[]): readonly Effect[] {
  const [owner = "", ...paths] = args;
  // Everything belongs to one user here.
  if (/^(root|0)?([:.](root|0)?)?$/.test(owner)) return [];
  return paths.filter(isOfSystem).map((path) => effect(`gives to ${readable(owner)}`, path));
}

function isSetId(mode: string): boolean {
  return /^0?[2-7]\d{3}$/.test(mode) || /[ug]\+[rwx]*s|^\+[rwx]*s/.test(mode);
}

function madeDirectory(path: string): Effect {
  return effect("makes the directory", path);
}

/** A file that a script writes; logs and caches are nobody's business. */
export function written(path: string): Effect | undefined {
  return isOfSystem(path) && !/^\/var\/log\/|\/loaders\.cache$/.test(path)
    ? effect("writes", path)
    : undefined;
}

/** Not of the kernel's, not temporary, and not the administrator's own. */
function isOfSystem(path: string): boolean {
  return /^\/(?!(dev|proc|sys|tmp|var\/tmp|var\/cache|usr\/local)(\/|$))/.test(path);
}
