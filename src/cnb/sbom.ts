import { join } from "node:path";
import { writeFileWhole } from "./files.ts";
import { RuleViolation } from "./rule.ts";

/** Specification: "Bill-of-Materials". The name is the file's infix, the value its media type. */
const SBOM_MEDIA_TYPES = {
  cdx: "application/vnd.cyclonedx+json",
  spdx: "application/spdx+json",
  syft: "application/vnd.syft+json",
} as const;

export type SbomFormat = keyof typeof SBOM_MEDIA_TYPES;

/** Writes `<layersDir>/<owner>.sbom.<format>.json`; the owner is a layer, "launch" or "build". */
export async function writeSbom(
  layersDir: string,
  declaredMediaTypes: readonly string[],
  owner: string,
  format: SbomFormat,
  document: string,
): Promise<void> {
  const mediaType = SBOM_MEDIA_TYPES[format];
  if (!declaredMediaTypes.includes(mediaType)) {
    throw new RuleViolation("sbom-undeclared", mediaType);
  }
  await writeFileWhole(join(layersDir, `${owner}.sbom.${format}.json`), document);
}
