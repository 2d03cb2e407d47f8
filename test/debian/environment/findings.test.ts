import { expect, it } from "vitest";
import { findings } from "../../../src/debian/environment/findings.ts";
import type { PackageEntry } from "../../../src/debian/package-index.ts";
import { packageIndex } from "../packages.ts";

it("says of each package what can't work, once", () => {
  const found = findings([
    packageIndex("redis-server", [
      file("usr/lib/systemd/system/redis-server.service"),
      file("etc/init.d/redis-server"),
      file("usr/bin/redis-server"),
    ]),
    packageIndex("jq", [file("usr/bin/jq")]),
    packageIndex("fuse3", [file("usr/bin/fusermount3", 0o4755)]),
    packageIndex("x11-common", [file("etc/init.d/x11-common")]),
  ]);

  expect(found).toMatchInlineSnapshot(`
    [
      {
        "items": [
          {
            "fails": true,
            "instead": "they run with the app's own rights: what needs more has to be done outside",
            "what": "brings setuid or setgid programs (/usr/bin/fusermount3)",
          },
        ],
        "package": "fuse3",
      },
      {
        "items": [
          {
            "fails": false,
            "instead": "nothing starts them in a container: where you need one, start its program as a process of the app, in the foreground, or use a service beside the app",
            "what": "brings system services (redis-server.service)",
          },
        ],
        "package": "redis-server",
      },
    ]
  `);
});

it.each([
  ["etc/cron.d/app", "brings cron jobs (/etc/cron.d/app)"],
  ["usr/share/i18n/SUPPORTED", "brings the sources of locales (SUPPORTED)"],
  ["opt/google/chrome/chrome", "brings a browser that starts in a sandbox only (chrome)"],
  ["usr/lib/udev/rules.d/60-tpu.rules", "brings udev rules (60-tpu.rules)"],
  ["usr/lib/sysusers.d/app.conf", "asks for users or directories of its own (app.conf)"],
  ["etc/pam.d/app", "takes part in logins (PAM) (app)"],
  ["usr/src/app-1/dkms.conf", "brings a kernel module or its options (/usr/src/app-1/dkms.conf)"],
  [
    "usr/share/dbus-1/system-services/org.app.service",
    "brings services of the system's message bus (D-Bus) (org.app.service)",
  ],
])("knows %s", (path, what) => {
  expect(findings([packageIndex("app", [file(path)])])[0]?.items.map((item) => item.what)).toEqual([
    what,
  ]);
});

it.each(["etc/cron.d/.placeholder", "usr/lib/systemd/user/app.service", "etc/init.d"])(
  "says nothing of %s",
  (path) => {
    const entry: PackageEntry =
      path === "etc/init.d" ? { kind: "directory", path } : { ...file(path) };

    expect(findings([packageIndex("app", [entry])])).toEqual([]);
  },
);

it("names three of many files", () => {
  const rules = ["a", "b", "c", "d", "e"].map((name) => file(`usr/lib/udev/rules.d/${name}.rules`));

  expect(findings([packageIndex("app", rules)])[0]?.items.map(({ what }) => what)).toEqual([
    "brings udev rules (a.rules, b.rules, c.rules and 2 more)",
  ]);
});

function file(path: string, mode = 0o644): PackageEntry {
  return { kind: "file", path, mode, size: 1 };
}
