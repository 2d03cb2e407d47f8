import { always } from "../../cnb/detect.ts";
import { platformOf } from "../../conda/platform.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { explain } from "./explain.ts";
import { surveyApp } from "./survey.ts";

/** Stands alone in the builder's last group, so that it is asked only when nothing else fits. */
export default defineBuildpack({
  detect: { cases: [{ when: always, plan: {} }], otherwise: "" },

  async build({ appDir, settings, target }) {
    const manager = settings.get("BP_PACKAGE_MANAGER");
    throw explain(await surveyApp(appDir), { platform: platformOf(target), manager });
  },
});
