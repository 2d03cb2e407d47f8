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
    [
      "if ! dpkg-statoverride --list /usr/bin/x >/dev/null; then chmod 2755 /usr/bin/x; fi",
      "sets setuid or setgid bits on /usr/bin/x",
    ],
    [
      "dpkg-statoverride --update --add root games 4754 /usr/bin/x",
      "gives other owners or setuid bits to /usr/bin/x",
    ],
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

describe("what is put into place from the package's own files", () => {
  const entries: readonly PackageEntry[] = [
    { kind: "directory", path: "etc" },
    { kind: "directory", path: "etc/foo" },
    { kind: "directory", path: "etc/foo/enabled" },
    { kind: "file", path: "usr/share/foo/a.conf", mode: 0o644, size: 1 },
    { kind: "file", path: "usr/share/foo/b.conf", mode: 0o644, size: 1 },
  ];

  test.each([
    ["cp -a /usr/share/foo/a.conf /etc/foo/", "etc/foo/a.conf usr/share/foo/a.conf"],
    ["cp /usr/share/foo/a.conf /etc/foo", "etc/foo/a.conf usr/share/foo/a.conf"],
    ["install -m 0644 -o root /usr/share/foo/a.conf /etc/a", "etc/a usr/share/foo/a.conf"],
    ["ln -sf /usr/share/foo/a.conf /etc/foo/enabled/a", "etc/foo/enabled/a usr/share/foo/a.conf"],
    [
      "ln -s ../../../usr/share/foo/a.conf /etc/foo/enabled/a",
      "etc/foo/enabled/a usr/share/foo/a.conf",
    ],
    ["ucf --three-way /usr/share/foo/a.conf /etc/a\nucfr foo /etc/a", "etc/a usr/share/foo/a.conf"],
    ["if which foo; then ucf /usr/share/foo/a.conf /etc/a; fi", "etc/a usr/share/foo/a.conf"],
    [
      "[ ! -d /etc/foo ] || [ -e /etc/foo/a.conf ] || cp /usr/share/foo/a.conf /etc/foo/",
      "etc/foo/a.conf usr/share/foo/a.conf",
    ],
  ])("%s", async (script, wanted) => {
    const { copies, notDone } = await read(script, entries);
    expect(copies.map(({ path, source }) => `${path} ${source}`)).toEqual([wanted]);
    expect(notDone).toEqual([]);
  });

  test.each([
    ["a file of the script's own", "ucf /tmp/x /etc/a", "writes /etc/a"],
    ["a doubt", "[ -f /etc/old ] && cp /usr/share/foo/a.conf /etc/a", "writes /etc/a"],
    [
      "a doubt about what a program made",
      "foo-setup; [ -e /etc/foo/x ] || cp /usr/share/foo/a.conf /etc/a",
      "calls foo-setup",
    ],
    [
      "a doubt about what the script made",
      "echo > /etc/foo/x; [ -e /etc/foo/x ] || cp /usr/share/foo/a.conf /etc/a",
      "writes /etc/foo/x, /etc/a",
    ],
    [
      "two possibilities",
      "if foo; then ucf /usr/share/foo/a.conf /etc/a; else ucf /usr/share/foo/b.conf /etc/a; fi",
      "calls foo",
    ],
    ["a directory", "cp -r /etc/foo /etc/bar", "writes /etc/bar"],
  ])("not by way of %s", async (_, script, wanted) => {
    const { copies, notDone } = await read(script, entries);
    expect(copies).toEqual([]);
    expect(notDone).toContain(wanted);
  });
});

test("a link that a script makes anew as its package has it", async () => {
  const { copies, notDone } = await read("ln -s /usr/share/foo/a /etc/foo/a", [
    { kind: "link", path: "etc/foo/a", target: "../../usr/share/foo/a" },
    { kind: "file", path: "usr/share/foo/a", mode: 0o644, size: 1 },
  ]);
  expect(copies).toEqual([]);
  expect(notDone).toEqual([]);
});

describe("questions that nobody answers", () => {
  const templates = `Template: foo/style
Type: select
Default: slight

Template: foo/sure
Type: boolean
Default: false
`;

  test("have the template's answer, or the one that a script sets", async () => {
    const { notDone } = await readAll({
      templates,
      config: "#!/bin/sh\ndb_set foo/sure true\ndb_input low foo/style || true\n",
      postinst: `#!/bin/sh
. /usr/share/debconf/confmodule
db_get foo/style
mkdir /var/lib/$RET
db_get foo/sure
[ "$RET" = true ] && mkdir /var/lib/sure || mkdir /var/lib/unsure
`,
    });
    expect(notDone).toEqual(["makes the directory /var/lib/slight, /var/lib/sure"]);
  });

  test("choose between links, by what the package's directory has", async () => {
    const { copies, notDone } = await readAll(
      {
        templates,
        config: `#!/bin/sh
if [ -h /etc/foo/full ]; then db_set foo/style full; fi
if [ -h /etc/foo/none ]; then db_set foo/style none; else db_set foo/sure true; fi
`,
        postinst: `#!/bin/sh
db_get foo/sure; [ "$RET" = true ] || exit 0
db_get foo/style
case "$RET" in
  full) ln -s /usr/share/foo/full /etc/foo/full ;;
  slight) ln -s /usr/share/foo/slight /etc/foo/slight ;;
esac
`,
      },
      [
        { kind: "directory", path: "etc/foo" },
        { kind: "file", path: "usr/share/foo/full", mode: 0o644, size: 1 },
        { kind: "file", path: "usr/share/foo/slight", mode: 0o644, size: 1 },
      ],
    );
    expect(copies).toEqual([{ path: "etc/foo/slight", source: "usr/share/foo/slight" }]);
    expect(notDone).toEqual([]);
  });

  test("have no answer where a script sets one in doubt", async () => {
    const { notDone } = await readAll({
      templates,
      postinst:
        '#!/bin/sh\nif foo; then db_set foo/sure true; fi\ndb_get foo/sure\n[ "$RET" = true ] && mkdir /var/lib/sure\n',
    });
    expect(notDone).toEqual(["calls foo", "makes the directory /var/lib/sure"]);
  });

  test("are told where somebody should answer them", async () => {
    const { notDone } = await readAll({
      templates,
      postinst: "#!/bin/sh\ndb_input high foo/sure\ndb_input medium bar/other\n",
    });
    expect(notDone).toEqual(["asks by debconf foo/sure, bar/other"]);
  });
});

async function read(script: string, entries: readonly PackageEntry[] = [], name = "postinst") {
  return readAll({ [name]: script.startsWith("#!") ? script : `#!/bin/sh\n${script}` }, entries);
}

async function readAll(
  control: Readonly<Record<string, string>>,
  entries: readonly PackageEntry[] = [],
) {
  const directory = join(await temporaryDirectory(), "control");
  await mkdir(directory);
  await writeFiles(directory, control);
  return readScripts(directory, { name: "foo", arch: "amd64", entries });
}
