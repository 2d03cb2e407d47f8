import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { installRelease } from "../../../src/buildpacks/python/install-release.ts";
import { exists } from "../../../src/cnb/files.ts";
import { readTarget } from "../../../src/cnb/target.ts";
import { createLog } from "../../../src/kit/log.ts";
import { Settings } from "../../../src/kit/settings.ts";
import { writeFiles } from "../../support/phase.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const RELEASE = { version: "3.12.4", archive: "cpython.tar.gz", url: "https://mirror.example/x" };

/** Unpacks a release whose interpreter does not run where the tree finally is. */
const UV = `#!/bin/sh
set -eu
tree=$5/$3
mkdir -p "$tree/bin" "$tree/lib/python3.12" "$UV_PYTHON_CACHE_DIR"
printf '#!/bin/sh\\nls %s/bin; exit 1\\n' "$TREE" >"$tree/bin/python3.12"
chmod +x "$tree/bin/python3.12"
`;

it("has no interpreter that a later buildpack would find, until all is done", async () => {
  const root = await temporaryDirectory();
  const tree = join(root, "layers", "cpython", "python");
  await writeFiles(root, { "bin/uv": UV.replace("$TREE", tree) });
  await chmod(join(root, "bin/uv"), 0o755);

  const error = await installRelease(contextIn(root), RELEASE, tree).catch(
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({
    code: "release-unusable",
    userMessage: { details: "python3.12-unfinished\n" },
  });
  expect(await exists(join(tree, "bin", "python3.12"))).toBe(false);
});

function contextIn(root: string): Parameters<typeof installRelease>[0] {
  const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin` };
  return {
    buildpack: { id: "ml-buildpacks/python", version: "0.1.0", sbomFormats: [] },
    buildpackDir: root,
    appDir: root,
    layersDir: join(root, "layers"),
    platformDir: root,
    target: readTarget({ CNB_TARGET_ARCH: "amd64" }),
    env,
    readBindings: async () => [],
    log: createLog({ out: () => {}, err: () => {}, debug: false }),
    settings: new Settings(env),
  };
}
