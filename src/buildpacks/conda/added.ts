import type { Hardware } from "../../accelerator/hardware.ts";
import { cudaConstraints, librarySpecs } from "../../conda/cuda.ts";
import type { Origin } from "../../kit/origin.ts";
import { type PythonSetting, SETTING } from "./python-setting.ts";

/** A match spec that stands in no environment file, and what it follows from. */
export interface AddedSpec {
  readonly spec: string;
  readonly origin: Origin;
  /** As it was written there. */
  readonly text: string;
}

/** For messages, when the packages do not fit. */
export function listAdded(hardware: Hardware, python: PythonSetting): readonly AddedSpec[] {
  const { accelerator, libraries } = hardware;
  const { spec, text = "" } = python;
  return [
    ...(spec === undefined ? [] : [{ spec, origin: { file: SETTING }, text }]),
    ...cudaConstraints(hardware).map((one) => ({ ...accelerator, spec: one })),
    ...libraries.flatMap((library) =>
      librarySpecs({ accelerator, libraries: [library] }).specs.map((one) => ({
        ...library,
        spec: one,
      })),
    ),
  ];
}
