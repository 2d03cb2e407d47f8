import { defineBuildpack } from "../../kit/buildpack.ts";
import { lockFileWins } from "../../python/lock-sources.ts";
import { poetry } from "../../python/project-lock/poetry/manager.ts";
import { provideLock } from "../../python/project-lock/provide-lock.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: lockFileWins("poetry"),
        plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
      },
    ],
    otherwise: "no poetry.lock found",
  },

  build: (context) => provideLock(context, poetry),
});
