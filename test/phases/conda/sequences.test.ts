import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanUp } from "../../../scripts/lib/cleanup.ts";
import { makeTemporaryFolder } from "../../../scripts/lib/temporary-folder.ts";
import { exists } from "../../../src/cnb/files.ts";
import { type MadeCondaPackage, publishCondaPackage } from "../../../scripts/lib/conda/channel.ts";
import {
  type Built,
  buildIn,
  type Image,
  listTree,
  loseCache,
  loseLayer,
  makeScene,
  prepareBuilds,
  recreate,
  type Scene,
  type Wanted,
} from "./conda-builds.ts";

/** Large enough for a layer of its own. */
function ballast(name: string): Uint8Array {
  return Buffer.alloc(10_100_000, `${name} `);
}

const SMALL = { name: "small", files: { "share/small.txt": "small\n" } };

const PACKAGES: readonly MadeCondaPackage[] = [
  SMALL,
  {
    name: "documented",
    files: {
      "share/documented/data.bin": ballast("documented"),
      "share/documented/small.txt": "small\n",
      "share/doc/documented/manual.txt": "read me\n",
    },
  },
  ...["3.12", "3.13"].map((minor) => ({
    ...{ name: "python", version: `${minor}.1` },
    // Whose bytecode it makes is of no interest here.
    files: {
      [`bin/python${minor}`]: '#!/bin/sh\nexec /usr/bin/python3 "$@"\n',
      [`lib/python${minor}/os.py`]: "name = 'posix'\n",
    },
  })),
  {
    ...{ name: "pure", noarch: "python", depends: ["python"], entryPoints: ["pure = pure:main"] },
    files: {
      "site-packages/pure/__init__.py": "x = 1\n",
      "site-packages/pure/weights.bin": ballast("pure"),
    },
  },
  {
    name: "activated",
    files: {
      "share/activated/data.bin": ballast("activated"),
      "etc/conda/activate.d/activated.sh":
        'if [ -f "$CONDA_PREFIX/share/activated/data.bin" ]; then export ACTIVATED=1; fi\n',
    },
  },
  {
    name: "empty",
    files: {
      "share/empty/data.bin": ballast("empty"),
      "var/empty/run": { directory: true },
    },
  },
  {
    name: "scripted",
    files: {
      "share/scripted/data.bin": ballast("scripted"),
      "bin/.scripted-post-link.sh": '#!/bin/sh\necho written >"$PREFIX/share/scripted/written"\n',
    },
  },
  {
    name: "measured",
    files: {
      "share/measured/data.bin": ballast("measured"),
      "bin/measure": `#!/bin/sh\n/usr/bin/wc -c <"$CONDA_PREFIX/share/measured/data.bin"\n`,
      "etc/conda/activate.d/measured.sh": "export MEASURED=$(measure)\n",
    },
  },
  { name: "zzz", depends: ["heavy3"], files: { "share/shared.txt": "zzz\n" } },
  {
    ...{ name: "heavy3", depends: ["aaa"] },
    files: { "share/heavy3/data.bin": ballast("heavy3"), "share/heavy3/small.txt": "small\n" },
  },
  { name: "left", files: { "share/tests.txt": "left\n" } },
  { name: "right", files: { "share/tests.txt": "right\n" } },
  { name: "aaa", files: { "share/shared.txt": "aaa\n", "share/aaa.txt": "aaa\n" } },
];

const ALL = ["python=3.12", "pure", "documented", "activated", "empty"];
const SOME = ["python=3.13", "documented"];

let scene: Scene;
let base: Built;

beforeAll(async () => {
  await prepareBuilds();
  scene = await makeScene(PACKAGES);
  base = await buildIn(scene, { packages: ALL });
});

afterAll(cleanUp);

/** What a build gives that finds nothing of an earlier one. */
async function imageAnew(wanted: Wanted, at = scene): Promise<Image> {
  return (await buildIn(at, wanted)).image;
}

describe("after a change and one more package, the image is that of a build anew:", () => {
  const DOCS = { BP_CONDA_KEEP: "docs" };
  const SCRIPTS = { BP_CONDA_LINK_SCRIPTS: "true" };
  const cases: readonly (readonly [string, { from?: Wanted; to: Wanted }])[] = [
    ["nothing else", { to: { packages: ALL } }],
    ["documentation is kept", { to: { packages: ALL, settings: DOCS } }],
    ["another Python", { to: { packages: ALL.map((one) => one.replace("3.12", "3.13")) } }],
    ["a package fewer", { to: { packages: ALL.filter((one) => one !== "pure") } }],
    ["fewer layers", { to: { packages: ALL, settings: { BP_HEAVY_LAYERS: "2" } } }],
    [
      "packages' scripts are run",
      { from: { packages: ["scripted"] }, to: { packages: ["scripted"], settings: SCRIPTS } },
    ],
    [
      "packages' scripts are not run any more",
      { from: { packages: ["scripted"], settings: SCRIPTS }, to: { packages: ["scripted"] } },
    ],
    [
      "activation runs a program that reads a heavy package's data",
      { from: { packages: ["measured"] }, to: { packages: ["measured", "aaa"] } },
    ],
    [
      "packages on both sides of a heavy one have the same path",
      { from: { packages: ["zzz"] }, to: { packages: ["zzz", "documented"] } },
    ],
    [
      "a package with the path of one that a heavy one needs",
      { from: { packages: ["heavy3"] }, to: { packages: ["heavy3", "zzz"] } },
    ],
  ];
  test.each(cases)("%s", async (_, { from, to }) => {
    const first = from === undefined ? base : await buildIn(scene, from);
    const more = { ...to, packages: [...to.packages, "small"] };

    const changed = await buildIn(scene, to, { after: first });
    const added = await buildIn(scene, more, { after: changed });

    expect(changed.image).toEqual(await imageAnew(to));
    expect(added.image).toEqual(await imageAnew(more));
  });

  test("a file of the same name with another digest", async () => {
    const version = (text: string): MadeCondaPackage => ({
      name: "changing",
      files: { "share/data.bin": ballast(text), "share/text.txt": `${text}\n` },
    });
    const own = await makeScene([version("one"), SMALL]);
    const wanted = { packages: ["changing", "small"] };
    const first = await buildIn(own, { packages: ["changing"] });

    await publishCondaPackage(own.channel, version("two"));
    const second = await buildIn(own, wanted, { after: first });

    expect(second.made).toContain("changing");
    expect(second.image).toEqual(await imageAnew(wanted, own));
  });
});

describe("what platforms lose or bring costs time alone:", () => {
  const wanted = { packages: [...ALL, "small"] };
  const heavy = new Set(["activated", "documented", "empty", "pure"]);

  test("heavy packages' layers stay where everything is there", async () => {
    const built = await buildIn(scene, wanted, { after: base });

    expect(built.made.filter((name) => heavy.has(name))).toEqual([]);
  });

  test("they stay where others have a path in common that has nothing to do with them", async () => {
    const packages = ["documented", "left", "right"];
    const more = { packages: [...packages, "small"] };
    const first = await buildIn(scene, { packages });

    const built = await buildIn(scene, more, { after: first });

    expect(built.log.match(/^Installing .*/gm)).toEqual(["Installing 3 packages"]);
    expect(built.image).toEqual(await imageAnew(more));
  });

  test.each([
    ["the cache", loseCache],
    ["what heavy packages have outside of their layers", loseLayer("light-parts")],
    ["a heavy package's layer", loseLayer("pure")],
    ["the lock", loseLayer("lock")],
    ["the environment", loseLayer("environment")],
  ])("%s is lost", async (_, lose) => {
    const built = await buildIn(scene, wanted, { after: base, lose });
    const unchanged = await buildIn(scene, { packages: ALL }, { after: base, lose });

    expect(built.image).toEqual(await imageAnew(wanted));
    expect(unchanged.image).toEqual(base.image);
  });

  test("the layers are of another app with the same heavy package", async () => {
    const other = await buildIn(scene, { packages: SOME });

    const built = await buildIn(scene, wanted, { after: other, lose: loseCache });

    expect(built.made).not.toContain("documented");
    expect(built.image).toEqual(await imageAnew(wanted));
  });
});

describe("for later buildpacks of a build that changes nothing", () => {
  test.each([
    ["where all is restored", undefined],
    ["where the cache is lost", loseCache],
  ])("the environment is made again, %s", async (_, lose) => {
    const { layers, log, image } = await buildIn(
      scene,
      { packages: ALL },
      { after: base, afterwards: recreate("environment"), ...(lose === undefined ? {} : { lose }) },
    );

    expect(log).not.toContain("exit code");
    expect(await listTree(join(layers, "environment"))).toEqual(base.image["environment"]?.files);
    expect(await exists(join(layers, "documented"))).toBe(false);
    expect(await exists(join(layers, "whole-environment"))).toBe(false);
    expect(image).toEqual(base.image);
  });

  test.each([
    ["at once", recreate("whole-environment")],
    ["after its Python", `${recreate("environment")}\n${recreate("whole-environment")}`],
  ])("the whole environment is made again, %s", async (_, afterwards) => {
    const built = await buildIn(scene, { packages: ALL }, { after: base, afterwards });

    expect(built.log).not.toContain("exit code");
    expect(await exists(join(built.layers, "whole-environment"))).toBe(true);
    expect(built.image).toEqual(base.image);
    expect(built.made).toEqual(base.made.filter((name) => name !== "lock"));
  });
});

test("the variables of activation count heavy packages' files", async () => {
  const { layers } = await buildIn(scene, { packages: ["activated", "measured"] });
  const variables = await listTree(join(layers, "environment", "env.launch"));

  expect(variables.map((line) => line.split(" ")[0])).toEqual(
    expect.arrayContaining(["ACTIVATED.override", "MEASURED.override"]),
  );
});

test("an engine that is killed is told in a few words", async () => {
  const program = join(await makeTemporaryFolder(), "python3");
  await writeFile(program, "#!/bin/sh\nkill -KILL $$\n");
  await chmod(program, 0o755);

  const { log } = await buildIn(
    scene,
    { packages: ["small"] },
    { container: ["--volume", `${program}:/usr/bin/python3:ro`] },
  );

  expect(log).toMatchInlineSnapshot(`
    "
    [Installing the conda environment]
    Found environment.yml
    Solving for linux-64

    [Error: The conda engine was killed (SIGKILL: often the machine or the container ran out of memory)]

    Found: py-rattler, which solves and installs the environment, ended before it was done.
    Needed: enough memory for the build; the index of a channel as large as conda-forge alone
    takes hundreds of megabytes. Docker Desktop has a limit of its own, and so have CI jobs.

    Nothing in the app needs to change. Once the cause is mended, build again.

    exit code 2"
  `);
});
