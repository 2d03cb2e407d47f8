import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeDriverCheck } from "../../accelerator/driver-check.ts";
import { acceleratorLabels } from "../../accelerator/labels.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { checkLockAge } from "../../kit/lock-age.ts";
import { lockLabels } from "../../python/labels.ts";
import { CONDA_SOURCES } from "../../python/lock-sources.ts";
import { acceleratedBy } from "../../conda/cuda.ts";
import { pythonIn } from "../../conda/lock.ts";
import { ENVIRONMENT_LAYER, WHOLE_DIRECTORY } from "../../conda/paths.ts";
import { withLogin } from "../../conda/inputs/lock-urls.ts";
import { readAsked } from "./asked.ts";
import { checkLock } from "./check-lock.ts";
import { detectConda } from "./detect.ts";
import { provideEnvironment } from "./environment.ts";
import { withExplanations } from "./explain.ts";
import { handOver } from "./layers/handover.ts";
import { openLockLayer } from "./layers/lock.ts";
import { tellCuda } from "./report.ts";
import { listLockMoves } from "./moves.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: CONDA_SOURCES,
        inspect: detectConda,
      },
    ],
    otherwise: "no environment.yml, conda-lock.yml, pixi.lock or other file of conda found",
  },

  async build(context) {
    const { log } = context;
    log.section("Installing the conda environment");
    // Everything that can be wrong with the files is found before anything slow starts.
    const asked = await readAsked(context);
    await rm(join(context.layersDir, WHOLE_DIRECTORY), { recursive: true, force: true });
    return withExplanations(asked, async () => {
      const layer = await openLockLayer(context, asked);
      const name = asked.isLock ? asked.file : "the lock of conda";
      checkLockAge(context, { name, made: layer.made });
      let locked = layer.cached;
      if (locked === undefined) {
        // Loaded on first use: a build that has nothing to solve starts quicker.
        const { obtainLock } = await import("./obtain-lock.ts");
        locked = await obtainLock(context, asked, layer.preferences);
        listLockMoves(log, layer.previous, locked.packages);
        await layer.fill(locked);
      }
      const { packages, pip } = locked;
      checkLock(packages, { asked, log, pip });
      const { distributions } = await provideEnvironment(context, asked, packages);
      const ofLock = pip.map((line) => ({ text: withLogin(line, asked.ownCredentials) }));
      const lines = [...asked.pip, ...ofLock];
      await handOver(context, { ...asked, packages, distributions, lines });
      const accelerated = acceleratedBy(packages, asked.hardware, asked.choice);
      tellCuda(accelerated, { ...asked, log, hasPip: context.plan.has("cpython") });
      const { cuda, driver } = accelerated;
      if (cuda !== undefined && driver !== undefined) {
        await makeDriverCheck(context, { cuda, driver });
      }
      const python = pythonIn(packages)?.version;
      const labels = lockLabels({ manager: "conda", python, made: layer.made });
      return { launch: { labels: { ...labels, ...acceleratorLabels(accelerated) } } };
    });
  },

  recreate: {
    [ENVIRONMENT_LAYER]: async (context) => {
      const { recreateEnvironment } = await import("./recreate.ts");
      await recreateEnvironment(context);
    },
    [WHOLE_DIRECTORY]: async (context) => {
      const { recreateWhole } = await import("./recreate.ts");
      await recreateWhole(context);
    },
  },
});
