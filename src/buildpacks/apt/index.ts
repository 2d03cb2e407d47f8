import { join } from "node:path";
import { rm } from "node:fs/promises";
import { HARDWARE_NEEDS_PACKAGES } from "../../accelerator/hardware/sources.ts";
import { any, file, variable } from "../../cnb/detect.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { readAsked } from "./asked.ts";
import { checkAge, chooseAndInstall } from "./choose-and-install.ts";
import { DEVELOPMENT_DIRECTORY } from "./development.ts";
import { withExplanations } from "./explain.ts";
import { handOver } from "./handover.ts";
import { openRootLayer } from "./layers/root.ts";
import { findStandIns } from "./layers/stand-ins.ts";
import { keepStoreLayers } from "./layers/store.ts";
import { recreateDevelopment } from "./make-development.ts";
import { tellAsked, tellReused } from "./report.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: any(file("apt.txt", "Aptfile"), variable("BP_APT_PACKAGES"), HARDWARE_NEEDS_PACKAGES),
        plan: {},
      },
    ],
    otherwise: "there is no apt.txt, and neither BP_APT_PACKAGES nor hardware.txt names packages",
  },

  async build(context) {
    const { log, layersDir } = context;
    // Downloads, drafts and credentials: neither in the image nor kept.
    const workDir = join(layersDir, "work");
    log.section("Installing Debian packages");
    // Of a build that was killed, where the layers directory outlives it.
    await rm(workDir, { recursive: true, force: true });
    try {
      return await withExplanations(async () => {
        const asked = await readAsked(context);
        tellAsked(asked, log);
        const root = await openRootLayer(context, asked);
        const standIns = await findStandIns(context, workDir);
        const { kept } = root;
        const stands = kept !== undefined && (await keepStoreLayers(context, kept));
        if (stands) {
          checkAge(context, kept);
          tellReused(kept.packages, log);
        }
        await rm(join(layersDir, DEVELOPMENT_DIRECTORY), { recursive: true, force: true });
        const { lock, development } = stands
          ? { lock: kept.packages, development: kept.development }
          : await chooseAndInstall({ context, asked, root, standIns, workDir });
        await handOver(context, lock, development);
        return {};
      });
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  },

  recreate: {
    [DEVELOPMENT_DIRECTORY]: (context) => withExplanations(() => recreateDevelopment(context)),
  },
});
