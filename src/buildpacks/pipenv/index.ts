import { defineBuildpack } from "../../kit/buildpack.ts";
import { lockFileWins } from "../../python/lock-sources.ts";
import { pipenv } from "../../python/project-lock/pipenv/manager.ts";
import { provideLock } from "../../python/project-lock/provide-lock.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: lockFileWins("pipenv"),
        plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
      },
    ],
    otherwise: "no Pipfile.lock found",
  },

  build: (context) => provideLock(context, pipenv),
});
