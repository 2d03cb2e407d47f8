import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes } from "../../src/kit/text.ts";
import { pushImage } from "../lib/builder-image.ts";
import { prepareBuilders } from "../lib/builder.ts";
import { addPackage, changeLine, writeSecondApp } from "../lib/demo-edits.ts";
import { type DemoBuild, demoBuilds } from "../lib/demo-builds.ts";
import { startContainer } from "../lib/demo-container.ts";
import { log } from "../lib/log.ts";
import { defineCommand } from "../lib/main.ts";
import { CACHE, ROOT } from "../lib/paths.ts";
import { startRegistry } from "../lib/registry.ts";
import { makeTemporaryFolder } from "../lib/temporary-folder.ts";

/**
 * Builds the example, runs it, sends it a picture, and shows what the next builds cost. pack's own
 * words go to a file, or to the terminal with `--verbose`. What it makes is removed when it ends.
 */
export const main = defineCommand(async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { verbose: { type: "boolean", default: false } },
  });
  log.section("Getting ready (a few minutes the first time)");
  const {
    engine,
    cpu: { image: builder, stack },
  } = await prepareBuilders();
  const registry = await startRegistry(engine);
  log.step(`Using a registry of its own at ${registry.address}`);
  const runImage = await pushImage(engine, stack.run, registry.address);
  const logFile = join(CACHE, "demo.log");
  await startLog(logFile);
  if (!values.verbose) log.step(`pack's output goes to ${logFile}; --verbose shows it here`);

  const example = join(ROOT, "examples", "vision");
  const folder = await makeTemporaryFolder();
  const [vision, second] = [join(folder, "vision"), join(folder, "second")];
  // The demo changes files, and those of the repository stay as they are.
  await cp(example, vision, { recursive: true });
  const output = { logFile, verbose: values.verbose };
  const build = await demoBuilds({ engine, builder, registry, runImage, output });

  log.section("Building examples/vision: FastAPI, OpenCV and pandas, without a Dockerfile");
  const builds: DemoBuild[] = [];
  const image = `${registry.address}/vision`;
  builds.push(await build({ what: "first build", image, path: vision }));

  log.section("Running it");
  const app = await startContainer(engine, image);
  log.step(`The image answers at ${app.url}`);
  const picture = join(example, "sample.png");
  log.step(`Sending it a picture: curl --form picture=@${picture} ${app.url}/predict`);
  for (const line of (await app.predict(picture)).split("\n")) log.output(line);
  await app.stop();

  log.section("Building again");
  builds.push(await build({ what: "nothing changed", image, path: vision }));
  log.step(`Changing a line: ${await changeLine(vision)}`);
  builds.push(await build({ what: "a line changed", image, path: vision }));
  log.step(`Adding a package: ${await addPackage(vision)}`);
  builds.push(await build({ what: "a package added", image, path: vision }));
  log.step(
    "Writing a second app, with Flask, OpenCV and pandas, and building it on the first's image",
  );
  await writeSecondApp(second);
  const secondImage = `${registry.address}/second`;
  const seeded = { image: secondImage, path: second, previousImage: image };
  builds.push(await build({ what: "a second app, first build", ...seeded }));

  log.section("What each build took, and what it added to the registry");
  printTable(builds);
  log.step("\nDone. Everything that the demo made is being removed.");
});

async function startLog(file: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  await rm(file, { force: true });
}

function printTable(builds: readonly DemoBuild[]): void {
  const rows = [
    ["", "seconds", "layers pushed", "of", "bytes pushed"],
    ...builds.map(({ what, seconds, pushed, layers }) => [
      what,
      seconds.toFixed(1),
      String(pushed.length),
      String(layers),
      formatBytes(pushed.reduce((sum, { size }) => sum + size, 0)),
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths?.[column] ?? 0) : cell.padStart(widths?.[column] ?? 0),
    );
    log.step(cells.join("  "));
  }
}
