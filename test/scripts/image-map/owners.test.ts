import { expect, it } from "vitest";
import { mapImage } from "../../../scripts/image-map/map-image.ts";
import { type LayerToMake, makeImage } from "./images.ts";

const SITE = "app/lib/python3.13/site-packages";
const SIX = { [`${SITE}/six-1.17.0.dist-info/RECORD`]: "six/a.py,,\nsix/b.py,,\none.py,,\n" };

it.each([
  ["what RECORD names", `${SITE}/six/a.py`],
  ["its bytecode", `${SITE}/__pycache__/one.cpython-313.opt-1.pyc`],
  ["what was made beside it", `${SITE}/six/cache/made.bin`],
])("gives %s to the distribution", (_, path) => {
  expect(ownersIn({ files: { [path]: 1 }, records: SIX })).toEqual(["Python six 1.17.0"]);
});

it("gives nothing to a distribution that shares the directory with others", () => {
  const records = { ...SIX, [`${SITE}/more-1.0.dist-info/RECORD`]: "six/c.py,,\n" };
  const files = { [`${SITE}/six/made.bin`]: 1, [`${SITE}/alone.py`]: 1 };
  expect(ownersIn({ files, records })).toEqual(["other /app/lib "]);
});

it("finds files of Debian's packages by either name of their directory", () => {
  const records = {
    "var/lib/dpkg/status": "Package: libc6\nVersion: 2.41\n",
    "var/lib/dpkg/info/libc6:amd64.list": "/lib/x86_64-linux-gnu/libc.so.6\n",
  };
  const files = { "usr/lib/x86_64-linux-gnu/libc.so.6": 1 };
  expect(ownersIn({ files, records })).toEqual(["Debian libc6 2.41"]);
});

it("follows a conda package's links to files that lie elsewhere", () => {
  const record = {
    ...{ name: "mkl", version: "2025.3", build: "0", subdir: "linux-64" },
    paths_data: { paths_version: 1, paths: [{ _path: "lib/libmkl.so" }] },
  };
  const image = makeImage({
    "sha256:heavy": { files: { "layers/mkl/libmkl.so": 9 } },
    "sha256:prefix": {
      files: {},
      links: { "layers/env/lib/libmkl.so": "layers/mkl/libmkl.so" },
      records: { "layers/env/conda-meta/mkl-2025.3-0.json": JSON.stringify(record) },
    },
  });
  expect(mapImage(image).layers[0]?.parts[0]?.owner).toMatchObject({ kind: "conda", name: "mkl" });
});

it("tells NVIDIA's packages from others", () => {
  const records = { [`${SITE}/nvidia_cublas-13.4.dist-info/RECORD`]: "nvidia/cublas.so,,\n" };
  const files = { [`${SITE}/nvidia/cublas.so`]: 1, "usr/local/cuda-13.0/lib64/libnvrtc.so": 1 };
  expect(ownersIn({ files, records })).toEqual(["NVIDIA CUDA ", "NVIDIA nvidia-cublas 13.4"]);
});

it.each([
  ["usr/local/lib/python3.12/json/__init__.py", "interpreter Python 3.12"],
  ["usr/local/bin/python3.12", "interpreter Python 3.12"],
  ["root/.cache/pip/http/1", "other /root/.cache "],
  ["file", "other / "],
])("gives %s, which no package has, to '%s'", (path, owner) => {
  expect(ownersIn({ files: { [path]: 1 } })).toEqual([owner]);
});

it("takes what a Dockerfile copies for the app", () => {
  const layer = { files: { "srv/main.py": 1 }, createdBy: "COPY . . # buildkit" };
  expect(ownersIn(layer)).toEqual(["app the app's files "]);
});

it("tells the packages of a layer apart by their libraries, as Debian names them", () => {
  const tree = "layers/apt/for-x/tree/usr";
  const packages = ["libproj25", "librsvg2-2", "libglib2.0-0t64", "iso-codes"];
  const layer = {
    files: {
      [`${tree}/lib/x86_64-linux-gnu/libproj.so.25.9.6`]: 5,
      [`${tree}/lib/x86_64-linux-gnu/librsvg-2.so.2.60`]: 4,
      [`${tree}/lib/x86_64-linux-gnu/libglib-2.0.so.0.84`]: 3,
      [`${tree}/share/iso-codes/639.json`]: 2,
      [`${tree}/bin/unknown`]: 1,
    },
  };
  expect(ownersIn(layer, buildpackLayer("ml-buildpacks/apt", "for-x", packages))).toEqual([
    "Debian libproj25 1",
    "Debian librsvg2-2 1",
    "Debian libglib2.0-0t64 1",
    "Debian iso-codes 1",
    "Debian 4 packages, not told apart ",
  ]);
});

it("gives all of a layer with one package to it", () => {
  const files = { "layers/torch/bin/torchrun": 1, [`${SITE}/six/a.py`]: 1 };
  const lifecycle = buildpackLayer("ml-buildpacks/site-packages", "six");
  expect(ownersIn({ files, records: SIX }, lifecycle)).toEqual(["Python six 1.17.0"]);
  const named = buildpackLayer("ml-buildpacks/apt", "heavy-x", ["libllvm19"]);
  expect(ownersIn({ files: { "layers/a/b": 1 } }, named)).toEqual(["Debian libllvm19 1"]);
});

it("gives nothing of an interpreter to a distribution that comes with it", () => {
  const files = {
    "layers/python/lib/libtcl.so": 3,
    "layers/python/lib/python3.12/json.py": 2,
    [`${SITE}/six/a.py`]: 1,
  };
  const lifecycle = buildpackLayer("ml-buildpacks/python", "cpython");
  expect(ownersIn({ files, records: SIX }, lifecycle)).toEqual([
    "other the buildpack's own files ",
    "interpreter Python 3.12",
    "Python six 1.17.0",
  ]);
});

function buildpackLayer(key: string, layer: string, names: readonly string[] = []) {
  const packages = names.map((name) => ({ name, version: "1" }));
  const data = names.length === 0 ? {} : { packages };
  return { buildpacks: [{ key, layers: { [layer]: { sha: "sha256:one", data } } }] };
}

/** Of an image with one layer, by size. */
function ownersIn(layer: LayerToMake, lifecycle?: object): readonly string[] {
  const [only] = mapImage(makeImage({ "sha256:one": layer }, lifecycle)).layers;
  return (only?.parts ?? []).map(({ owner: { kind, name, version } }) =>
    [kind, name, version].join(" "),
  );
}
