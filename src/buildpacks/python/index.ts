import { always } from "../../cnb/detect.ts";
import { override } from "../../cnb/layer-env.ts";
import { type BuildContext, defineBuildpack } from "../../kit/buildpack.ts";
import { epochOf } from "../../kit/lock-epoch.ts";
import { HANDOVER } from "../../python/handover.ts";
import { endedIn, minorOf } from "../../python/version/lifetime.ts";
import { isSatisfiedBy } from "../../python/version/version-request.ts";
import type { Release } from "./release.ts";
import { findProjectRequest, findRequest, nameOf, type Request } from "./request.ts";
import { findRunImagePython } from "./run-image-python.ts";

export default defineBuildpack({
  detect: {
    cases: [{ when: always, plan: { provides: ["cpython"] } }],
    otherwise: "",
  },

  async build(context) {
    const { appDir, log, settings } = context;
    log.section("Choosing Python");
    const request = await findRequest(appDir, settings, log);
    const runImagePython = await findRunImagePython();

    if (request === undefined || isSatisfiedBy(request, runImagePython.version)) {
      const { path, version } = runImagePython;
      log.step(`Using Python ${version} of the run image (${reasonFor(request)})`);
      await handOver(context, { path, version });
    } else {
      const release = await resolveRelease(context, request);
      log.step(`Using Python ${release.version} (${reasonFor(request)})`);
      warnOfEndOfLife(context, release);
      const { provideCpython } = await loadCpython();
      const { interpreter } = await provideCpython(context, release, request.origin);
      const recreate = context.recreateCommand("cpython");
      await handOver(context, { path: interpreter, version: release.version, recreate });
    }
    return { store: storeOf(context) };
  },

  recreate: {
    cpython: async (context) => {
      const { recreateCpython } = await loadCpython();
      await recreateCpython(context);
    },
  },
});

/** Loaded on first use: with the run image's Python there is no such layer. */
function loadCpython() {
  return import("./layers/cpython.ts");
}

/**
 * The previous build's release stands while it satisfies the request: Python does not move because
 * the builder knows a newer one.
 */
async function resolveRelease(context: BuildContext, request: Request): Promise<Release> {
  const isNewEpoch = context.store["epoch"] !== storeOf(context).epoch;
  const { findKeptRelease } = await loadCpython();
  const kept = isNewEpoch ? undefined : await findKeptRelease(context, request);
  if (kept !== undefined) return kept;
  const { chooseRelease } = await import("./release.ts");
  return chooseRelease(request, context.env, context.settings);
}

function storeOf(context: BuildContext): { readonly epoch?: string } {
  const epoch = epochOf(context, context.store);
  return epoch === undefined ? {} : { epoch };
}

async function handOver(
  context: BuildContext,
  python: { readonly path: string; readonly version: string; readonly recreate?: string },
): Promise<void> {
  await warnOfProject(context, python.version);
  const { recreate } = python;
  const layer = await context.freshLayer("handover", { build: true });
  await layer.writeEnv({
    build: {
      [HANDOVER.python]: override(python.path),
      [HANDOVER.pythonVersion]: override(python.version),
      ...(recreate === undefined ? {} : { [HANDOVER.recreatePython]: override(recreate) }),
    },
  });
  await layer.commit();
}

function reasonFor(request: Request | undefined): string {
  return request === undefined ? "no version was asked for" : `from ${nameOf(request.origin)}`;
}

function warnOfEndOfLife({ log }: BuildContext, { version }: Release): void {
  const month = endedIn(version, new Date());
  if (month === undefined) return;
  log.warn(
    `Python ${minorOf(version)} gets no security fixes since ${month}`,
    "See https://devguide.python.org/versions/ for versions that do.",
  );
}

/** Another source may have decided against what the project itself says. */
async function warnOfProject({ appDir, log }: BuildContext, version: string): Promise<void> {
  const demanded = await findProjectRequest(appDir);
  if (demanded === undefined || isSatisfiedBy(demanded, version)) return;
  log.warn(
    `Python ${version} is not what ${nameOf(demanded.origin)} allows`,
    `Found: requires-python = "${demanded.text}"`,
  );
}
