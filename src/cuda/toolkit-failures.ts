import { defineFailures } from "../kit/failure.ts";
import { listed, text } from "../kit/text.ts";

export const failure = defineFailures<{
  "archive-changed": { url: string; expected: string; found: string };
  "archive-unreadable": { url: string; output: string };
  "archives-unreachable": { cuda: string; url: string; reason: string };
  "cuda-unknown": object;
  "cuda-without-compiler": { cuda: string; known: readonly string[] };
  "list-unreadable": { url: string; issue: string };
  "no-archives": { cuda: string; arch: string };
}>({
  "archive-changed": ({ url, expected, found }) => ({
    blame: "environment",
    title: "An archive of CUDA's compiler is not the file that was expected",
    body: text`
      Found in ${url}:
        sha256:${found}
      Needed, by NVIDIA's own list:
        sha256:${expected}

      A proxy or a mirror may have changed the file, or cut it off.
    `,
  }),
  "archive-unreadable": ({ url, output }) => ({
    blame: "environment",
    title: "An archive of CUDA's compiler can't be unpacked",
    body: text`
      Found: ${url}
      Needed: a tar.xz archive, and tar and xz in the build image.
    `,
    details: output,
  }),
  "archives-unreachable": ({ cuda, url, reason }) => ({
    blame: "environment",
    title: `Unable to download the compiler of CUDA ${cuda}`,
    body: text`
      ${url}: ${reason}.

      Only for CUDA 13 and later it is on PyPI; for CUDA ${cuda} NVIDIA's own host has it. Check that the build can reach it: HTTPS_PROXY if there is a proxy, a ca-certificates binding if a certificate is your own. BP_CUDA_REDIST_MIRROR names a mirror of https://developer.download.nvidia.com/compute/cuda/redist in a closed network.
    `,
  }),
  "cuda-unknown": () => ({
    blame: "app",
    title: "It is not known for which CUDA to compile",
    body: text`
      Found: hardware without CUDA.
      Needed: a line 'cuda' in hardware.txt, or 'cuda==13.0' for a certain version.
    `,
  }),
  "cuda-without-compiler": ({ cuda, known }) => ({
    blame: "app",
    title: `There is no compiler for CUDA ${cuda}`,
    body: text`
      Found: CUDA ${cuda}, for which a package is to be built from source.
      Needed: ${listed([...known, "a version from 13.0 on"], "or")}. Write it into hardware.txt as 'cuda==${known.at(-1)}', for example.
    `,
  }),
  "list-unreadable": ({ url, issue }) => ({
    blame: "environment",
    title: "NVIDIA's list of archives can't be read",
    body: text`
      Found in ${url}: something else than a list of CUDA's components.
      Needed: a file such as https://developer.download.nvidia.com/compute/cuda/redist/redistrib_12.8.1.json has. If BP_CUDA_REDIST_MIRROR is set, check what the mirror answers.
    `,
    details: issue,
  }),
  "no-archives": ({ cuda, arch }) => ({
    blame: "app",
    title: `There is no compiler of CUDA ${cuda} for this architecture`,
    body: text`
      Found: ${arch}
      Needed: amd64 or arm64
    `,
  }),
});
