import { describe, expect, it } from "vitest";
import { explainUnsolvable } from "../../../src/conda/engine/complaints.ts";
import type { EngineError, VirtualPackage } from "../../../src/conda/engine/protocol.ts";

describe("what the solver of py-rattler 0.28 says", () => {
  it("two packages that want different versions of a third", () => {
    expect(
      explain(`Cannot solve the request because of: The following packages are incompatible
├─ pandas * cannot be installed because there are no viable options:
│  └─ pandas 2.0 would require
│     └─ numpy <2, which cannot be installed because there are no viable options:
│        ├─ numpy 1.26.0, which conflicts with the versions reported above.
│        ├─ numpy 1.26.0, which conflicts with the versions reported above.
│        ├─ numpy 1.26.0, which conflicts with the versions reported above.
│        ├─ numpy 1.24.0, which conflicts with the versions reported above.
│        ├─ numpy 1.24.0, which conflicts with the versions reported above.
│        └─ numpy 1.24.0, which conflicts with the versions reported above.
└─ scipy * cannot be installed because there are no viable options:
   └─ scipy 1.9 would require
      └─ numpy >=2, which cannot be installed because there are no viable options:
         ├─ numpy 2.0.0, which conflicts with the versions reported above.
         ├─ numpy 2.0.0, which conflicts with the versions reported above.
         └─ numpy 2.0.0, which conflicts with the versions reported above.
`),
    ).toMatchInlineSnapshot(`
      "The following packages are incompatible
      ├─ pandas cannot be installed because there are no viable options:
      │  └─ pandas 2.0 would require
      │     └─ numpy <2, which cannot be installed because there are no viable options:
      │        ├─ numpy 1.26.0, which conflicts with the versions reported above
      │        └─ numpy 1.24.0, which conflicts with the versions reported above
      └─ scipy cannot be installed because there are no viable options:
         └─ scipy 1.9 would require
            └─ numpy >=2, which cannot be installed because there are no viable options:
               └─ numpy 2.0.0, which conflicts with the versions reported above"
    `);
  });

  it("a version that nothing is built for", () => {
    expect(
      explain(
        `Cannot solve the request because of: numpy * cannot be installed because there are no viable options:
├─ numpy 1.24.0 | 1.26.0 | 2.0.0 would require
│  └─ python 3.10.*, for which no candidates were found.
├─ numpy 1.24.0 | 1.26.0 | 2.0.0 would require
│  └─ python 3.11.*, for which no candidates were found.
└─ numpy 1.24.0 | 1.26.0 | 2.0.0 would require
   └─ python 3.12.*, for which no candidates were found.
`,
        { versions: { python: ["3.13.1", "3.12.1", "3.11.1"] } },
      ),
    ).toMatchInlineSnapshot(`
      "numpy cannot be installed because there are no viable options:
      ├─ numpy 1.24.0 | 1.26.0 | 2.0.0 would require
      │  └─ python 3.10.*, for which no candidates were found
      ├─ numpy 1.24.0 | 1.26.0 | 2.0.0 would require
      │  └─ python 3.11.*, for which no candidates were found
      └─ numpy 1.24.0 | 1.26.0 | 2.0.0 would require
         └─ python 3.12.*, for which no candidates were found
      - The newest of python in the channels: 3.13.1, 3.12.1 and 3.11.1."
    `);
  });

  it("what is asked of the system, through another package", () => {
    expect(
      explain(`Cannot solve the request because of: The following packages are incompatible
├─ torch-gpu * cannot be installed because there are no viable options:
│  ├─ torch-gpu 2.0 would require
│  │  └─ __cuda >=11, for which no candidates were found.
│  └─ torch-gpu 2.0 would require
│     └─ __cuda >=12, for which no candidates were found.
├─ glib * cannot be installed because there are no viable options:
│  └─ glib 1 would require
│     └─ __glibc >=2.99, for which no candidates were found.
├─ v3 * cannot be installed because there are no viable options:
│  └─ v3 1 would require
│     └─ __archspec ==1 x86_64_v3, for which no candidates were found.
└─ winonly * cannot be installed because there are no viable options:
   └─ winonly 1 would require
      └─ __win *, for which no candidates were found.
`),
    ).toMatchInlineSnapshot(`
      "The following packages are incompatible
      ├─ torch-gpu cannot be installed because there are no viable options:
      │  ├─ torch-gpu 2.0 would require
      │  │  └─ __cuda >=11, for which no candidates were found
      │  └─ torch-gpu 2.0 would require
      │     └─ __cuda >=12, for which no candidates were found
      ├─ glib cannot be installed because there are no viable options:
      │  └─ glib 1 would require
      │     └─ __glibc >=2.99, for which no candidates were found
      ├─ v3 cannot be installed because there are no viable options:
      │  └─ v3 1 would require
      │     └─ __archspec ==1 x86_64_v3, for which no candidates were found
      └─ winonly cannot be installed because there are no viable options:
         └─ winonly 1 would require
            └─ __win, for which no candidates were found
      - The package is for NVIDIA's GPUs, and the image is not. Add a file hardware.txt with the line 'cuda', or take the package's build for CPUs.
      - __glibc is the version of glibc in the run image, which decides what runs there. Ask for an older version of the package, or use a builder with a newer run image.
      - __archspec is the oldest processor that the image is for. Where all of yours are newer, set BP_CONDA_ARCHSPEC=x86_64_v3.
      - __win stands for Windows: the package is for it alone, and the image runs on Linux."
    `);
  });

  it("names that the channels don't have", () => {
    expect([
      explain("Cannot solve the request because of: No candidates were found for torch *.\n", {
        similar: { torch: ["pytorch", "torchx"] },
      }),
      explain("Cannot solve the request because of: No candidates were found for pywin32 >=3.\n", {
        similar: { pywin32: [] },
        platforms: { pywin32: ["win-64", "osx-arm64"] },
      }),
      explain("Cannot solve the request because of: No candidates were found for mine *.\n", {
        similar: { mine: [] },
      }),
    ]).toMatchInlineSnapshot(`
      [
        "No candidates were found for torch
      - The channels have no package called torch. Was pytorch or torchx meant?",
        "No candidates were found for pywin32 >=3
      - The channels have pywin32 for win-64 and osx-arm64 alone. If it is for those only, say so on its line: pywin32  # [win or osx]",
        "No candidates were found for mine
      - The channels have no package called mine. Another channel may have it, or PyPI, whose packages are listed under 'pip:'.",
      ]
    `);
  });

  it("a version or build that the channels don't have", () => {
    const versions = { numpy: ["2.0.0", "1.26.0", "1.24.0"] };

    expect([
      explain("Cannot solve the request because of: No candidates were found for numpy 3.*.\n", {
        versions,
      }),
      explain(
        "Cannot solve the request because of: No candidates were found for numpy ==2.0.0 py39*.\n",
        { versions },
      ),
      explain("Cannot solve the request because of: No candidates were found for __cuda *.\n"),
    ]).toMatchInlineSnapshot(`
      [
        "No candidates were found for numpy 3.*
      - The newest of numpy in the channels: 2.0.0, 1.26.0 and 1.24.0.",
        "No candidates were found for numpy ==2.0.0 py39*
      - The newest of numpy in the channels: 2.0.0, 1.26.0 and 1.24.0.",
        "No candidates were found for __cuda
      - The package is for NVIDIA's GPUs, and the image is not. Add a file hardware.txt with the line 'cuda', or take the package's build for CPUs.",
      ]
    `);
  });

  it("builds that the channels no longer have, though they have the version", () => {
    const told = "Cannot solve the request because of: No candidates were found for a ==1.0 x_0.\n";
    const a = [
      { version: "1.0", build: "pyhd8ed1ab_1" },
      { version: "1.0", build: "pyhd8ed1ab_0" },
    ];
    const versions = { a: ["1.1", "1.0"], b: ["2.1"], c: ["3"] };

    expect([
      explain(told, { versions: { a: ["1.1"] }, builds: { a } }),
      explain(told, { versions, builds: { a, b: [{ version: "2.1", build: "h1_0" }], c: [] } }),
    ]).toMatchInlineSnapshot(`
      [
        "No candidates were found for a ==1.0 x_0
      - a 1.0 is there with the build pyhd8ed1ab_1 or pyhd8ed1ab_0; leave the build out: - a==1.0. For the whole file: conda env export --no-builds",
        "No candidates were found for a ==1.0 x_0
      - a 1.0 is there with the build pyhd8ed1ab_1 or pyhd8ed1ab_0; leave the build out: - a==1.0
      - b 2.1 is there with the build h1_0; leave the build out: - b==2.1
      - For the whole file: conda env export --no-builds
      - The newest of c in the channels: 3.",
      ]
    `);
  });

  it("another CUDA than the image is for", () => {
    const told = (spec: string) =>
      `Cannot solve the request because of: torch * cannot be installed because there are no viable options:
└─ torch 2 would require
   └─ __cuda ${spec}, for which no candidates were found.
`;
    const system = [{ name: "__cuda", version: "12.8", build: "0" }];

    expect([explain(told(">=13"), {}, system), explain(told("11.*"), {}, system)])
      .toMatchInlineSnapshot(`
      [
        "torch cannot be installed because there are no viable options:
      └─ torch 2 would require
         └─ __cuda >=13, for which no candidates were found
      - The package needs CUDA >=13, and the image is for 12.8. Write cuda>=13 into hardware.txt, or take another version of the package.",
        "torch cannot be installed because there are no viable options:
      └─ torch 2 would require
         └─ __cuda 11.*, for which no candidates were found
      - The package is for another CUDA version than the image, which is for 12.8. Take another version or build of the package.",
      ]
    `);
  });

  it("what a package forbids", () => {
    expect(
      explain(`Cannot solve the request because of: The following packages are incompatible
├─ python 3.12.* can be installed with any of the following options:
│  └─ python 3.12.1
└─ constr * cannot be installed because there are no viable options:
   └─ constr 1 would constrain
      └─ python <3.11, which conflicts with any installable versions previously reported
`),
    ).toMatchInlineSnapshot(`
      "The following packages are incompatible
      ├─ python 3.12.* can be installed with any of the following options:
      │  └─ python 3.12.1
      └─ constr cannot be installed because there are no viable options:
         └─ constr 1 would constrain
            └─ python <3.11, which conflicts with any installable versions previously reported"
    `);
  });

  it("is cut where dozens of versions say the same", () => {
    const versions = Array.from(
      { length: 40 },
      (_, index) => `│  ├─ libx 1.${index}, which conflicts`,
    );
    const told = ["a * cannot be installed:", ...versions.map((one) => one.slice(3)), "└─ libx 2"];

    expect(explain(told.join("\n"))).toMatchInlineSnapshot(`
      "a cannot be installed:
      ├─ libx 1.0, which conflicts
      ├─ libx 1.1, which conflicts
      ├─ libx 1.2, which conflicts
      ├─ libx 1.3, which conflicts
      ├─ libx 1.4, which conflicts
      ├─ libx 1.5, which conflicts
      ├─ libx 1.6, which conflicts
      └─ … and 34 more that do not fit"
    `);
  });
});

function explain(
  message: string,
  more: Partial<EngineError> = {},
  system: readonly VirtualPackage[] = [],
): string {
  const error = { kind: "unsolvable" as const, message, ...more };
  const { explanation, advice } = explainUnsolvable(error, system);
  return [explanation, ...advice.map((one) => `- ${one}`)].join("\n");
}
