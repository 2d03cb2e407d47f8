import { OCI_PREFIX } from "./label.ts";
import { OCI_SETTINGS } from "./oci-settings.ts";

/** Why nobody but the one it belongs to may write a label of this key. */
export function whyReserved(key: string): string | undefined {
  if (key.startsWith("io.buildpacks.")) {
    return "Labels that begin with 'io.buildpacks.' are written by the lifecycle, which reads them at the next build";
  }
  if (key.startsWith(OURS) && !key.startsWith(DEFAULT_PREFIX)) {
    return `Labels that begin with '${OURS}' are written by the buildpacks, apart from '${DEFAULT_PREFIX}'`;
  }
  return undefined;
}

const OURS = "io.ml-buildpacks.";

export const DEFAULT_PREFIX = "io.ml-buildpacks.tags.";

/**
 * What is needed in place of a key of a tags file; undefined where it is good. `tag` is the key with
 * those of the maps around it.
 */
export function neededForTag(key: string, tag: string): string | undefined {
  if (key === "<<") return "The keys of another map can't be taken over here; write them";
  if (!GOOD_TAG.test(key)) {
    const better = betterTag(key);
    const example = better === "" ? "" : `, for example '${better}'`;
    return `A key has lower-case letters and digits, with '-', '_' and '.' between them${example}`;
  }
  if (tag.startsWith("org.opencontainers.")) {
    return `Tags have a prefix of their own; the setting ${settingFor(tag)} writes this label`;
  }
  return whyReserved(tag);
}

function settingFor(label: string): string {
  const end = label.slice(OCI_PREFIX.length).toUpperCase().replaceAll(/\W/g, "_");
  return OCI_SETTINGS.find((name) => name === `BP_OCI_${end}`) ?? "BP_IMAGE_LABELS";
}

/**
 * Docker recommends this, so that labels can be asked for without quotation marks; '_' is usual in YAML.
 * https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations
 */
const GOOD_TAG = /^[a-z0-9]+(?:(?:[_-]+|\.)[a-z0-9]+)*$/;

/** "Cost Center" and "costCenter" become "cost-center". */
function betterTag(key: string): string {
  return key
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, "-")
    .replaceAll(/[._-]*\.[._-]*/g, ".")
    .replaceAll(/^[._-]+|[._-]+$/g, "");
}

/** Keys of other programs have capitals and slashes, too: `com.jfrog.artifactory.retention.maxDays`. */
export const GOOD_KEY = /^[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?$/;
