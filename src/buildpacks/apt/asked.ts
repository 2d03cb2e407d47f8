import { readFile } from "node:fs/promises";
import { type Env, readVariable } from "../../cnb/env.ts";
import { describeDistro } from "../../cnb/target.ts";
import type { TomlTable } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { inPrecedence } from "../../kit/origin.ts";
import { readBoundCredentials } from "../../debian/bound-credentials.ts";
import { type HandedRequest, handedRequestsSchema } from "../../debian/handed-requests.ts";
import { HANDOVER } from "../../debian/handover.ts";
import { readInstalledPackages, RUN_IMAGE_STATUS } from "../../debian/run-image.ts";
import { readRequests } from "../../debian/requests/read-requests.ts";
import { demandValid } from "../../debian/requests/demand-valid.ts";
import type { Requests } from "../../debian/requests/requests.ts";
import { failure } from "./failures.ts";

/** All that decides which packages are in the image. */
export interface Asked {
  readonly requests: Requests;
  readonly arch: "amd64" | "arm64";
  readonly facts: AskedFacts;
}

export interface AskedFacts extends TomlTable {
  readonly arch: string;
  readonly distro: string;
  /** Versions of the run image's packages, by name. */
  readonly base: TomlTable;
  readonly files: TomlTable;
  readonly setting: string | undefined;
  readonly snapshot: string | undefined;
}

export const ASKED_LABELS: { readonly [Fact in keyof AskedFacts]: string } = {
  arch: "The CPU architecture",
  distro: "The distribution of the build image",
  base: "A package of the run image",
  files: "A file",
  setting: "BP_APT_PACKAGES",
  snapshot: "BP_APT_SNAPSHOT",
};

/** Needs no network. Throws a failure for bindings, and a DebianError with all that is wrong in the files. */
export async function readAsked({
  appDir,
  env,
  readBindings,
  settings,
  target,
}: Pick<BuildContext, "appDir" | "env" | "readBindings" | "settings" | "target">): Promise<Asked> {
  const { arch } = target;
  if (arch !== "amd64" && arch !== "arm64") throw failure("architecture", { arch });
  const base = await readInstalledPackages(RUN_IMAGE_STATUS);
  if (base.size === 0) throw failure("run-image-unknown", { file: RUN_IMAGE_STATUS });
  const packages = settings.get("BP_APT_PACKAGES");
  const bound = await readBoundCredentials(await readBindings());
  const read = await readRequests({
    appDir,
    arch,
    env,
    settings: packages,
    snapshot: settings.get("BP_APT_SNAPSHOT"),
    handed: await readHanded(env),
  });
  demandValid(read);
  const requests = {
    ...read,
    credentials: inPrecedence([
      ...bound.opened.flatMap(({ credentials }) => credentials),
      ...read.credentials,
    ]),
    notes: [...bound.notes, ...read.notes],
  };
  return {
    requests,
    arch,
    facts: {
      arch,
      distro: describeDistro(target),
      base: Object.fromEntries(base),
      files: Object.fromEntries(requests.files),
      setting: packages?.join(" "),
      snapshot: requests.snapshot,
    },
  };
}

async function readHanded(env: Env): Promise<readonly HandedRequest[]> {
  const path = readVariable(env, HANDOVER.requests);
  if (path === undefined) return [];
  return handedRequestsSchema.parse(JSON.parse(await readFile(path, "utf8")));
}
