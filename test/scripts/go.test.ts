import { expect, it } from "vitest";
import { readGoModule, requiredVersion } from "../../scripts/lib/go.ts";

// Its figure says how quickly the lifecycle could compress, which is Go's own work.
it("measures gzip with the Go that builds the lifecycle", async () => {
  const { goVersion } = await readGoModule("lifecycle");
  expect((await readGoModule("gzip-speed")).goVersion).toBe(goVersion);
});

it.each([
  ["pack", "github.com/buildpacks/pack"],
  ["lifecycle", "github.com/buildpacks/lifecycle"],
  ["buildkit", "github.com/moby/buildkit"],
])("knows which version tools/%s pins", async (name, dependency) => {
  expect(requiredVersion(await readGoModule(name), dependency)).toMatch(/^\d+\.\d+\.\d+$/);
});
