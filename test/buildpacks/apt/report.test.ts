import { expect, test } from "vitest";
import { failure } from "../../../src/buildpacks/apt/failures.ts";
import {
  tellCompiledIn,
  tellFindings,
  tellGenerated,
  tellMoves,
  warnOfClashes,
} from "../../../src/buildpacks/apt/report.ts";
import type { DebianPackage } from "../../../src/debian/lock.ts";
import type { PackageIndex } from "../../../src/debian/package-index.ts";
import { renderMessage } from "../../../src/kit/failure.ts";
import { createLog, type Log } from "../../../src/kit/log.ts";

test("which versions have moved, once there was a lock", () => {
  const before = [locked("gone", "1"), locked("moved", "1"), locked("stays", "1")];
  const now = [locked("moved", "2"), locked("new", "1"), locked("stays", "1")];

  expect(logged((log) => tellMoves([], now, log))).toBe("");
  expect(logged((log) => tellMoves(now, now, log))).toBe("");
  expect(logged((log) => tellMoves(before, now, log))).toMatchInlineSnapshot(`
    "Compared with the previous lock:
     - gone 1 removed
     - moved 1 → 2
     - new 1 added
    "
  `);
});

test("what is made, and what can't be", () => {
  const generated = {
    made: [{ name: "font cache", summary: "of 8 files" }],
    failed: [{ name: "TeX formats", reason: "'fmtutil' ended with exit code 1" }],
  };

  expect(logged((log) => tellGenerated(generated, log))).toMatchInlineSnapshot(`
    "
    [Warning: TeX formats could not be made]
    'fmtutil' ended with exit code 1
    "
  `);
});

test("what a package that was asked for can't do here; that of others when debugging only", () => {
  const packages = [
    indexOf("asked", ["usr/lib/systemd/system/asked.service"], ["starts the service asked"]),
    indexOf("chromium", ["usr/lib/chromium/chromium", "etc/cron.d/x"], []),
    indexOf("came-along", ["usr/lib/systemd/system/other.service"], ["starts the service other"]),
  ];
  const requested = new Set(["asked", "chromium"]);

  const told = logged((log) => {
    tellFindings(packages, requested, log);
    tellCompiledIn(
      [
        { package: "asked", places: ["/usr/share/asked"], concerns: ["came-along"] },
        { package: "came-along", places: ["/usr/share/other"], concerns: ["another"] },
        { package: "libasked", places: ["/usr/share/plugins"], concerns: ["asked"] },
      ],
      requested,
      log,
    );
    warnOfClashes([{ path: "etc/both", kept: "asked", hidden: "came-along" }], log);
  });

  expect(told).toMatchInlineSnapshot(`
    "Skipping what asked does on a real system: it
     - brings system services (asked.service). Nothing starts them in a container: where you need one, start its program as a process of the app, in the foreground, or use a service beside the app.

    [Warning: chromium does not work as on a real system]
    It brings a browser that starts in a sandbox only (chromium). Containers allow none: start it with --no-sandbox, on pages that you trust, and set HOME to a directory that it may write, such as /tmp.
    Skipping what chromium does on a real system: it
     - brings cron jobs (/etc/cron.d/x). Nothing runs them in a container: use the platform's scheduled jobs.

    [Warning: asked looks for files in places that an image's layer can't have]
    /usr/share/asked: what it has there may be missing.

    [Warning: libasked, which asked needs, looks for files in places that an image's layer can't have]
    /usr/share/plugins: what it has there may be missing.

    [Warning: asked and came-along have the same file]
    /etc/both is that of asked.
    "
  `);
});

test("a builder that is not ours, and another architecture", () => {
  const told = [
    failure("run-image-unknown", { file: "/usr/share/ml-buildpacks/run-image-dpkg-status" }),
    failure("architecture", { arch: "riscv64" }),
  ].map(({ userMessage }) => renderMessage(userMessage));

  expect(told.join("\n\n")).toMatchInlineSnapshot(`
    "[Error: The packages of the run image are not known]

    Found: a build image without /usr/share/ml-buildpacks/run-image-dpkg-status, which says what the run image has.
    Needed: the builder ml-buildpacks/builder:cpu, or a build image that is made like its own.

    Nothing in the app needs to change. Once the cause is mended, build again.

    [Error: Debian packages can't be installed for this architecture]

    Found: riscv64
    Needed: amd64 or arm64

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});

function logged(tell: (log: Log) => void): string {
  let output = "";
  const out = (text: string) => void (output += text);
  tell(createLog({ out, err: out, debug: false }));
  return output;
}

function locked(name: string, version: string): DebianPackage {
  const rest = {
    arch: "amd64",
    sha256: "",
    url: "",
    size: 1,
    installedSize: 1,
    launch: true,
    build: false,
    requested: true,
    request: "",
  };
  return { name, version, ...rest };
}

function indexOf(name: string, files: readonly string[], notDone: string[]): PackageIndex {
  return {
    ...{ name, version: "1", arch: "amd64", sha256: "", source: name, licenses: [] },
    ...{ alternatives: [], diversions: [], replaces: [], notDone },
    entries: files.map((path) => ({ kind: "file", path, mode: 0o644, size: 1 })),
  };
}
