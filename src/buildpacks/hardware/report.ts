import type { Item } from "../../accelerator/hardware/items.ts";
import { packagesOf } from "../../accelerator/hardware/packages.ts";
import type { AskedHardware } from "../../accelerator/hardware/read.ts";
import type { Log } from "../../kit/log.ts";
import { hostOf, listed } from "../../kit/text.ts";

export function tellAsked(asked: AskedHardware, log: Log): void {
  const { hardware, items, from, notes, conclusions } = asked;
  for (const note of notes) log.step(note);
  if (from !== undefined) {
    log.list(
      `Found ${from}:`,
      items.map((item) => describe(item, asked)),
    );
  }
  for (const conclusion of conclusions) log.step(conclusion);
  for (const item of items) {
    const meaning = meaningOf(item);
    if (meaning !== undefined) log.step(`${item.keyword} stands for ${meaning}`);
  }
  if (hardware.accelerator.assumed) {
    log.step(`Using ${hardware.accelerator.name} because the builder is made for it`);
  }
}

/** GPUs are told with what wheels are compared with. */
function describe({ keyword, text, origin }: Item, { hardware }: AskedHardware): string {
  if (keyword !== "gpu") return text;
  const gpus = hardware.gpus.filter((gpu) => gpu.text === text && gpu.origin.line === origin.line);
  const capabilities = gpus.map(({ capability }) => capability);
  if (capabilities.length === 0) return text;
  return `${text} (compute capability ${listed(capabilities)})`;
}

function meaningOf({ keyword }: Item): string | undefined {
  const found = packagesOf(keyword);
  if (found === undefined) return undefined;
  const { packages, archive } = found;
  const where = archive === undefined ? "" : ` of ${hostOf(archive.uri)}`;
  const cuda = keyword === "aws" ? "cuda, and for " : "";
  return `${cuda}the Debian packages ${listed(packages)}${where}`;
}
