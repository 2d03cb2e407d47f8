import { defineBuildpack, main } from "../../src/kit/buildpack.ts";
import { readInterpreter } from "../../src/python/interpreter.ts";
import type { LockFile } from "../../src/python/lock.ts";
import { buildWheels } from "../../src/python/wheels/build-wheels.ts";

/** A buildpack that only builds wheels, of the lock in LOCK_FILE, and tells their paths. */
const buildpack = defineBuildpack({
  detect: { cases: [], otherwise: "" },
  build: async (context) => {
    const interpreter = readInterpreter(context.env);
    if (interpreter === undefined) throw new Error("no interpreter");
    const lockFile = JSON.parse(context.env["LOCK_FILE"] ?? "") as LockFile;
    const uvCache = context.env["UV_CACHE"] ?? "";
    const netrc = context.env["NETRC_FILE"];
    const options = { context, interpreter, lockFile, uvCache, netrc };
    const wheels = await buildWheels(lockFile.distributions, options);
    context.log.list(
      "Built",
      wheels.map(({ path }) => path),
    );
    return {};
  },
});

void main(buildpack);
