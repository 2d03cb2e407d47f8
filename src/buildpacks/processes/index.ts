import { always, file } from "../../cnb/detect.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { settleAppModes } from "../../kit/app-modes.ts";
import { appFilesIn } from "../../process/app-files.ts";
import { findEvidentProcesses } from "./evident-app.ts";
import { warnOfContents } from "./app-contents.ts";
import { contributeForwarded } from "./layers/forwarded.ts";
import { contributeStartUp } from "./layers/start-up.ts";
import { readPackages } from "./packages.ts";
import { readProcfile } from "./procfile.ts";

export default defineBuildpack({
  detect: {
    cases: [
      { when: file("Procfile"), plan: {} },
      {
        when: always,
        plan: {
          requires: [{ name: "site-packages", metadata: { launch: true } }],
          or: [{ requires: [{ name: "conda-environment", metadata: { launch: true } }] }],
        },
      },
    ],
    otherwise: "there is no Procfile and no Python app",
  },

  async build(context) {
    const files = appFilesIn(context.appDir);
    const packages = await readPackages(context.env);

    context.log.section("Choosing how the app is started");
    const processes =
      (await readProcfile(files, packages, context.log)) ??
      (await findEvidentProcesses(files, packages, context.log));

    await warnOfContents(files, context.log);
    await contributeStartUp(context);
    await contributeForwarded(context, packages.installed);
    // Here, since this is the last buildpack of every group.
    await settleAppModes(context.appDir, context.log);
    return { launch: { processes } };
  },
});
