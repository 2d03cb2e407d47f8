import { binding } from "../../cnb/detect.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { counted } from "../../kit/text.ts";
import { readBoundCertificates } from "./bound-certificates.ts";
import { trustInApp } from "./layers/app-trust.ts";
import { trustInBuild } from "./layers/build-trust.ts";

export default defineBuildpack({
  detect: {
    cases: [{ when: binding("ca-certificates"), plan: {} }],
    otherwise: "no binding of type ca-certificates",
  },

  async build(context) {
    const { log, settings } = context;
    const embeds = settings.get("BP_EMBED_CERTS") ?? false;

    log.section("Trusting certificates");
    const certificates = await readBoundCertificates(await context.readBindings(), log);

    await trustInBuild(context, certificates);
    if (embeds) {
      await trustInApp(context, certificates);
    } else {
      const count = counted(certificates.length, "certificate");
      log.step(`The build trusts ${count}; the app does not (BP_EMBED_CERTS=true changes that)`);
    }
    return {};
  },
});
