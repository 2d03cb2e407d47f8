import { existsSync } from "node:fs";
import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../scripts/lib/engine.ts";
import { packBuild, removeCacheVolumes } from "../scripts/lib/pack.ts";
import type { Registry } from "../scripts/lib/registry.ts";
import { makeTemporaryFolder } from "../scripts/lib/temporary-folder.ts";
import { type Cost, measure } from "./measure.ts";
import { buildByDockerfile, type Rival } from "./rival.ts";

/** One situation, ours and the rival's (or what it is held against), measured in the same round. */
export interface Pair {
  readonly scenario: string;
  readonly ours: Cost;
  readonly rival: Cost;
}

export interface RoundResult {
  readonly pairs: readonly Pair[];
  /** Ours and the rival's, in the round's registry. */
  readonly images: readonly [string, string];
}

export interface Round {
  readonly engine: Engine;
  readonly builderImage: string;
  readonly emptyBuilder: string;
  readonly registry: Registry;
  readonly rival: Rival;
  /** The app's folder. */
  readonly app: string;
  /** The rival's. One that installs Debian packages takes what apt.txt has. */
  readonly dockerfile: string;
  readonly name: string;
  /** Also measures what needs the engine's build cache to be emptied. */
  readonly freshMachine: boolean;
}

/** Runs every scenario once, ours and the rival's in turn, in a registry that has no image of either. */
export async function runRound(round: Round): Promise<RoundResult> {
  const { engine, registry, rival, name } = round;
  const folder = join(await makeTemporaryFolder(), name);
  await cp(round.app, folder, { recursive: true });
  const dockerfile = join(await makeTemporaryFolder(), "Dockerfile");
  // So that the engine's build cache has nothing of an earlier round; a label would not do.
  const mark = `$&\nENV BENCH_ROUND=${registry.address}`;
  const text = await readFile(round.dockerfile, "utf8");
  await writeFile(dockerfile, text.replace(/^FROM .*$/m, mark));
  const ourImage = `${registry.address}/${name}-ours`;
  const theirImage = `${registry.address}/${name}-rival`;
  const ours = (image: string, path: string, previousImage?: string) => () =>
    packBuild(engine, {
      ...{ name: image, path, builder: round.builderImage, publish: true },
      ...(previousImage === undefined ? {} : { previousImage }),
    });
  const theirs = (options: { readonly cold?: boolean; readonly cacheFrom?: string }) => () =>
    buildByDockerfile(rival, { image: theirImage, folder, dockerfile, ...options });
  const pairs: Pair[] = [];
  const floor = () =>
    packBuild(engine, {
      ...{ name: `${registry.address}/${name}-empty`, path: folder, publish: true },
      ...{ builder: round.emptyBuilder, runImage: `${registry.address}/ml-buildpacks/run:cpu` },
    });
  const compare = async (
    scenario: string,
    a: () => Promise<unknown>,
    b: () => Promise<unknown>,
  ) => {
    const pair = { scenario, ours: await measure(registry, a), rival: await measure(registry, b) };
    pairs.push(pair);
    return pair;
  };

  const cold = await compare("cold", ours(ourImage, folder), theirs({ cold: true }));
  await compare("nothing changed, warm machine", ours(ourImage, folder), theirs({}));

  await floor();
  await compare("nothing changed, against an empty buildpack", ours(ourImage, folder), floor);

  if (round.freshMachine) {
    await removeCacheVolumes(engine, ourImage);
    await rival.docker(["image", "rm", "--force", theirImage]);
    await rival.docker(["builder", "prune", "--all", "--force"]);
    await compare(
      "nothing changed, fresh machine",
      ours(ourImage, folder),
      theirs({ cacheFrom: theirImage }),
    );
  }

  await appendFile(join(folder, "main.py"), "\n# A source edit.\n");
  await compare("a line of the source changed", ours(ourImage, folder), theirs({}));

  const second = join(await makeTemporaryFolder(), `${name}-second`);
  await cp(folder, second, { recursive: true });
  await appendFile(join(second, "requirements.txt"), "\ncowsay\n");
  // The Dockerfile's side is its first build: it has no other way to begin.
  pairs.push({
    scenario: "a new app, seeded by the first",
    ours: await measure(
      registry,
      ours(`${registry.address}/${name}-second-ours`, second, ourImage),
    ),
    rival: cold.rival,
  });

  await appendFile(join(folder, "requirements.txt"), "\nhumanize\n");
  await compare("a small package added", ours(ourImage, folder), theirs({}));

  if (existsSync(join(folder, "apt.txt"))) {
    await appendFile(join(folder, "apt.txt"), "jq\n");
    const before = await readFile(dockerfile, "utf8");
    await writeFile(dockerfile, before.replace(NO_RECOMMENDS, `${NO_RECOMMENDS} jq`));
    await compare("a small Debian package added", ours(ourImage, folder), theirs({}));
  }
  return { pairs, images: [ourImage, theirImage] };
}

const NO_RECOMMENDS = "--no-install-recommends";
