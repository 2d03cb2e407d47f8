/**
 * Whether all packages put files into a directory, which says nothing of their belonging together:
 * the hierarchy's own directories, those of other programs' plugins, and everything that is not
 * below `usr/lib`, `usr/libexec`, `usr/share` or `opt`.
 */
export function isShared(directory: string): boolean {
  const [top = "", second = "", third = "", ...rest] = directory.split("/");
  if (top === "opt") return second === "";
  if (top !== "usr" || !(second in SHARED_BELOW)) return true;
  const shared = SHARED_BELOW[second] ?? [];
  if (third === "") return true;
  if (isTriplet(third) && second !== "share") {
    const [fourth] = rest;
    return fourth === undefined || LIBRARY_PLUGINS.has(fourth);
  }
  // What is below has a directory for each program.
  if (third === "jvm") return rest.length === 0;
  return shared.includes(third);
}

function isTriplet(name: string): boolean {
  return /^[a-z0-9_]+-linux-gnu\w*$/.test(name);
}

/** Below `usr/lib/<triplet>`: what some program or library loads from whoever installs it. */
const LIBRARY_PLUGINS: ReadonlySet<string> = new Set([
  "alsa-lib",
  "cmake",
  "dri",
  "gdk-pixbuf-2.0",
  "gio",
  "girepository-1.0",
  "gstreamer-1.0",
  "gtk-2.0",
  "gtk-3.0",
  "gtk-4.0",
  "libreoffice",
  "odbc",
  "perl",
  "perl5",
  "pkgconfig",
  "qt5",
  "qt6",
  "sasl2",
  "security",
  "vdpau",
]);

/** Names below `usr/<name>` that many packages share. */
const SHARED_BELOW: { readonly [below: string]: readonly string[] | undefined } = {
  lib: [
    "binfmt.d",
    "bfd-plugins",
    "cmake",
    "cups",
    "debug",
    "environment.d",
    "firmware",
    "gcc",
    "girepository-1.0",
    "init",
    "locale",
    "lsb",
    "mime",
    "modprobe.d",
    "modules",
    "modules-load.d",
    "pkgconfig",
    "python3",
    "ruby",
    "sasl2",
    "security",
    "sysctl.d",
    "systemd",
    "sysusers.d",
    "tcltk",
    "tmpfiles.d",
    "udev",
    "valgrind",
  ],
  libexec: [],
  share: [
    "GConf",
    "X11",
    "aclocal",
    "alsa",
    "appdata",
    "application-registry",
    "applications",
    "apport",
    "apps",
    "bash-completion",
    "binfmts",
    "bug",
    "cmake",
    "color",
    "dbus-1",
    "debconf",
    "debhelper",
    "defaults",
    "desktop-base",
    "desktop-directories",
    "dict",
    "dictionaries-common",
    "doc",
    "doc-base",
    "emacs",
    "fish",
    "fontconfig",
    "fonts",
    "gdb",
    "gettext",
    "gir-1.0",
    "glib-2.0",
    "glvnd",
    "gnome",
    "gnome-shell",
    "gtk-doc",
    "help",
    "hunspell",
    "i18n",
    "icons",
    "info",
    "java",
    "javascript",
    "keyrings",
    "lintian",
    "locale",
    "man",
    "maven-repo",
    "menu",
    "metainfo",
    "mime",
    "mime-info",
    "misc",
    "myspell",
    "nodejs",
    "perl",
    "perl5",
    "pixmaps",
    "pkgconfig",
    "polkit-1",
    "python3",
    "readline",
    "ri",
    "sgml",
    "sounds",
    "tabset",
    "tcltk",
    "terminfo",
    "tesseract-ocr",
    "themes",
    "thumbnailers",
    "vala",
    "vim",
    "vulkan",
    "xml",
    "xsessions",
    "zsh",
  ],
};
