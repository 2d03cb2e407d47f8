import { any, file, variable } from "../../cnb/detect.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { ensureInterpreter, readInterpreter } from "../../python/interpreter.ts";
import { readAsked } from "./asked.ts";
import { failure } from "./failures.ts";
import { handOver } from "./layers/handover.ts";
import { openLockLayer } from "./layers/lock.ts";
import { listMoves } from "./moves.ts";
import { findSource } from "./source.ts";
import { withTreeDigests } from "./tree-digests.ts";
import { writeNetrc } from "./workplace.ts";

export default defineBuildpack({
  detect: {
    cases: [
      {
        when: any(
          file("requirements.txt", "pylock.toml", "pyproject.toml", "setup.py"),
          variable("BP_PIP_REQUIREMENT"),
        ),
        plan: { provides: ["python-lock"], requires: [{ name: "cpython" }] },
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
    let lock = layer.cached;
    if (lock === undefined) {
      await ensureInterpreter(interpreter, env, log);
      // Loaded on first use: a build that has nothing to resolve starts quicker.
      const { obtainLock } = await import("./obtain-lock.ts");
      const locked = await obtainLock({ context, interpreter, asked, netrc }, layer.preferences);
      listMoves(log, layer.previous, locked.lock);
      await layer.fill(locked);
      lock = locked.lock;
    }
    await handOver(context, { lock: await withTreeDigests(lock, context.appDir), asked, netrc });
    return {};
  },
});
