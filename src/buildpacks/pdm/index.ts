import { defineBuildpack } from "../../kit/buildpack.ts";
import { lockFileWins } from "../../python/lock-sources.ts";
import { pdm } from "../../python/project-lock/pdm/manager.ts";
import { provideLock } from "../../python/project-lock/provide-lock.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: lockFileWins("pdm"),
        plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
      },
    ],
    otherwise: "no pdm.lock found",
  },

  build: (context) => provideLock(context, pdm),
});
