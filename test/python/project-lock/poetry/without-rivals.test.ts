import { expect, it } from "vitest";
import { linuxEnvironment } from "../../../../src/python/markers.ts";
import type { LockedPackage } from "../../../../src/python/project-lock/poetry/lock-file.ts";
import { withoutRivals } from "../../../../src/python/project-lock/poetry/without-rivals.ts";

const ENVIRONMENT = linuxEnvironment("3.13.5", "amd64");

const OLD: LockedPackage = { name: "nvidia-cublas", version: "13.4.1.3" };
const NEW: LockedPackage = { name: "NVIDIA_cublas", version: "13.10.0.20" };

const TOOLKIT: LockedPackage = {
  name: "cuda-toolkit",
  version: "13.2.2",
  dependencies: {
    "nvidia-cublas": { version: "==13.4.1.3.*", optional: true, markers: 'extra == "cublas"' },
  },
};

const torch = (extras: readonly string[]): LockedPackage => ({
  name: "torch",
  version: "2.15.0",
  dependencies: {
    "cuda-toolkit": {
      version: "13.2.2",
      extras: [...extras],
      markers: 'platform_system == "Linux"',
    },
  },
});

const versions = (chosen: readonly LockedPackage[]) =>
  withoutRivals(chosen, ENVIRONMENT).map(({ version }) => version);

it("keeps the version that fits whoever asks for it, by the extras that others ask for", () => {
  expect(versions([OLD, NEW, TOOLKIT, torch(["cublas"])])).toEqual([
    "13.4.1.3",
    "13.2.2",
    "2.15.0",
  ]);
});

it.each<[string, readonly LockedPackage[]]>([
  ["nobody asks for them", [OLD, NEW, torch([])]],
  ["nobody asks for the extra", [OLD, NEW, TOOLKIT, torch(["cufft"])]],
  ["none fits", [NEW, { ...NEW, version: "13.11" }, TOOLKIT, torch(["cublas"])]],
  ["each is there once", [OLD, TOOLKIT, torch(["cublas"])]],
])("leaves all where %s", (_what, chosen) => {
  expect(versions(chosen)).toEqual(chosen.map(({ version }) => version));
});
