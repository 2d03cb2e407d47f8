import { expect, it } from "vitest";
import { rolesOf } from "../../../scripts/image-map/layer-roles.ts";
import { makeImage } from "./images.ts";

const NO_FILES = { files: {} };
const OURS = makeImage(
  {
    "sha256:base": NO_FILES,
    "sha256:top": { files: {}, createdBy: "/bin/sh -c groupadd cnb" },
    "sha256:torch": NO_FILES,
    "sha256:app": NO_FILES,
    "sha256:sbom": NO_FILES,
  },
  {
    runImage: { topLayer: "sha256:top" },
    app: [{ sha: "sha256:app" }],
    sbom: { sha: "sha256:sbom" },
    buildpacks: [
      { key: "ml-buildpacks/pip", layers: {} },
      {
        key: "ml-buildpacks/site-packages",
        layers: { torch: { sha: "sha256:torch", data: null } },
      },
    ],
  },
);

it("knows the layers of an image of the lifecycle by its label", () => {
  expect(rolesOf(OURS).map(({ part, name }) => `${part} | ${name}`)).toEqual([
    "run image | run image: layer 1",
    "run image | run image: RUN groupadd cnb",
    "buildpack | ml-buildpacks/site-packages:torch",
    "app | the app",
    "lifecycle | SBOM",
  ]);
});

it.each([
  ["RUN /bin/sh -c pip install \\\n  torch # buildkit", "RUN pip install \\ torch", true],
  ["|1 packages=a b /bin/sh -c apt-get install", "RUN apt-get install", true],
  ["RUN |1 packages=a b /bin/sh -c apt-get install # buildkit", "RUN apt-get install", true],
  ["/bin/sh -c #(nop) COPY dir:0a in /app ", "COPY dir:0a in /app", false],
  ["COPY main.py . # buildkit", "COPY main.py .", false],
  ["", "layer 1", false],
])("shows the instruction '%s' as '%s'", (createdBy, name, runs) => {
  const image = makeImage({ "sha256:one": { files: {}, createdBy } });
  expect(rolesOf(image)).toMatchObject([{ part: "step", name, runs }]);
});

it("finds the run image below a Dockerfile's image in one that it is compared with", () => {
  const theirs = makeImage({
    "sha256:base": NO_FILES,
    "sha256:top": NO_FILES,
    // Of the same bytes, and no run image's.
    "sha256:torch": NO_FILES,
  });
  const parts = rolesOf(theirs, [OURS]).map(({ part }) => part);
  expect(parts).toEqual(["run image", "run image", "step"]);
  expect(rolesOf(theirs).map(({ part }) => part)).toEqual(["step", "step", "step"]);
});
