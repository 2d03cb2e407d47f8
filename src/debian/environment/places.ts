/**
 * Whether a real system has the directory, whatever is installed, or packages share it: its name
 * in a text may mean the image's as well as the tree's.
 */
export function isCommon(path: string): boolean {
  const [top = "", , below] = path.split("/");
  // Packages have directories of their own in these two: /etc/chromium.d, /opt/google.
  const own = path.includes("/") && (top === "etc" || top === "opt");
  return (below === undefined && !own) || COMMON.test(path);
}

const COMMON = new RegExp(
  [
    "usr/local/.*",
    "usr/lib/[^/]*-linux-gnu",
    "usr/lib/(locale|mime|modprobe\\.d|modules|pam|python3.*|systemd.*|sysusers\\.d|tmpfiles\\.d|udev.*|terminfo)",
    "usr/lib/[^/]*-linux-gnu/(gconv|perl-base|security|sasl2|ossl-modules|engines-3|krb5)(/.*)?",
    "usr/share/(applications|bug|dbus-1.*|dict|fonts|icons|info|java|keyrings|lintian)",
    "usr/share/(menu|metainfo|mime|misc|pam.*|perl|perl5|pixmaps|polkit-1.*|readline|sgml|sounds|xml|zsh.*)",
    "usr/share/(bash-completion|ca-certificates|common-licenses|doc|doc-base|locale|man|terminfo|zoneinfo)(/.*)?",
    "etc/(alternatives|apt|ca-certificates|cron\\.\\w+|dbus-1|default|dpkg|gss|init\\.d|kernel|ld\\.so\\.conf\\.d|logrotate\\.d|modprobe\\.d|opt|pam\\.d|profile\\.d|rc\\w\\.d|security|selinux|skel|ssl|sysctl\\.d|systemd|terminfo|udev|update-motd\\.d)(/.*)?",
    "etc/(X11|bash_completion\\.d|fonts|init|libnl-3|perl|python3.*|sgml|xdg|xml)",
    "var/lib/(apt|dpkg|misc|pam|systemd)(/.*)?",
  ]
    .map((pattern) => `^${pattern}$`)
    .join("|"),
);
