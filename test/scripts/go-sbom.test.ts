import { expect, it } from "vitest";
import { parseBuildInformation } from "../../scripts/lib/go-sbom.ts";

it("finds a program's modules in what `go version -m` prints", () => {
  const text = [
    "launcher: go1.26.8",
    "\tpath\tgithub.com/buildpacks/lifecycle/cmd/launcher",
    "\tmod\tgithub.com/buildpacks/lifecycle\tv0.21.14\th1:3NWO8iziOLWxx9+S5aIs/1FAfUFA33AyCOONBH6B9sM=",
    "\tdep\tgithub.com/pkg/errors\tv0.9.1\th1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=",
    "\tbuild\t-trimpath=true",
  ].join("\n");

  expect(parseBuildInformation(text)).toEqual({
    name: "github.com/buildpacks/lifecycle",
    version: "v0.21.14",
    modules: [
      { name: "stdlib", version: "1.26.8" },
      { name: "github.com/pkg/errors", version: "v0.9.1" },
    ],
  });
});
