/**
 * One release of the toolkit for each version of CUDA, so that the same compiler is taken at each
 * build. NVIDIA's archives have those before 13:
 * https://developer.download.nvidia.com/compute/cuda/redist/
 */
export const ARCHIVED_RELEASES: Readonly<Record<string, string>> = {
  "11.7": "11.7.1",
  "11.8": "11.8.0",
  "12.0": "12.0.1",
  "12.1": "12.1.1",
  "12.2": "12.2.2",
  "12.3": "12.3.2",
  "12.4": "12.4.1",
  "12.5": "12.5.1",
  "12.6": "12.6.3",
  "12.8": "12.8.1",
  "12.9": "12.9.1",
};

/** PyPI has the others: https://pypi.org/project/cuda-toolkit/#history */
const WHEEL_RELEASES: Readonly<Record<string, string>> = {
  "13.0": "13.0.3",
  "13.1": "13.1.2",
  "13.2": "13.2.2",
  "13.3": "13.3.1",
  "13.4": "13.4.3",
  "13.5": "13.5.0",
};

/** "13.0.3" for "13.0"; undefined for a version that is newer than this table. */
export function toolkitRelease(cuda: string): string | undefined {
  return ARCHIVED_RELEASES[cuda] ?? WHEEL_RELEASES[cuda];
}
