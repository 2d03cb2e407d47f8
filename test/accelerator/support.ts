import { describeOrigin } from "../../src/kit/origin.ts";
import { choose, type Choice } from "../../src/accelerator/choose.ts";
import { findGpu } from "../../src/accelerator/compatibility.ts";
import type { Demand } from "../../src/accelerator/demand.ts";
import type { Accelerator, Hardware } from "../../src/accelerator/hardware.ts";
import { sentenceWithLines } from "../../src/kit/wrong-lines.ts";

/** Lines of hardware.txt, in the plainest form: "cuda==12.8", "gpu v100", "driver>=550". */
export function hardwareOf(...lines: readonly string[]): Hardware {
  const at = (index: number) => ({ file: "hardware.txt", line: index + 1 });
  const placed = lines.map((text, index) => ({ text, origin: at(index) }));
  const [main] = placed.flatMap(({ text, origin }) => {
    const [, name, specifier = ""] = /^(cpu|cuda|rocm|neuron|tpu|coral)(.*)$/.exec(text) ?? [];
    return name === undefined
      ? []
      : [{ name: name as Accelerator, specifier, assumed: false, text, origin }];
  });
  const [driver] = placed.flatMap(({ text, origin }) => {
    const [, version] = /^driver>=(.*)$/.exec(text) ?? [];
    return version === undefined ? [] : [{ version, text, origin }];
  });
  return {
    accelerator: main ?? {
      name: "cpu",
      specifier: "",
      assumed: true,
      text: "cpu",
      origin: { file: "the builder" },
    },
    gpus: placed.flatMap(({ text, origin }) => {
      const [, written] = /^gpu (.*)$/.exec(text) ?? [];
      const gpu = written === undefined ? undefined : findGpu(written);
      return gpu !== undefined && "name" in gpu ? [{ ...gpu, text, origin }] : [];
    }),
    ...(driver === undefined ? {} : { driver }),
    libraries: placed.flatMap(({ text, origin }) => {
      const [, names] = /^libraries (.*)$/.exec(text) ?? [];
      return (names?.split(" ") ?? []).map((name) => ({ name, text, origin }));
    }),
  };
}

/** Nobody has said anything, on the CUDA builder. */
export function cudaBuilder(): Hardware {
  const { accelerator, ...others } = hardwareOf("cuda");
  return {
    ...others,
    accelerator: { ...accelerator, assumed: true, origin: { file: "the builder" } },
  };
}

/** Lines of requirements.txt. */
export function demandsOf(lines: readonly string[]): readonly Demand[] {
  return lines.map((text, index) => ({
    ...parse(text),
    origin: { file: "requirements.txt", line: index + 1 },
  }));
}

/** What a resolution has found: "torch==2.9.1+cu128". */
export function found(...pins: readonly string[]): readonly Demand[] {
  return pins.map(parse);
}

function parse(text: string): Demand {
  const [, name = "", extras = "", specifier = ""] =
    /^([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?(.*)$/.exec(text) ?? [];
  const list = extras === "" ? [] : extras.split(",");
  return { name: name.toLowerCase().replaceAll("_", "-"), specifier, extras: list, text };
}

export interface Asked {
  readonly hardware?: Hardware;
  readonly indexes?: readonly string[];
  readonly python?: string;
  readonly found?: readonly Demand[];
  readonly previous?: string;
}

export function chosen(lines: readonly string[], asked: Asked = {}): Choice {
  return choose({
    hardware: asked.hardware ?? hardwareOf("cuda"),
    demands: [...demandsOf(lines), ...(asked.found ?? [])],
    indexes: (asked.indexes ?? []).map((url, index) => ({
      url,
      origin: { file: "requirements.txt", line: 90 + index },
    })),
    python: asked.python ?? "3.12",
    previous: asked.previous,
  });
}

/** As the messages have them. */
export function told({ problems }: Choice): string {
  return problems
    .map(
      ({ origin, line, needed }) =>
        `${describeOrigin(origin)}: ${line}\n  ${sentenceWithLines(needed)}`,
    )
    .join("\n\n");
}
