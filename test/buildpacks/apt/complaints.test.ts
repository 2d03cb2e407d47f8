import { expect, test } from "vitest";
import { failureFor } from "../../../src/buildpacks/apt/failures.ts";
import type { Complaint } from "../../../src/debian/complaint.ts";
import { successionOf } from "../../../src/debian/resolve/successors.ts";
import { renderMessage } from "../../../src/kit/failure.ts";

// The others are shown where apt itself brings them about, in test/phases/apt/resolve.test.ts.

function told(complaint: Complaint): string {
  return renderMessage(failureFor(complaint).userMessage);
}

const ORIGIN = { file: "apt.txt", line: 3 };

test("what would change the run image, at a snapshot", () => {
  expect(
    told({
      kind: "run-image-differs",
      changes: [{ name: "libssl3t64", installed: "3.5.7-1", wanted: "3.5.1-1" }],
      asked: [{ name: "libssl-dev", origin: ORIGIN, text: "libssl-dev" }],
      snapshot: "20260601T000000Z",
    }),
  ).toMatchInlineSnapshot(`
    "[Error: A package does not fit the run image]

    Found in apt.txt, line 3: libssl-dev

    It would need other packages than those that the run image has:
    - libssl3t64 3.5.1-1, in place of 3.5.7-1

    Nothing of the run image can be replaced: a second copy would hide what a rebase mends there.

    BP_APT_SNAPSHOT is 20260601T000000Z: take a time that is not before the run image was made, or a builder that is not newer."
  `);
});

test("a file of the app that is gone, or was changed", () => {
  const url = "./debs/tool.deb";
  expect(told({ kind: "gone", packages: [{ name: "tool", version: "1.0", url }] }))
    .toMatchInlineSnapshot(`
    "[Error: A .deb file of the app is no longer there]

    Not found:
    - tool 1.0 (./debs/tool.deb)

    Put it back, or remove its line."
  `);
  expect(
    told({ kind: "checksum", name: "tool", url, expected: "aa", found: "bb", origin: undefined }),
  ).toMatchInlineSnapshot(`
    "[Error: tool is not the file that was expected]

    Found in ./debs/tool.deb:
      sha256:bb
    Needed, as it was when the packages were chosen:
      sha256:aa

    The app's file has changed since; a change of apt.txt takes it anew."
  `);
});

test("a file that the archive names and does not have", () => {
  const packages = [{ name: "tool", version: "1.0", url: "https://apt.example.com/tool.deb" }];
  expect(told({ kind: "gone", packages, isListed: true })).toMatchInlineSnapshot(`
    "[Error: An archive does not have the packages that it names]

    Not found:
    - tool 1.0 (https://apt.example.com/tool.deb)

    The archive's own lists name them. Most often it, or a mirror of it, is being updated at that moment.

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});

test("a suite that no instructions of ours fit", () => {
  const asked = { name: "jq", origin: ORIGIN, text: "jq/sid" };
  expect(
    told({ kind: "suite-unavailable", asked, suite: "sid", suites: ["trixie", "trixie-updates"] }),
  ).toMatchInlineSnapshot(`
    "[Error: There is no suite sid for jq]

    Found in apt.txt, line 3: jq/sid

    The sources have: trixie and trixie-updates

    Name one of them, or add a source of the suite in apt.sources.d."
  `);
});

test("keys that are weak, and keys of the image that are missing", () => {
  const source = "http://deb.debian.org/debian trixie";
  expect(
    told({
      kind: "signature",
      reason: "key-weak",
      key: "ABCD",
      source,
      origin: ORIGIN,
      output: "",
    }),
  ).toMatchInlineSnapshot(`
    "[Error: An archive's signature can't be trusted]

    Found in apt.txt, line 3: http://deb.debian.org/debian trixie

    It is signed with the key ABCD, which is too weak, or has expired. Ask whoever runs the archive for a new one."
  `);
  expect(
    told({
      kind: "signature",
      reason: "key-missing",
      key: "ABCD",
      source,
      output: "E: apt's words",
    }),
  ).toMatchInlineSnapshot(`
    "[Error: An archive's signature can't be trusted]

    Found in the build image's sources: http://deb.debian.org/debian trixie

    It is signed with the key ABCD, which the build image does not have. Its archive may have a new key: a newer builder has it.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    E: apt's words"
  `);
});

test("an archive of the app that is no longer kept up", () => {
  const source = "https://apt.example.com trixie";
  expect(told({ kind: "release-time", reason: "expired", by: "3d", source, origin: ORIGIN }))
    .toMatchInlineSnapshot(`
    "[Error: An archive's Release file has expired]

    Found in apt.txt, line 3: https://apt.example.com trixie

    It stopped being valid 3d ago. The mirror is no longer updated, or a proxy gives an old copy, in which security updates would be missing. Or the clock of the building machine is wrong.

    If the archive is kept as it is on purpose, write 'Check-Valid-Until: no' into its stanza in apt.sources.d, or [check-valid-until=no] into its line.

    Nothing in the app needs to change. Once the cause is mended, build again."
  `);
});

test("versions at a snapshot", () => {
  const jq = { name: "jq", origin: ORIGIN, text: "jq=1.6" };
  expect(
    told({
      kind: "version-unavailable",
      packages: [
        { ...jq, version: "1.6", available: ["1.7.1-6"] },
        { ...jq, text: "jq=1.5", version: "1.5", available: ["1.7.1-6"] },
      ],
      hasSnapshot: true,
    }),
  ).toMatchInlineSnapshot(`
    "[Error: The archive does not have some versions]

    apt.txt, line 3: jq=1.6
      The archive has: jq=1.7.1-6

    apt.txt, line 3: jq=1.5
      The archive has: jq=1.7.1-6

    BP_APT_SNAPSHOT decides which versions there are."
  `);
});

test("a file that is no package, and what apt says that we do not know", () => {
  const issue = "The file is not a Debian package";
  expect(told({ kind: "deb-invalid", text: "https://e.com/a.deb", origin: ORIGIN, issue }))
    .toMatchInlineSnapshot(`
    "[Error: Unable to use a .deb file]

    Found in apt.txt, line 3: https://e.com/a.deb

    The file is not a Debian package."
  `);
  expect(told({ kind: "unknown", output: "E: apt's words" })).toMatchInlineSnapshot(`
    "[Error: Unable to choose Debian packages]

    apt says what went wrong, in a way that the buildpack does not know.

    Nothing in the app needs to change. Once the cause is mended, build again.

    Details:
    E: apt's words"
  `);
});

test("names that Debian's main does not have, with what to do in their place", () => {
  const names = [
    "nvidia-cuda-toolkit",
    "nvidia-driver",
    "libcudnn8",
    "cuda-toolkit-12-4",
    "opencv-python",
    "pytorch",
    "psql",
    "libgl.so.1",
    "libsm.so.6",
  ];
  expect(
    told({
      kind: "unknown-packages",
      packages: names.map((name) => ({
        name,
        origin: ORIGIN,
        text: name,
        near: [],
        providers: [],
        advice: successionOf(name)?.advice,
      })),
    }),
  ).toMatchInlineSnapshot(`
    "[Error: Debian has no packages of some names]

    apt.txt, line 3: nvidia-cuda-toolkit
      It is in Debian's non-free; add this line:

        :repo:deb http://deb.debian.org/debian trixie non-free

    apt.txt, line 3: nvidia-driver
      The driver is the machine's: the container runtime brings it with nvidia-smi and libcuda, and another in the image would not fit; remove the line.

    apt.txt, line 3: libcudnn8
      The wheels of PyTorch, TensorFlow, JAX and others bring CUDA's libraries, and the machine the driver; remove the line.

    apt.txt, line 3: cuda-toolkit-12-4
      The wheels of PyTorch, TensorFlow, JAX and others bring CUDA's libraries, and the machine the driver; remove the line.

    apt.txt, line 3: opencv-python
      opencv-python is a package of PyPI; it goes into requirements.txt.

    apt.txt, line 3: pytorch
      On PyPI it is torch; it goes into requirements.txt.

    apt.txt, line 3: psql
      psql is a program of the package postgresql-client; name that.

    apt.txt, line 3: libgl.so.1
      The package of this library is libgl1.

    apt.txt, line 3: libsm.so.6
      This is a file, not a package; the package that has it is found here:

        https://packages.debian.org/search?suite=trixie&searchon=contents&mode=filename&keywords=libsm.so.6"
  `);
});
