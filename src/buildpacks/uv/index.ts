import { defineBuildpack } from "../../kit/buildpack.ts";
import { lockFileWins } from "../../python/lock-sources.ts";
import { provideLock } from "../../python/project-lock/provide-lock.ts";
import { uvManager } from "../../python/project-lock/uv/manager.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: lockFileWins("uv"),
        plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
      },
    ],
    otherwise: "no uv.lock found",
  },

  build: (context) => provideLock(context, uvManager(context.settings.get("BP_UV_PACKAGE"))),
});
