import { defaultTo } from "../../cnb/layer-env.ts";

/**
 * For each app with Python packages. What libraries keep gets a place: the home directory can't be
 * written to under a read-only root file system, nor by a user id that the platform picks
 * (OpenShift).
 * https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables#hfhome
 * https://matplotlib.org/stable/install/environment_variables_faq.html#envvar-MPLCONFIGDIR
 * https://numba.readthedocs.io/en/stable/reference/envvars.html#envvar-NUMBA_CACHE_DIR
 */
export const LAUNCH_DEFAULTS = {
  // Without it, what a container printed last before it was killed is lost.
  PYTHONUNBUFFERED: defaultTo("1"),
  XDG_CACHE_HOME: defaultTo("/tmp/cache"),
  HF_HOME: defaultTo("/tmp/cache/huggingface"),
  MPLCONFIGDIR: defaultTo("/tmp/cache/matplotlib"),
  NUMBA_CACHE_DIR: defaultTo("/tmp/cache/numba"),
  TRITON_CACHE_DIR: defaultTo("/tmp/cache/triton"),
  TORCHINDUCTOR_CACHE_DIR: defaultTo("/tmp/cache/torchinductor"),
};
