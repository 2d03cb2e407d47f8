import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { HANDOVER } from "../../../src/python/handover.ts";
import { build, type Build, prepareBuilds, stable } from "./builds.ts";

beforeAll(() => prepareBuilds("pip"));

afterAll(cleanUp);

const METADATA = `Metadata-Version: 2.1
Name: web
Version: 3.0
Provides-Extra: fast
Requires-Dist: never-there>=1
Requires-Dist: speed>=1 ; extra == 'fast'
`;

const MINE = 'def main(): print("mine")\n';

/** What the conda buildpack leaves: a prefix that is made when it is needed, and two files. */
function handed(
  lines: readonly string[],
  options: {
    readonly packages?: Readonly<Record<string, string>>;
    readonly files?: Build["files"];
    readonly requirements?: readonly string[];
  } = {},
): Pick<Build, "files" | "env"> {
  const { packages = PACKAGES, files = {}, requirements = [] } = options;
  return {
    files: {
      "given/provided.json": JSON.stringify({ provider: "conda", packages }),
      "given/requirements.json": JSON.stringify({
        file: "environment.yml",
        lines: lines.map((text, at) => ({ text, line: at + 10 })),
        files: requirements,
      }),
      "given/prefix/lib/python3.13/site-packages/web-3.0.dist-info/METADATA": METADATA,
      ...files,
    },
    env: {
      [HANDOVER.python]: "/tmp/prefix/bin/python3.13",
      [HANDOVER.recreatePython]:
        "cp -r /workspace/given/prefix /tmp/prefix && mkdir /tmp/prefix/bin && ln -s /usr/bin/python3.13 /tmp/prefix/bin/",
      [HANDOVER.providedPackages]: "/workspace/given/provided.json",
      [HANDOVER.requirements]: "/workspace/given/requirements.json",
    },
  };
}

const PACKAGES = { numpy: "2.2.6", web: "3.0", "only.conda": "1.0+local" };

describe("a conda prefix", () => {
  test("is what pip adds to: what it has is not installed again", async () => {
    const published = ["numpy 3.0", "web 4.0", "alpha 1.0 numpy>=2 only-conda web", "speed 1.5"];
    const app = { "requirements.txt": "never-read\n", "pylock.toml": "never read" };
    const [only] = await build([
      {
        ...handed(["numpy", "web[fast]>=3", "alpha  # more of pip"], { files: app }),
        published,
      },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 3 lines for pip in environment.yml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Skipping numpy because conda has 2.2.6
      Skipping web because conda has 3.0
      Resolving for Python 3.13
      Resolved 2 packages (<time>)"
    `);
    expect(only?.locked).toEqual(["alpha 1.0 wheel", "speed 1.5 wheel"]);
    const metadata = await readFile(join(only?.layers ?? "", "lock.toml"), "utf8");
    expect(stable(metadata)).toContain('provided = "<sha256>"');
    expect(stable(metadata)).toContain('"environment.yml" = "<sha256>"');
    const pylock = await readFile(join(only?.layers ?? "", "lock", "pylock.toml"), "utf8");
    expect(pylock).not.toContain("numpy");
  });

  test("has its packages replaced where pip is asked for others", async () => {
    const mine = {
      "mine/pyproject.toml":
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = "web"\nversion = "9.0"\n',
      "mine/web.py": MINE,
      "limits.txt": "numpy<2\n",
    };
    const [only] = await build([
      {
        ...handed(["-c limits.txt", "-e ./mine", "alpha"], { files: mine }),
        published: ["numpy 1.26.4", "alpha 1.0 numpy", "web 4.0"],
      },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 3 lines for pip in environment.yml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Installing editable packages (-e) as ordinary ones: an image does not change
      Resolving for Python 3.13

      [Warning: numpy is installed twice, by conda and by pip]
      Found in limits.txt, line 1: numpy<2
      conda has numpy 2.2.6; the app sees pip's 1.26.4 in its place, and so do packages of conda that were made for the other one.
      To have one of them, write what is needed under 'dependencies:' of environment.yml, and remove it from what pip is asked for.

      [Warning: web is installed twice, by conda and by pip]
      Found in environment.yml, line 11: -e ./mine
      conda has web 3.0; the app sees pip's in its place, and so do packages of conda that were made for the other one.
      To have one of them, write what is needed under 'dependencies:' of environment.yml, and remove it from what pip is asked for.
      Resolved 3 packages (<time>)"
    `);
    expect(only?.locked).toEqual([
      "alpha 1.0 wheel",
      "numpy 1.26.4 wheel",
      "web undefined directory",
    ]);
  });

  test("is not changed by what only another package asks for", async () => {
    const [only] = await build([
      { ...handed(["alpha"]), published: ["alpha 1.0 numpy<2", "numpy 1.26.4"] },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 1 line for pip in environment.yml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Resolving for Python 3.13

      [Error: What pip is asked for does not go together with conda's packages]

      Because all versions of alpha depend on numpy<2 and only numpy==2.2.6 is available, we can conclude that all versions of alpha cannot be used.
      And because you require alpha, we can conclude that your requirements are unsatisfiable.

      Found:
      - conda: numpy 2.2.6
      - environment.yml, line 10: alpha

      conda's packages stay as they are for what only another package asks for. Write the version that is needed under 'dependencies:' of environment.yml, so that conda chooses all its packages for it; or ask pip for another version of what needs it."
    `);
    expect(only?.locked).toEqual([]);
  });

  test("is seen without an index, and where nothing may be a wheel", async () => {
    const lines = ["--no-index", "--find-links http://127.0.0.1:8000/index/alpha/", "alpha"];
    const [offline, source] = await build([
      { ...handed(lines), published: ["alpha 1.0 numpy", "numpy 3.0"] },
      handed(["--no-binary numpy", "--no-binary web", "numpy", "alpha"]),
    ]);

    expect(offline?.locked).toEqual(["alpha 1.0 wheel http://127.0.0.1:8000/index/alpha"]);
    expect(source?.locked).toEqual(["alpha 1.0 wheel"]);
  });

  test("has pip's packages resolved again when it has others, and only then", async () => {
    const published = ["alpha 1.0 numpy"];
    const newer = { ...PACKAGES, numpy: "2.3.0" };
    const [, same, changed] = await build([
      { ...handed(["alpha"]), published },
      handed(["alpha"]),
      handed(["alpha"], { packages: newer }),
    ]);

    expect(same?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 1 line for pip in environment.yml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Using cached lock of 1 package"
    `);
    expect(changed?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 1 line for pip in environment.yml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Discarding cached lock since:
       - The set of conda's packages has changed
      Resolving for Python 3.13
      Resolved 1 package (<time>)"
    `);
  });

  test("has torch for the hardware, and pip adds nothing for it", async () => {
    const { files, env } = handed(["torch", "alpha"], { packages: { torch: "2.5.1" } });
    const origin = { file: "hardware.txt", line: 1 };
    const accelerator = { name: "cuda", specifier: "", assumed: false, origin, text: "cuda" };
    const hardware = JSON.stringify({ accelerator, gpus: [], libraries: [] });
    const published = ["alpha 1.0 torch>=2"];
    const [only] = await build([
      { files, env: { ...env, ML_BUILDPACKS_HARDWARE: hardware }, published },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 2 lines for pip in environment.yml
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Skipping torch because conda has 2.5.1
      Resolving for Python 3.13
      Resolved 1 package (<time>)"
    `);
    expect(only?.locked).toEqual(["alpha 1.0 wheel"]);
  });

  test("is joined by requirements.txt where both are asked for", async () => {
    const [only] = await build([
      {
        ...handed(["alpha"], {
          requirements: ["requirements.txt"],
          files: { "requirements.txt": "numpy>=2\nbeta\n" },
        }),
        published: ["alpha 1.0", "beta 1.0 numpy"],
      },
    ]);

    expect(only?.log).toMatchInlineSnapshot(`
      "[Locking Python packages]
      Found 1 line for pip in environment.yml
      Using requirements.txt
      Using index-url http://127.0.0.1:8000/index (from PIP_INDEX_URL)
      Skipping numpy because conda has 2.2.6
      Resolving for Python 3.13
      Resolved 2 packages (<time>)"
    `);
    expect(only?.locked).toEqual(["alpha 1.0 wheel", "beta 1.0 wheel"]);
  });
});
