/** What is better than a package that is there all the same; words that follow its name. */
export function adviceFor(name: string): string | undefined {
  return ADVICE.find(({ when }) => when.test(name))?.advice;
}

const ADVICE: readonly { readonly when: RegExp; readonly advice: string }[] = [
  {
    when: /^python3?(?:\.\d+)?(?:-(?:minimal|venv|distutils|full))?$|^python3-(?:pip|setuptools|wheel|virtualenv)$/,
    advice:
      "the app's Python is another one, which the python buildpack chooses (.python-version); this one does not see the app's packages",
  },
  {
    when: /^(?:lib)?python3(?:\.\d+)?-(?:dev|stdlib)$/,
    advice: "the headers of the app's Python come with it; this adds those of Debian's",
  },
  {
    when: /^python3-/,
    advice:
      "only Debian's own Python sees its modules; name the package of PyPI in requirements.txt in its place",
  },
  {
    when: /^ca-certificates$/,
    advice:
      "the run image has it; certificates of your own are given by a service binding of type ca-certificates",
  },
  {
    when: /^(?:nvidia-cuda-|cuda(?:-|$)|libcuda|libcudnn|libcublas|libnccl|libnvidia-|nvidia-(?:driver|utils|smi))/,
    advice:
      "the wheels of PyTorch, JAX and others bring CUDA's libraries, and the machine brings the driver; a second copy makes the image large and may not fit either",
  },
  {
    when: /^(?:pipx|conda|mamba|virtualenv|pip)$/,
    advice: "packages that it installs when the app starts are lost at each restart",
  },
];
