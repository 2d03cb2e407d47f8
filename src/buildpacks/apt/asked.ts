import { describeDistro } from "../../cnb/target.ts";
import { readFile } from "node:fs/promises";
import type { TomlTable } from "../../cnb/toml.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { sha256 } from "../../kit/hash.ts";
import { RUN_IMAGE_STATUS } from "../../debian/run-image.ts";
import { readRequests } from "../../debian/requests/read-requests.ts";
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
  readonly base: string;
  readonly files: TomlTable;
  readonly setting: string | undefined;
  readonly snapshot: string | undefined;
  readonly epoch: string | undefined;
}

export const ASKED_LABELS: { readonly [Fact in keyof AskedFacts]: string } = {
  arch: "The CPU architecture",
  distro: "The distribution of the build image",
  base: "The run image's list of packages",
  files: "A file",
  setting: "BP_APT_PACKAGES",
  snapshot: "BP_APT_SNAPSHOT",
  epoch: "BP_LOCK_EPOCH",
};

/** Reading needs no network. What is wrong in the files is told when apt is asked. */
export async function readAsked({
  appDir,
  env,
  settings,
  target,
}: Pick<BuildContext, "appDir" | "env" | "settings" | "target">): Promise<Asked> {
  const { arch } = target;
  if (arch !== "amd64" && arch !== "arm64") throw failure("architecture", { arch });
  const status = await readFile(RUN_IMAGE_STATUS, "utf8").catch(() => undefined);
  if (status === undefined) throw failure("run-image-unknown", { file: RUN_IMAGE_STATUS });
  const packages = settings.get("BP_APT_PACKAGES");
  const requests = await readRequests({
    appDir,
    arch,
    env,
    settings: packages,
    snapshot: settings.get("BP_APT_SNAPSHOT"),
  });
  return {
    requests,
    arch,
    facts: {
      arch,
      distro: describeDistro(target),
      base: sha256(status),
      files: Object.fromEntries(requests.files),
      setting: packages?.join(" "),
      snapshot: requests.snapshot,
      epoch: settings.get("BP_LOCK_EPOCH"),
    },
  };
}
