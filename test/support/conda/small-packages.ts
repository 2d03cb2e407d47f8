import type { MadeCondaPackage } from "../../../scripts/lib/conda/channel.ts";

/** Packages that each show one thing; those without a `noarch` are for one platform. */
export function smallPackages(subdir: string): readonly MadeCondaPackage[] {
  const here = [activator, withPostLink, ...variants(), ...virtual(), ...clobbering];
  return [
    ...here.map((made) => ({ ...made, subdir })),
    ...chain(),
    ...cudaVersions,
    { name: "needs-missing", noarch: "generic", depends: ["does-not-exist >=1"] },
    { name: "other-platform", subdir: "osx-64", files: { "share/other-platform": "macOS" } },
  ];
}

const activator: MadeCondaPackage = {
  name: "activator",
  files: {
    "etc/conda/activate.d/activator.sh": `export ACTIVATOR_HOME="$CONDA_PREFIX/share/activator"
export PATH="$CONDA_PREFIX/share/activator/bin:$PATH"
export LD_LIBRARY_PATH="$CONDA_PREFIX/lib/activator\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
unset ACTIVATOR_UNWANTED
activator_greet() { echo "hello from a function"; }
echo "activator is ready"
`,
    "etc/conda/activate.d/activator.fish": "set -gx ACTIVATOR_HOME fish\n",
    "etc/conda/deactivate.d/activator.sh": "unset ACTIVATOR_HOME\n",
    "etc/conda/env_vars.d/activator.json": '{"ACTIVATOR_MODE": "fast"}\n',
    "share/activator/bin/activated": {
      content: '#!/bin/sh\necho "activated in $ACTIVATOR_HOME, $ACTIVATOR_MODE"\n',
      mode: 0o755,
    },
    "lib/activator/here": "",
  },
};

const withPostLink: MadeCondaPackage = {
  name: "with-post-link",
  files: {
    "bin/.with-post-link-post-link.sh":
      '#!/bin/sh\necho "linked $PKG_NAME $PKG_VERSION" > "$PREFIX/share/with-post-link/linked"\n',
    "share/with-post-link/README": "A script makes a file beside this one.\n",
  },
};

/** One name, of which the variant for GPUs is preferred where there is a driver. */
function variants(): readonly MadeCondaPackage[] {
  const accel = (variant: "cpu" | "cuda", more: Partial<MadeCondaPackage>): MadeCondaPackage => ({
    ...{ name: "accel", version: "2.0", build: `${variant}_0` },
    files: { "bin/accel": `#!/bin/sh\necho "accel for ${variant}"\n` },
    ...more,
  });
  return [
    accel("cpu", { buildNumber: 0 }),
    accel("cuda", { buildNumber: 200, depends: ["__cuda >=12", "cuda-version 12.*"] }),
  ];
}

const cudaVersions: readonly MadeCondaPackage[] = ["12.4", "12.8", "13.0"].map((version) => ({
  ...{ name: "cuda-version", version, noarch: "generic" as const },
  constrains: [`__cuda >=${version.split(".")[0]}`, `cudatoolkit ${version}|${version}.*`],
}));

function virtual(): readonly MadeCondaPackage[] {
  return [
    { name: "needs-glibc", version: "1.0", depends: ["__glibc >=2.17"] },
    { name: "needs-glibc", version: "2.0", depends: ["__glibc >=2.99"] },
    { name: "needs-v3", depends: ["__archspec 1 x86_64_v3"] },
  ];
}

const clobbering: readonly MadeCondaPackage[] = ["clobber-a", "clobber-b"].map((name) => ({
  ...{ name, archive: ".tar.bz2" as const },
  files: { "share/clobbered/one": `of ${name}\n`, [`share/clobbered/${name}`]: "" },
}));

/** Versions that a solve may choose among: a needs b, b needs c. */
function chain(): readonly MadeCondaPackage[] {
  const link = (name: string, version: string, depends: readonly string[]): MadeCondaPackage => ({
    ...{ name, version, depends, noarch: "generic", archive: ".tar.bz2" },
    files: { [`share/chain/${name}`]: `${version}\n` },
  });
  return [
    link("chain-a", "1.0", ["chain-b >=1.0"]),
    link("chain-a", "2.0", ["chain-b >=1.1"]),
    link("chain-b", "1.0", ["chain-c >=1.0"]),
    link("chain-b", "1.1", ["chain-c >=1.0"]),
    link("chain-c", "1.0", []),
    link("chain-c", "1.1", []),
    link("chain-c", "1.2", []),
  ];
}
