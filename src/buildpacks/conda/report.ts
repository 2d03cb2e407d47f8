import type { Accelerated } from "../../accelerator/accelerated.ts";
import type { Hardware } from "../../accelerator/hardware.ts";
import type { Log } from "../../kit/log.ts";
import { describeOrigin } from "../../kit/origin.ts";
import { counted, formatBytes, listed } from "../../kit/text.ts";
import { pathsOf } from "../../conda/prefix/record.ts";
import type { EnvironmentFacts, EnvironmentOptions } from "./layers/environment.ts";
import type { MadeEnvironment } from "./make-environment.ts";

export function tellReused({ heavy }: EnvironmentFacts, log: Log): void {
  const layers = Object.values(heavy).sort();
  const names = ["the environment", ...layers].join(", ");
  log.step(`Reusing ${names} (${counted(layers.length + 1, "layer")})`);
}

interface Wanting {
  readonly hardware: Hardware;
  readonly log: Log;
  /** Whether pip installs packages, too. */
  readonly hasPip: boolean;
}

interface Telling {
  readonly log: Log;
  readonly options: EnvironmentOptions;
  /** The heavy packages whose layers the previous image has. */
  readonly reused: ReadonlySet<string>;
  readonly milliseconds: number;
}

/** Says what was made, what was left out of it, and what the image does not do as conda would. */
export function tellMade(
  made: MadeEnvironment,
  { log, options, reused, milliseconds }: Telling,
): void {
  const { split, weights, savings, reports } = made;
  const weigh = (name: string) => formatBytes((weights.get(name) ?? 0) * 1000);
  const named = (isReused: boolean) =>
    [...split.keys()]
      .filter((name) => reused.has(name) === isReused)
      .map((name) => `${name} (${weigh(name)})`);
  const [kept, moved] = [named(true), named(false)];
  if (kept.length > 0) log.step(`Reusing the layers of ${kept.join(", ")}`);
  if (moved.length > 0) log.step(`Packages with layers of their own: ${moved.join(", ")}`);
  const leftOut = savings
    .filter(({ rule }) => rule.optional)
    .map(
      ({ rule, files, bytes }) => `${rule.name} (${counted(files, "file")}, ${formatBytes(bytes)})`,
    );
  if (leftOut.length > 0) log.step(`Leaving out ${listed(leftOut)}; BP_CONDA_KEEP keeps them`);
  if (!options.linkScripts) warnOfLinkScripts(made, log);
  for (const { script, what } of reports) log.step(`Activation: ${script} ${what}`);
  log.step(`Done (${(milliseconds / 1000).toFixed(1)} s)`);
}

/** Says for which CUDA version the packages are, where somebody wants one. */
export function tellCuda({ cuda }: Accelerated, { hardware, log, hasPip }: Wanting): void {
  const { name, assumed, text, origin } = hardware.accelerator;
  if (cuda !== undefined) log.step(`Using CUDA ${cuda}, which the packages bring`);
  else if (name === "cuda" && !assumed && !hasPip) {
    log.warn(
      "No package of the environment is for CUDA",
      [
        `Found in ${describeOrigin(origin)}: ${text}`,
        "The image has nothing for GPUs. Packages that use them are often variants, or have names of their own: pytorch-gpu, tensorflow-gpu, cupy.",
      ].join("\n"),
    );
  }
}

/** https://docs.conda.io/projects/conda-build/en/stable/resources/link-scripts.html */
const POST_LINK = /^bin\/\.(.+)-post-link\.sh$/;

function warnOfLinkScripts({ records }: MadeEnvironment, log: Log): void {
  const names = records
    .filter((record) => pathsOf(record).some(({ _path }) => POST_LINK.test(_path)))
    .map(({ name }) => name);
  if (names.length === 0) return;
  log.warn(
    `${listed(names)} ${names.length === 1 ? "has a script" : "have scripts"} to be run after the installation`,
    [
      "Not run: such a script may do anything, and most only print or register what an image does not need.",
      "If the package does not work without it, set BP_CONDA_LINK_SCRIPTS to true.",
    ].join("\n"),
  );
}
