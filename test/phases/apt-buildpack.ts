import { readFile } from "node:fs/promises";
import { withExplanations } from "../../src/buildpacks/apt/explain.ts";
import { fetchPackages } from "../../src/debian/fetch/fetch-packages.ts";
import type { DebianLock } from "../../src/debian/lock.ts";
import { demandValid } from "../../src/debian/requests/demand-valid.ts";
import { readRequests } from "../../src/debian/requests/read-requests.ts";
import { resolve } from "../../src/debian/resolve/resolve.ts";
import { defineBuildpack, main } from "../../src/kit/buildpack.ts";

/** A buildpack that resolves, or fetches the lock in LOCK, and tells what came of it. */
const buildpack = defineBuildpack({
  detect: { cases: [], otherwise: "" },
  build: async ({ appDir, env, log, target, settings }) => {
    const place = { appDir, arch: target.arch, env };
    const requests = await readRequests({
      ...place,
      settings: settings.get("BP_APT_PACKAGES"),
      snapshot: settings.get("BP_APT_SNAPSHOT"),
    });
    for (const note of requests.notes) log.step(note);
    const options = { ...place, workDir: "/tmp/apt-work", log };
    const given = JSON.parse(env["LOCK"] ?? "[]") as DebianLock;
    await withExplanations(async () => {
      demandValid(requests);
      if (env["FETCH"] === undefined) {
        const resolution = await resolve(requests, {
          ...options,
          statusFile: env["STATUS_FILE"] ?? "",
          preferences: given,
          systemDir: env["SYSTEM_DIR"] ?? "/etc/apt",
        });
        log.step(`RESULT ${JSON.stringify(resolution)}`);
      } else {
        const files = await fetchPackages(given, {
          ...options,
          directory: "/tmp/debs",
          credentials: requests.credentials,
        });
        for (const [{ name }, file] of files) {
          log.step(`${name}: ${(await readFile(file)).length} bytes in ${file}`);
        }
      }
    });
    return {};
  },
});

void main(buildpack);
