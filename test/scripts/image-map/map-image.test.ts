import { expect, it } from "vitest";
import { mapImage } from "../../../scripts/image-map/map-image.ts";
import { summarize } from "../../../scripts/image-map/summary.ts";
import { formatTable } from "../../../scripts/image-map/table.ts";
import { makeImage } from "./images.ts";

const SITE = "layers/env/site-packages";
const OURS = makeImage(
  {
    "sha256:base": { files: { "etc/issue": 20 }, compressed: 10 },
    "sha256:torch": {
      files: { "layers/torch/torch.so": 9000, [`${SITE}/empty.py`]: 0 },
      compressed: 4000,
    },
    "sha256:environment": {
      files: { [`${SITE}/a.py`]: 300, [`${SITE}/b.py`]: 100, "layers/env/pyvenv.cfg": 0 },
      records: {
        [`${SITE}/a-1.0.dist-info/RECORD`]: "a.py,,\nempty.py,,\n",
        [`${SITE}/b-2.0.dist-info/RECORD`]: "b.py,,\n../../torch/torch.so,,\n",
      },
      compressed: 200,
    },
    "sha256:app": { files: { "workspace/main.py": 7 }, compressed: 5 },
    "sha256:types": { files: {}, links: { "cnb/process/web": "cnb/launcher" }, compressed: 3 },
  },
  {
    runImage: { topLayer: "sha256:base" },
    app: [{ sha: "sha256:app" }],
    "process-types": { sha: "sha256:types" },
    buildpacks: [
      {
        key: "ml-buildpacks/site-packages",
        layers: {
          environment: { sha: "sha256:environment" },
          torch: { sha: "sha256:torch" },
        },
      },
    ],
  },
);
const THEIRS = makeImage({
  "sha256:base": { files: { "etc/issue": 20 }, compressed: 10 },
  "sha256:apt": {
    files: { "usr/bin/gcc": 50 },
    createdBy: "RUN apt-get install gcc",
    compressed: 40,
  },
  "sha256:lists": {
    files: { "app/requirements.txt": 9 },
    createdBy: "COPY requirements.txt .",
    compressed: 1,
  },
  "sha256:pip": {
    files: { "usr/lib/site-packages/a.py": 300 },
    records: { "usr/lib/site-packages/a-1.0.dist-info/RECORD": "a.py,,\n" },
    createdBy: "RUN pip install -r requirements.txt",
    compressed: 4200,
  },
  "sha256:source": { files: { "app/main.py": 7 }, createdBy: "COPY main.py .", compressed: 5 },
});

it("spreads a layer's compressed size over its files by their own", () => {
  expect(partsOf(OURS, 2)).toEqual([
    ["a", 300, 150],
    ["b", 100, 50],
    ["the buildpack's own files", 0, 0],
  ]);
});

it("gives a layer of links its compressed size, too", () => {
  expect(partsOf(OURS, 4)).toEqual([["process types", 0, 3]]);
});

it("knows no compressed sizes where the image is not stored so", () => {
  const image = makeImage({ "sha256:one": { files: { "a/b": 5 } } });
  const map = mapImage(image);
  expect(map.layers[0]).toMatchObject({ unpacked: 5, compressed: undefined });
  expect(formatTable(map, 8)).toEqual([
    "layer, and what is in it  version  size  of image  files  a change pushes  shared with",
    "layer 1                             5 B   100.0 %      1",
    "  /a                                5 B   100.0 %      1              5 B",
  ]);
});

it("says what a change of a package pushes: the layers that have contents of it", () => {
  expect(pushesOf(OURS)).toEqual({
    "/etc": 10,
    a: 200,
    b: 4200,
    "the buildpack's own files": 200,
    "the app's files": 5,
    "process types": 3,
  });
});

it("counts a Dockerfile's later commands, which run again, and no later copies", () => {
  expect(pushesOf(THEIRS)).toEqual({
    "/etc": 10 + 40 + 4200,
    "/usr/bin": 40 + 4200,
    a: 4200,
    "the app's files": 5,
  });
  const [, , lists] = mapImage(THEIRS).layers;
  expect(lists?.parts[0]?.pushes).toBe(1 + 4200);
});

it("sums up what is shared, and what changes of the app push", () => {
  expect(summarize(mapImage(OURS, [{ ...THEIRS, name: "theirs" }]), ["theirs"])).toEqual([
    "app: 5 layers, 4 kB",
    "shared with theirs: 1 layer, 10 B",
    "in this image alone: 4 layers, 4 kB",
    "adding a small Python package pushes 1 layer, 200 B (ml-buildpacks/site-packages:environment)",
    "editing the app's source pushes 1 layer, 5 B (the app)",
  ]);
  expect(summarize(mapImage(THEIRS), [])).toEqual([
    "app: 5 layers, 4 kB",
    "adding a small Python package pushes 1 layer, 4 kB (RUN pip install -r requirements.txt)",
    "editing the app's source pushes 1 layer, 5 B (COPY main.py .)",
  ]);
});

it("counts one light layer for a package more: the one of middle weight", () => {
  const own = { "light-1": 900, "light-2": 70, "light-5": 300, environment: 2000, torch: 4000 };
  const image = makeImage(
    Object.fromEntries(
      Object.entries({ ...own, lock: 20, sbom: 8 }).map(([name, compressed]) => [
        `sha256:${name}`,
        { files: { [name]: 1 }, compressed },
      ]),
    ),
    {
      sbom: { sha: "sha256:sbom" },
      buildpacks: [
        { key: "ml-buildpacks/pip", layers: { lock: { sha: "sha256:lock" } } },
        {
          key: "ml-buildpacks/site-packages",
          layers: Object.fromEntries(
            Object.keys(own).map((name) => [name, { sha: `sha256:${name}` }]),
          ),
        },
      ],
    },
  );
  expect(summarize(mapImage(image), [])).toContain(
    "adding a small Python package pushes 3 layers, 328 B (ml-buildpacks/site-packages:light-5, ml-buildpacks/pip:lock and SBOM)",
  );
});

it("shows the largest of each layer, and the others as one", () => {
  const map = mapImage(OURS, [{ ...THEIRS, name: "theirs" }]);
  const head = ["layer, and what is in it", "version", "size", "compressed", "of image", "files"];
  expect(formatTable(map, 1).map((line) => line.split(/ {2,}(?=\S)/).filter(Boolean))).toEqual([
    [...head, "a change pushes", "shared with"],
    ["process types", "0 B", "3 B", "0.1 %", "1", "3 B"],
    ["the app", "7 B", "5 B", "0.1 %", "1", "5 B"],
    ["ml-buildpacks/site-packages:environment", "400 B", "200 B", "4.7 %", "3"],
    ["a", "1.0", "300 B", "150 B", "3.6 %", "1", "200 B"],
    ["2 others", "100 B", "50 B", "1.2 %", "2"],
    ["ml-buildpacks/site-packages:torch", "9 kB", "4 kB", "94.8 %", "2"],
    ["b", "2.0", "9 kB", "4 kB", "94.8 %", "1", "4 kB"],
    ["a", "1.0", "0 B", "0 B", "0.0 %", "1", "200 B"],
    ["run image: layer 1", "20 B", "10 B", "0.2 %", "1", "theirs"],
    ["/etc", "20 B", "10 B", "0.2 %", "1", "10 B"],
  ]);
});

function partsOf(image: typeof OURS, layer: number) {
  const parts = mapImage(image).layers[layer]?.parts ?? [];
  return parts.map(({ owner, unpacked, compressed }) => [owner.name, unpacked, compressed]);
}

function pushesOf(image: typeof OURS) {
  const parts = mapImage(image).layers.flatMap((layer) => layer.parts);
  return Object.fromEntries(parts.map(({ owner, pushes }) => [owner.name, pushes]));
}
