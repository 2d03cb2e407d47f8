import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PackageEntry } from "../../../src/debian/package-index.ts";
import { readScripts } from "../../../src/debian/unpack/scripts.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("alternatives", () => {
  test("over several lines, with quotes and slaves", async () => {
    const { alternatives, notDone } = await read(`
set -e
if [ "$1" = "configure" ] || [ "$1" = "abort-upgrade" ]; then
  update-alternatives --quiet \\
    --install "/bin/cc" cc '/usr/bin/gcc' 20 \\
    --slave /usr/share/man/man1/cc.1.gz cc.1.gz /usr/share/man/man1/gcc.1.gz \\
    --slave /usr/bin/c89 c89 /usr/bin/c89-gcc \\

fi
exit 0
`);
    expect(alternatives).toEqual([
      {
        link: "usr/bin/cc",
        name: "cc",
        path: "usr/bin/gcc",
        priority: 20,
        slaves: [
          {
            link: "usr/share/man/man1/cc.1.gz",
            name: "cc.1.gz",
            path: "usr/share/man/man1/gcc.1.gz",
          },
          { link: "usr/bin/c89", name: "c89", path: "usr/bin/c89-gcc" },
        ],
      },
    ]);
    expect(notDone).toEqual([]);
  });

  test.each([
    [
      "variables",
      'prio=10; base=/usr/lib/llvm\nupdate-alternatives --install /usr/bin/x x "$base/bin/x" ${prio}',
      "usr/bin/x usr/lib/llvm/bin/x 10",
    ],
    [
      "a loop",
      "for i in x; do\n update-alternatives --install /usr/bin/$i $i /usr/bin/$i.real 5\ndone",
      "usr/bin/x usr/bin/x.real 5",
    ],
    [
      "the architecture",
      "update-alternatives --install /usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/x x /usr/lib/${DEB_HOST_MULTIARCH}/y 5",
      "usr/lib/x86_64-linux-gnu/x usr/lib/x86_64-linux-gnu/y 5",
    ],
    [
      "a function",
      'add () {\n  update-alternatives --install "$1" x "$2" 7\n}\nadd /usr/bin/x /usr/bin/y',
      "usr/bin/x usr/bin/y 7",
    ],
    [
      "a case",
      'case "$1" in\n configure|reconfigure)\n update-alternatives --install /usr/bin/x x /usr/bin/y 1 ;;\n abort-*) exit 1 ;;\nesac',
      "usr/bin/x usr/bin/y 1",
    ],
    [
      "a condition that is in doubt",
      "if command -v foo >/dev/null; then update-alternatives --install /usr/bin/x x /usr/bin/y 1; fi",
      "usr/bin/x usr/bin/y 1",
    ],
  ])("by way of %s", async (_, script, wanted) => {
    const { alternatives, notDone } = await read(script);
    const found = alternatives.map(({ link, path, priority }) => `${link} ${path} ${priority}`);
    expect(found).toEqual([wanted]);
    expect(notDone).toEqual([]);
  });

  test("slaves that a function prints", async () => {
    const { alternatives } = await read(`
slave () {
	dir=$1 filename=$2 target=$3
	echo "--slave $dir/$filename $filename $dir/$target"
}
update-alternatives --install /usr/bin/lzma lzma /usr/bin/xz 20 $(
	slave /usr/bin unlzma unxz
	for util in cat more
	do
		slave /usr/bin lz$util xz$util
	done
)
`);
    expect(alternatives[0]?.slaves.map(({ name, path }) => `${name} ${path}`)).toEqual([
      "unlzma usr/bin/unxz",
      "lzcat usr/bin/xzcat",
      "lzmore usr/bin/xzmore",
    ]);
  });

  test("not those of other cases than a first installation", async () => {
    const call = "update-alternatives --install /usr/bin/x x /usr/bin/y 1";
    const { alternatives } = await read(`
if [ "$1" = triggered ]; then ${call}; fi
if [ -n "$2" ]; then ${call}; fi
if [ "serial" != "serial" ]; then ${call}; fi
dpkg --compare-versions "$2" lt-nl 2.0 && ${call}
if [ "$DPKG_MAINTSCRIPT_ARCH" != $(dpkg --print-architecture) ]; then ${call}; fi
exit 0
${call}
`);
    expect(alternatives).toEqual([]);
  });

  test("are told where they can't be known", async () => {
    const { alternatives, notDone } = await read(`
update-alternatives --install /usr/bin/x x /usr/bin/y $(uname -m | wc -c)
for i in /usr/share/foo/*; do update-alternatives --install /usr/bin/z z "$i" 1; done
update-alternatives --install /usr/bin/a a /usr/bin/b 1 $(cat /etc/slaves)
`);
    expect(alternatives.map(({ name }) => name)).toEqual(["a"]);
    expect(notDone).toEqual([
      "sets up an alternative that can't be read (/usr/bin/x x /usr/bin/y …)",
      "sets up an alternative that can't be read (/usr/bin/z z … 1)",
      "adds links to the alternative a that can't be read",
    ]);
  });
});

describe("diversions", () => {
  test("are read, removals and questions are not", async () => {
    const { diversions } = await read(
      `dpkg-divert --package foo --remove --rename /usr/bin/old
truth=$(dpkg-divert --truename /usr/bin/other)
dpkg-divert --package foo --rename --divert /usr/bin/pg_config.libpq-dev --add /usr/bin/pg_config
dpkg-divert --quiet --add --rename --divert=/bin/a.real /bin/a
dpkg-divert --add /usr/bin/b`,
      [],
      "preinst",
    );
    expect(diversions).toEqual([
      { path: "usr/bin/pg_config", to: "usr/bin/pg_config.libpq-dev" },
      { path: "usr/bin/a", to: "usr/bin/a.real" },
      { path: "usr/bin/b", to: "usr/bin/b.distrib" },
    ]);
  });
});

describe("what is not done", () => {
  test.each([
    [
      "adduser --system --home /var/lib/x --gecos 'The user' --group postgres",
      "adds the user postgres",
    ],
    ["if ! getent group x; then addgroup --system x; fi", "adds the group x"],
    [
      'systemd-sysusers ${DPKG_ROOT:+--root="$DPKG_ROOT"} dbus.conf',
      "adds the users that are listed in dbus.conf",
    ],
    ["invoke-rc.d --skip-systemd-native nginx start || exit 1", "starts the service nginx"],
    [
      "deb-systemd-invoke $_dh_action start 'cron.service' >/dev/null || true",
      "starts the service cron",
    ],
    ["setcap cap_net_raw+ep /usr/bin/ping", "gives capabilities to /usr/bin/ping"],
    ["chmod u+s /usr/bin/mount", "sets setuid or setgid bits on /usr/bin/mount"],
    ["chown root:games /usr/games /var/games", "gives to root:games /usr/games, /var/games"],
    ["depmod -a", "changes the kernel's modules or boot files"],
    ["db_input high foo/license || true", "asks by debconf foo/license"],
    [
      "wget -q https://example.org/font.zip",
      "downloads files of its own https://example.org/font.zip",
    ],
    ["echo yes > /etc/foo.conf", "writes /etc/foo.conf"],
    ["cat <<EOF >> /etc/foo.conf\nadduser nobody\nEOF\n", "writes /etc/foo.conf"],
    ["/usr/lib/foo/setup --now", "calls /usr/lib/foo/setup"],
    ["mkdir -p /var/lib/foo", "makes the directory /var/lib/foo"],
    [". /usr/share/foo/functions", "reads in /usr/share/foo/functions"],
    ["a=`foo-config --x`", "calls foo-config"],
  ])("%s", async (script, wanted) => {
    expect((await read(script)).notDone).toEqual([wanted]);
  });

  test.each([
    "set -e\n#DEBHELPER#\nexit 0",
    "ldconfig",
    "fc-cache -fv 1>/dev/null 2>&1",
    "glib-compile-schemas /usr/share/glib-2.0/schemas",
    "py3compile -p foo",
    "rm -f /etc/old.conf",
    'dpkg-maintscript-helper rm_conffile /etc/foo 1.0~ -- "$@"',
    "if [ -d /run/systemd/system ]; then systemctl start foo; fi",
    ". /usr/share/debconf/confmodule\ndb_get foo/bar\ncase $RET in true) : ;; esac\ndb_stop",
    "chmod 0644 /etc/foo",
    "chown root:root /etc/foo",
    "tmp=$(mktemp)\necho x > $tmp\ncat /etc/a >&2",
    "find /usr/lib -name x -exec rm {} \\;",
    "f () { return 0; }\nf || adduser x",
    'while read -r line; do echo "$line"; done < /etc/passwd',
    "[[ $a == b && -n $c ]] || true",
    'x=(a b c); (( i++ )); y=$((1 + 2)); echo ${x%%.*} ${y:-"a b"}',
  ])("nothing: %s", async (script) => {
    expect((await read(script)).notDone).toEqual([]);
  });

  test("one line for each kind, however often", async () => {
    const { notDone } = await read(
      "for i in 1 2 3 4 5 6 7 8; do mkdir /var/lib/$i; done\nmkdir /var/lib/1",
    );
    expect(notDone).toEqual([
      "makes the directory /var/lib/1, /var/lib/2, /var/lib/3, /var/lib/4, /var/lib/5, /var/lib/6 and 2 more",
    ]);
  });

  test("a script in another language, and one that is none", async () => {
    expect((await read("#!/usr/bin/perl -w\nuse strict;")).notDone).toEqual([
      "runs its postinst, a program in perl",
    ]);
    expect((await read("#!/bin/sh\nif true; then\n(")).notDone).toEqual([
      "runs its postinst, which can't be read (line 3)",
    ]);
  });
});

test("a configuration file that ucf would copy", async () => {
  const source: PackageEntry = {
    kind: "file",
    path: "usr/share/foo/foo.conf",
    mode: 0o644,
    size: 1,
  };
  const { copies, notDone } = await read(
    "ucf --three-way /usr/share/foo/foo.conf /etc/foo.conf\nucfr foo /etc/foo.conf\nucf /tmp/x /etc/other.conf",
    [source],
  );
  expect(copies).toEqual([{ path: "etc/foo.conf", source: "usr/share/foo/foo.conf" }]);
  expect(notDone).toEqual(["writes /etc/other.conf"]);
});

async function read(script: string, entries: readonly PackageEntry[] = [], name = "postinst") {
  const control = join(await temporaryDirectory(), "control");
  await mkdir(control);
  await writeFiles(control, { [name]: script.startsWith("#!") ? script : `#!/bin/sh\n${script}` });
  return readScripts(control, { name: "foo", arch: "amd64", entries });
}
