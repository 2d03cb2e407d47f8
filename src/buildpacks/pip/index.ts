import { defineBuildpack } from "../../kit/buildpack.ts";
import { ensureInterpreter, readInterpreter } from "../../python/interpreter.ts";
import { CONDA_SOURCES, LOCK_SOURCES } from "../../python/lock-sources.ts";
import { readAsked } from "./asked.ts";
import { failure } from "./failures.ts";
import { handOver } from "./layers/handover.ts";
import { type CachedLock, openLockLayer } from "./layers/lock.ts";
import { listMoves } from "./moves.ts";
import { findSource } from "./source.ts";
import { withTreeDigests } from "./tree-digests.ts";
import { writeNetrc } from "./workplace.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: LOCK_SOURCES,
        plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
      },
      {
        // Such a file alone says nothing to pip: only ml-buildpacks/conda provides this entry.
        when: CONDA_SOURCES,
        plan: {
          provides: ["python-lock"],
          requires: [{ name: "cpython" }, { name: "conda-environment" }],
        },
      },
    ],
    otherwise: "no requirements.txt, pylock.toml, pyproject.toml or setup.py found",
  },

  async build(context) {
    const { log, env } = context;
    const interpreter = readInterpreter(env);
    if (interpreter === undefined) throw failure("python-missing", {});

    log.section("Locking Python packages");
    const source = await findSource(context);
    // Everything that can be wrong with the files is found before anything slow starts.
    const asked = await readAsked(context, source);

    const netrc = await writeNetrc(context, asked.credentials);

    const layer = await openLockLayer(context, interpreter, asked);
    let locked: CachedLock | undefined = layer.cached;
    if (locked === undefined) {
      await ensureInterpreter(interpreter, env, log);
      // Loaded on first use: a build that has nothing to resolve starts quicker.
      const { obtainLock } = await import("./obtain-lock.ts");
      const { preferences, previousCuda } = layer;
      const task = { context, interpreter, asked, netrc, previousCuda };
      const obtained = await obtainLock(task, preferences);
      listMoves(log, layer.previous, obtained.lock);
      await layer.fill(obtained);
      locked = obtained;
    }
    const lock = await withTreeDigests(locked.lock, context.appDir);
    await handOver(context, { ...locked, lock, asked, netrc });
    return {};
  },
});
