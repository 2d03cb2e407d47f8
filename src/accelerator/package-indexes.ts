import type { Accelerator } from "./hardware.ts";

/**
 * Indexes of Python packages for this accelerator alone, besides the app's.
 * https://awsdocs-neuron.readthedocs-hosted.com/en/latest/frameworks/torch/torch-neuronx/setup/index.html
 */
export function packageIndexes(accelerator: Accelerator): readonly string[] {
  return accelerator === "neuron" ? ["https://pip.repos.neuron.amazonaws.com"] : [];
}
