import { join } from "node:path";
import { parseArgs } from "node:util";
import { median, type Cost } from "../../bench/measure.ts";
import { prepareRival } from "../../bench/rival.ts";
import { prepareEmptyBuilder } from "../../bench/empty-builder.ts";
import { type Pair, runRound } from "../../bench/scenarios.ts";
import { measureImports } from "../../bench/start-up.ts";
import { formatBytes } from "../../src/kit/text.ts";
import { prepareBuilders } from "../lib/builder.ts";
import { publishBuilderImage } from "../lib/builder-image.ts";
import { ScriptFailure } from "../lib/failure.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";
import { removeImage } from "../lib/images.ts";
import { ROOT } from "../lib/paths.ts";
import { startRegistry } from "../lib/registry.ts";

const APPS = {
  vision: { folder: "examples/vision", rival: "pip", modules: "cv2, pandas" },
  torch: { folder: "bench/apps/torch", rival: "pip", modules: "torch" },
  "opencv-apt": { folder: "bench/apps/opencv-apt", rival: "apt-pip", modules: "cv2, pandas" },
} as const;
const IMPORTS = 20;

/**
 * Compares our builds with a Dockerfile's, in turn, on this machine: `npm run bench -- vision
 * --rounds 5`. `--fresh-machine` also measures a machine without local state, and for that
 * empties the engine's build cache.
 */
export const main = defineCommand(async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "3" },
      "fresh-machine": { type: "boolean", default: false },
    },
  });
  const name = positionals[0] ?? "vision";
  const app = APPS[name as keyof typeof APPS];
  if (app === undefined) {
    throw new ScriptFailure(
      `There is no app '${name}'`,
      `Known are: ${Object.keys(APPS).join(", ")}`,
    );
  }
  const { engine, cpu } = await prepareBuilders();
  const rival = await prepareRival(engine, cpu.stack.run);
  log.section(`Comparing ${name} with a Dockerfile, pip and ${rival.description}`);

  const rounds: (readonly Pair[])[] = [];
  let imports: Awaited<ReturnType<typeof measureImports>> = [[], []];
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    log.step(`Round ${round} of ${values.rounds}`);
    // A registry of its own for each round: neither side finds what it pushed before.
    const registry = await startRegistry(engine);
    const prefix = `${registry.address}/ml-buildpacks`;
    const published = await publishBuilderImage(engine, "cpu", cpu.stack, prefix);
    const { pairs, images } = await runRound({
      ...{ engine, registry, rival, name, app: join(ROOT, app.folder) },
      builderImage: published.image,
      dockerfile: join(ROOT, "bench/rivals", `${app.rival}.Dockerfile`),
      emptyBuilder: await prepareEmptyBuilder(engine, {
        build: cpu.stack.build,
        run: published.stack.run,
      }),
      freshMachine: values["fresh-machine"],
    });
    rounds.push(pairs);
    if (round === Number(values.rounds)) {
      imports = await measureImports(engine, images, app.modules, IMPORTS);
    }
    for (const image of images) await removeImage(engine, image);
    await registry.stop();
  }
  printTable(rounds);
  const [ours, theirs] = imports.map(median);
  log.list(`import ${app.modules} in a new container, ${IMPORTS} times each`, [
    `ours        ${ours?.toFixed(3)} s`,
    `Dockerfile  ${theirs?.toFixed(3)} s`,
  ]);
});

function printTable(rounds: readonly (readonly Pair[])[]): void {
  log.section(`Medians of ${rounds.length} rounds (least – most)`);
  for (const [index, { scenario }] of (rounds[0] ?? []).entries()) {
    const pairs = rounds.flatMap((round) => round[index] ?? []);
    const ratio = median(pairs.map(({ ours, rival }) => ours.seconds / rival.seconds));
    log.list(`${scenario}: ${ratio.toFixed(3)} of the other's time`, [
      `ours   ${describe(pairs.map(({ ours }) => ours))}`,
      `other  ${describe(pairs.map(({ rival }) => rival))}`,
    ]);
  }
}

function describe(costs: readonly Cost[]): string {
  const seconds = costs.map((cost) => cost.seconds);
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
  const spread = `${median(seconds).toFixed(2)} s (${least.toFixed(2)} – ${most.toFixed(2)})`;
  const bytes = formatBytes(median(costs.map((cost) => cost.bytesPushed)));
  return `${spread}, ${median(costs.map((cost) => cost.blobsPushed))} new blobs, ${bytes}`;
}
