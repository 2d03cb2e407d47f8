import { defineBuildpack } from "../../kit/buildpack.ts";
import { checkLockAge } from "../../kit/lock-age.ts";
import { writeNetrc } from "../../python/access/netrc-file.ts";
import { ensureInterpreter, readInterpreter } from "../../python/interpreter.ts";
import { listLockMoves } from "../../python/lock-moves.ts";
import type { CachedLock } from "../../python/lock-record.ts";
import { CONDA_SOURCES, PIP_SOURCES } from "../../python/lock-sources.ts";
import { provideLock } from "../../python/project-lock/provide-lock.ts";
import { pylockManager } from "../../python/project-lock/pylock/manager.ts";
import { withTreeDigests } from "../../python/tree-digests.ts";
import { readAsked } from "./asked.ts";
import { failure } from "./failures.ts";
import { handOver } from "./layers/handover.ts";
import { openLockLayer } from "./layers/lock.ts";
import { choosesPylock, findSource } from "./source.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: PIP_SOURCES,
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

    if (await choosesPylock(context)) {
      return provideLock(context, await pylockManager(context.appDir));
    }
    log.section("Locking Python packages");
    const source = await findSource(context);
    // Everything that can be wrong with the files is found before anything slow starts.
    const asked = await readAsked(context, source);

    const netrc = await writeNetrc(context, asked.credentials);

    const layer = await openLockLayer(context, interpreter, asked);
    checkLockAge(context, { name: "the lock of pip", made: layer.made });
    let locked: CachedLock | undefined = layer.cached;
    if (locked === undefined) {
      await ensureInterpreter(interpreter, env, log);
      // Loaded on first use: a build that has nothing to resolve starts quicker.
      const { obtainLock } = await import("./obtain-lock.ts");
      const { preferences, previousCuda } = layer;
      const task = { context, interpreter, asked, netrc, previousCuda };
      const obtained = await obtainLock(task, preferences);
      listLockMoves(log, layer.previous, obtained.lock);
      await layer.fill(obtained);
      locked = obtained;
    }
    const lock = await withTreeDigests(locked.lock, context.appDir);
    await handOver(context, { ...locked, lock, made: layer.made, asked, netrc });
    return {};
  },
});
