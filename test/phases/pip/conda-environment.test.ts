import { beforeAll, expect, test } from "vitest";
import { bundleBuildpack } from "../../../scripts/lib/bundle.ts";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { lightLayerOf } from "../../../src/python/environment/split.ts";
import { HANDOVER } from "../../../src/python/handover.ts";
import { sitePackagesApp } from "../../support/site-packages.ts";
import { ballast } from "../../support/wheels.ts";

beforeAll(() => bundleBuildpack(ROOT, "site-packages"));

/** A prefix with a Python and two packages of its own; it lies where both images see it. */
const PREFIX = "/wheels/prefix";
const MAKE_PREFIX = `
mkdir -p ${PREFIX}/bin ${PREFIX}/lib
cp /usr/bin/python3.13 ${PREFIX}/bin/python3.13
cp -r /usr/lib/python3.13 ${PREFIX}/lib/
mkdir ${PREFIX}/lib/python3.13/site-packages
cd ${PREFIX}/lib/python3.13/site-packages
echo 'version = "conda"' | tee shared.py > only_conda.py
echo '{"provider": "conda", "packages": {"shared": "1.0", "only-conda": "1.0"}}' > /wheels/provided.json
`;

const CONDA = {
  [HANDOVER.python]: `${PREFIX}/bin/python3.13`,
  [HANDOVER.providedPackages]: "/wheels/provided.json",
};

const PROGRAM =
  "import heavy, shared, only_conda, sys; print(shared.version, heavy.version, only_conda.version, sys.base_prefix)";

test("an environment on a prefix sees the packages that come with it, after its own", async () => {
  const app = await sitePackagesApp();
  await app.prepare(MAKE_PREFIX);
  const lock = [
    await app.wheel({
      name: "shared",
      version: "1.0",
      files: { "shared.py": 'version = "pip"\n' },
    }),
    await app.wheel({
      name: "heavy",
      files: { "heavy/__init__.py": 'version = "heavy"\n', "heavy/data.bin": ballast("heavy") },
    }),
  ];

  const first = await app.build(lock, { env: CONDA });
  expect(first.made).toEqual(["environment", "heavy", lightLayerOf("shared")]);
  expect(await app.python(PROGRAM)).toBe(`pip heavy conda ${PREFIX}`);

  const second = await app.build(lock, { env: CONDA });
  expect(second.made).toEqual([]);

  // The same interpreter, and nothing of its own to see.
  const { [HANDOVER.providedPackages]: _, ...plain } = CONDA;
  const third = await app.build(lock, { env: plain });
  expect(third.output).toContain(
    "Whether the interpreter's own packages are seen has changed from true to false",
  );
  expect(third.made).toEqual(["environment"]);
  await expect(app.python("import only_conda")).rejects.toThrow(/No module named 'only_conda'/);
});
