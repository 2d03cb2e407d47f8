import { describeHardware } from "../../../accelerator/hardware.ts";
import { describeDistro } from "../../../cnb/target.ts";
import type { TomlTable } from "../../../cnb/toml.ts";
import type { BuildContext } from "../../../kit/buildpack.ts";
import type { Interpreter } from "../../../python/interpreter.ts";
import { digestOfProvided } from "../../../python/provided/provided.ts";
import { uvFormatArguments, uvIndexArguments } from "../../../python/requirements/uv-input.ts";
import type { Asked } from "../asked.ts";

/** What decides the lock besides the versions of the earlier one. */
export interface AskedFacts extends TomlTable {
  readonly layout: number;
  readonly python: string;
  readonly arch: string;
  readonly distro: string;
  readonly source: string;
  readonly files: TomlTable | undefined;
  readonly local: TomlTable | undefined;
  readonly index: string;
  readonly hardware: string;
  readonly torch: string;
  readonly provided: string | undefined;
  readonly expanded: string | undefined;
}

/** Raised when the same files would give another lock, as with another ranking of wheels. */
const LAYOUT = 2;

export const ASKED_LABELS: { readonly [Fact in keyof AskedFacts]: string } = {
  layout: "The form of the lock",
  python: "The Python version",
  arch: "The CPU architecture",
  distro: "The distribution of the build image",
  source: "What is installed",
  files: "A requirements file",
  local: "A local package",
  index: "Where packages are looked for",
  hardware: "The hardware",
  torch: "Where torch's packages are looked for",
  provided: "The set of conda's packages",
  expanded: "A variable in the requirements",
};

export function factsOf(
  { target }: BuildContext,
  { minor }: Interpreter,
  asked: Asked,
): AskedFacts {
  const options = asked.options;
  return {
    layout: LAYOUT,
    python: minor,
    arch: target.arch,
    distro: describeDistro(target),
    source: [asked.source.kind, ...asked.extras].join(" "),
    files: tableUnlessEmpty(Object.fromEntries(asked.files)),
    local: tableUnlessEmpty(asked.local),
    index: [
      ...uvIndexArguments(options, ".", asked.strategy),
      ...uvFormatArguments(options),
      ...(options.pre ? ["--pre"] : []),
    ].join(" "),
    hardware: describeHardware(asked.hardware),
    torch: asked.torchIndexes.base ?? "default",
    provided: asked.provided === undefined ? undefined : digestOfProvided(asked.provided),
    expanded: asked.expanded,
  };
}

/** Metadata pass through JSON and TOML on their way; an empty table need not survive it. */
export function tableUnlessEmpty(table: TomlTable): TomlTable | undefined {
  return Object.keys(table).length === 0 ? undefined : table;
}
