import { describe, expect, it } from "vitest";
import { parseToml } from "../../../../src/cnb/toml.ts";
import { linuxEnvironment } from "../../../../src/python/markers.ts";
import type { LockedPackage } from "../../../../src/python/project-lock/poetry/lock-file.ts";
import type { PoetryTable } from "../../../../src/python/project-lock/poetry/project.ts";
import { selectByWalk } from "../../../../src/python/project-lock/poetry/select-by-walk.ts";

interface Asked {
  readonly python?: string;
  readonly groups?: readonly string[];
  readonly extras?: readonly string[];
}

/** "name version" of what is chosen; the project is the text of [tool.poetry]. */
function select(project: string, packages: readonly LockedPackage[], asked: Asked = {}) {
  const { python = "3.11.7", groups = [], extras = [] } = asked;
  const wanted = {
    groups: new Set(["main", ...groups]),
    extras: new Set(extras),
    environment: linuxEnvironment(python, "amd64", { extras }),
  };
  return selectByWalk(packages, parseToml(project) as PoetryTable, wanted)
    .map(({ name, version }) => `${name} ${version}`)
    .sort();
}

const one = (name: string, version: string, rest: Partial<LockedPackage> = {}): LockedPackage => ({
  name,
  version,
  ...rest,
});

describe("what the project asks for", () => {
  const PROJECT = `
[dependencies]
python = "^3.11"
Main_Lib = "*"
windows = { version = "*", platform = "win32" }
old = { version = "*", python = "<3.10" }
marked = { version = "*", markers = "platform_machine == 'x86_64'" }
chosen = { version = "*", optional = true }
[extras]
Web = ["Chosen"]
[group.serving.dependencies]
server = "*"
[dev-dependencies]
lint = "*"
`;
  const LOCK = ["main-lib", "windows", "old", "marked", "chosen", "server", "lint"].map((name) =>
    one(name, "1"),
  );

  it.each<[string, Asked, readonly string[]]>([
    ["main", {}, ["main-lib 1", "marked 1"]],
    ["a group", { groups: ["serving"] }, ["main-lib 1", "marked 1", "server 1"]],
    ["dev-dependencies", { groups: ["dev"] }, ["lint 1", "main-lib 1", "marked 1"]],
    ["an extra", { extras: ["web"] }, ["chosen 1", "main-lib 1", "marked 1"]],
  ])("%s", (_what, asked, expected) => {
    expect(select(PROJECT, LOCK, asked)).toEqual(expected);
  });
});

describe("what packages depend on", () => {
  it("is followed, also in circles, where its marker holds", () => {
    const lock = [
      one("a", "1", { dependencies: { B: "*", windows: { markers: "os_name == 'nt'" } } }),
      one("b", "1", { dependencies: { a: ">=1" } }),
    ];

    expect(select('[dependencies]\na = "*"', lock)).toEqual(["a 1", "b 1"]);
  });

  it("is followed for the extras that are asked for", () => {
    const fast = { version: "*", optional: true, markers: 'extra == "fast"' };
    const lock = [
      one("a", "1", {
        dependencies: { quick: fast, plot: { optional: true }, x: { optional: true } },
        extras: {
          fast: ["quick (>=1)"],
          plots: ["plot"],
          all: ["a[fast,unlocked]"],
          unlocked: ["x"],
        },
      }),
      one("b", "1", { dependencies: { a: { extras: ["all"] } } }),
      one("quick", "1"),
      one("plot", "1"),
    ];

    expect(select('[dependencies]\na = "*"', lock)).toEqual(["a 1"]);
    expect(select('[dependencies]\na = {version = "*", extras = ["Plots"]}', lock)).toEqual([
      "a 1",
      "plot 1",
    ]);
    expect(select('[dependencies]\na = "*"\nb = "*"', lock)).toEqual(["a 1", "b 1", "quick 1"]);
  });

  it("may be what Poetry before 1.2 did not lock", () => {
    const lock = [one("a", "1", { dependencies: { setuptools: "*" } })];

    expect(select('[dependencies]\na = "*"', lock)).toEqual(["a 1"]);
  });
});

describe("of several versions", () => {
  const NUMPY = [
    one("numpy", "1.24.4", { "python-versions": ">=3.8" }),
    one("numpy", "2.1.0", { "python-versions": ">=3.10" }),
  ];

  it.each<[string, string, readonly LockedPackage[], Asked, string]>([
    ["the highest", '[dependencies]\nnumpy = "*"', [], {}, "numpy 2.1.0"],
    ["one for this Python", '[dependencies]\nnumpy = "*"', [], { python: "3.9.1" }, "numpy 1.24.4"],
    ["the project's", '[dependencies]\nnumpy = "^1"', [], {}, "numpy 1.24.4"],
    [
      "the project's for this Python",
      '[dependencies]\nnumpy = [{version = "^1", python = "<3.11"}, {version = "^2", python = "^3.11"}]',
      [],
      {},
      "numpy 2.1.0",
    ],
    [
      "the one that fits whoever is seen later",
      '[dependencies]\nnumpy = "*"\na = "*"',
      [
        one("a", "1", { dependencies: { b: "*" } }),
        one("b", "1", { dependencies: { numpy: "<2" } }),
      ],
      {},
      "numpy 1.24.4",
    ],
  ])("%s", (_what, project, others, asked, expected) => {
    expect(select(project, [...NUMPY, ...others], asked)).toContain(expected);
  });

  it("the one of the source that is asked for", () => {
    const lock = [
      one("torch", "2.3.0"),
      one("torch", "2.3.0+cpu", {
        source: { type: "legacy", url: "https://x.example", reference: "torch-cpu" },
      }),
      one("torch", "2.3.1", {
        source: { type: "git", url: "https://git.example/torch", reference: "v2" },
      }),
      one("torch", "2.3.2", { source: { type: "url", url: "https://x.example/torch.whl" } }),
      one("torch", "2.3.3", { source: { type: "directory", url: "libs/torch" } }),
    ];
    const chosen = (spec: string) => select(`[dependencies]\ntorch = {${spec}}`, lock);

    expect(chosen('version = "2.3.0", source = "torch-cpu"')).toEqual(["torch 2.3.0+cpu"]);
    expect(chosen('version = "2.3.0", source = "PyPI"')).toEqual(["torch 2.3.0"]);
    expect(chosen('git = "https://git.example/torch", tag = "v2"')).toEqual(["torch 2.3.1"]);
    expect(chosen('url = "https://x.example/torch.whl"')).toEqual(["torch 2.3.2"]);
    expect(chosen('path = "./libs/torch"')).toEqual(["torch 2.3.3"]);
  });

  it("none", () => {
    expect(() => select('[dependencies]\nnumpy = ">=3"', NUMPY)).toThrow(
      "none of the versions 2.1.0, 1.24.4 of numpy fits all that ask for it on Python 3.11.7",
    );
  });
});
