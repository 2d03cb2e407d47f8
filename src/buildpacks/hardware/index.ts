import { makeDriverCheck } from "../../accelerator/driver-check.ts";
import { choose } from "../../accelerator/choose.ts";
import { type AskedHardware, readAskedHardware } from "../../accelerator/hardware/read.ts";
import { HARDWARE_IS_ASKED, HARDWARE_IS_SAID } from "../../accelerator/hardware/sources.ts";
import { acceleratorLabels } from "../../accelerator/labels.ts";
import type { Launch } from "../../cnb/launch.ts";
import { all, any } from "../../cnb/detect.ts";
import type { BuildPlan } from "../../cnb/plan.ts";
import { findEarlierCuda } from "../../cuda/earlier-cuda.ts";
import { type BuildContext, defineBuildpack } from "../../kit/buildpack.ts";
import { CONDA_SOURCES, LOCK_SOURCES } from "../../python/lock-sources.ts";
import { failure } from "./failures.ts";
import { handOver } from "./handover.ts";
import { offerToolkit, TOOLKIT_DIRECTORY } from "./layers/toolkit.ts";
import { tellAsked } from "./report.ts";

const PLAN_ENTRY = "hardware";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: all(HARDWARE_IS_SAID, any(LOCK_SOURCES, CONDA_SOURCES)),
        plan: planFor({ python: true }),
      },
      // What the builder assumes makes no image of an app that nothing else recognises.
      { when: HARDWARE_IS_ASKED, plan: planFor({ python: false }) },
    ],
    otherwise: "there is no hardware.txt, and BP_HARDWARE is not set",
  },

  async build(context) {
    const { appDir, log, plan, settings } = context;
    log.section("Choosing hardware");
    const asked = await readAskedHardware({ appDir, setting: settings.get("BP_HARDWARE") });
    if (asked.problems.length > 0) throw failure("hardware-invalid", asked);
    tellAsked(asked, log);
    const isCuda = asked.hardware.accelerator.name === "cuda";
    await handOver(context, asked, isCuda ? await offerToolkit(context) : {});
    // With Python, what the packages turn out to need decides the rest.
    if (plan.asks(PLAN_ENTRY, "python")) return {};
    return { launch: await prepareWithoutPython(context, asked) };
  },

  recreate: {
    [TOOLKIT_DIRECTORY]: async (context) => {
      const { recreateToolkit } = await import("./layers/toolkit.ts");
      await recreateToolkit(context);
    },
  },
});

/** It asks itself, since only `bin/detect` knows whether a lock will be there. */
function planFor(metadata: { readonly python: boolean }): BuildPlan {
  return { provides: [PLAN_ENTRY], requires: [{ name: PLAN_ENTRY, metadata }] };
}

async function prepareWithoutPython(
  context: BuildContext,
  { hardware }: AskedHardware,
): Promise<Launch> {
  const { log } = context;
  const previous = await findEarlierCuda(context);
  const choice = choose({ hardware, demands: [], indexes: [], python: "", previous });
  if (choice.problems.length > 0) throw failure("hardware-invalid", choice);
  for (const note of choice.notes) log.step(note);
  const { cuda, driver } = choice;
  const names = hardware.libraries.map(({ name }) => name);
  if (cuda !== undefined && names.length > 0) {
    // Loaded on first use, since most apps have Python.
    const { installLibraries } = await import("./layers/libraries.ts");
    await installLibraries(context, { cuda, names });
  }
  if (cuda !== undefined && driver !== undefined) await makeDriverCheck(context, { cuda, driver });
  return { labels: acceleratorLabels(choice) };
}
