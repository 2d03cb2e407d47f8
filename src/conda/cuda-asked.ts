import { knownCuda, plainRange } from "../accelerator/cuda-versions.ts";
import type { Hardware } from "../accelerator/hardware.ts";
import { inRange } from "../accelerator/versions.ts";
import { describeOrigin, type Origin, originAsSubject } from "../kit/origin.ts";
import { withoutSecrets } from "./channel-url.ts";
import { OF_CUDA } from "./cuda.ts";
import { readMatchSpec } from "./inputs/match-spec.ts";
import type { Line } from "./inputs/source-text.ts";

interface CudaAsked {
  readonly hardware: Hardware;
  /** Lines for the log. */
  readonly notes: readonly string[];
  readonly warnings: readonly { readonly title: string; readonly body: string }[];
}

/**
 * The hardware with what the specs of an environment file say of CUDA, where nobody has said it:
 * without `__cuda` the solver would take builds for CPUs.
 */
export function withCudaAsked(hardware: Hardware, file: string, lines: readonly Line[]): CudaAsked {
  const { accelerator } = hardware;
  const found = lines.filter(({ text }) => asksForCuda(text));
  const line = found.find(({ text }) => versionsAsked(text) !== "") ?? found[0];
  if (line === undefined) return { hardware, notes: [], warnings: [] };
  const text = withoutSecrets(line.text);
  const origin = { file, line: line.line };
  const isCuda = accelerator.name === "cuda";
  if (!isCuda && !accelerator.assumed) {
    return { hardware, notes: [], warnings: [notForCuda({ origin, text }, accelerator)] };
  }
  const specifier = versionsAsked(line.text);
  const isSaid = isCuda && (accelerator.specifier !== "" || specifier === "");
  if (isSaid) return { hardware, notes: [], warnings: [] };
  const note = `Using cuda, since ${originAsSubject(origin)} asks for it: ${text}`;
  return {
    hardware: {
      ...hardware,
      accelerator: { ...accelerator, name: "cuda", specifier, origin, text },
    },
    notes: isCuda ? [] : [note],
    warnings: [],
  };
}

interface Said {
  readonly origin: Origin;
  readonly text: string;
}

function notForCuda(asked: Said, said: Said): CudaAsked["warnings"][number] {
  return {
    title: "The environment asks for CUDA, and the image is not for NVIDIA's GPUs",
    body: [
      ...[asked, said].map(({ origin, text }) => `Found in ${describeOrigin(origin)}: ${text}`),
      "Packages are taken that run without NVIDIA's GPUs, as far as there are any. Keep one of the two lines.",
    ].join("\n"),
  };
}

/** Names that only stand in a file for the sake of CUDA. */
const FOR_CUDA = new Set([...OF_CUDA, "pytorch-cuda", "pytorch-gpu", "tensorflow-gpu"]);

/** By its name, or by its build: https://conda-forge.org/docs/user/tipsandtricks/#installing-cuda-enabled-packages-like-tensorflow-and-pytorch */
function asksForCuda(text: string): boolean {
  return FOR_CUDA.has(readMatchSpec(text).name) || /cuda/i.test(buildIn(text));
}

/** PEP 440's form of what is asked; empty where that is any version, or none that is known. */
function versionsAsked(text: string): string {
  const { name } = readMatchSpec(text);
  const specifier = VERSIONED.has(name) ? specifierIn(text) : ofBuild(buildIn(text));
  const range = plainRange(specifier);
  return range !== "" && knownCuda().some((version) => inRange(version, range)) ? specifier : "";
}

/** Those whose own version is CUDA's. */
const VERSIONED = new Set([...OF_CUDA, "pytorch-cuda"]);

/** "cuda128py*" is built for 12.8, "cuda12*" for 12. */
function ofBuild(build: string): string {
  const [, major, minor = "*"] = /cuda_?(\d{2})\.?(\d)?/i.exec(build) ?? [];
  return major === undefined ? "" : `==${major}.${minor}`;
}

/** "=12.8", "12.8.*" and "==12.8" are all any patch of it: https://github.com/conda/ceps/blob/main/cep-0029.md */
function specifierIn(text: string): string {
  const { name, rest } = readMatchSpec(text);
  const keyword = /\[(?:.*[,\s])?version\s*=\s*["']?([^"'\]]+)/s.exec(rest)?.[1];
  const plain = rest.slice(name.length).replace(/\[.*/s, "").trim();
  const version = keyword ?? plain.replace(BUILD, "");
  const parts = version.split(",").map((part) => part.trim());
  if (!parts.every((part) => VERSION.test(part))) return "";
  return parts
    .map((part) => part.replace(/^=?(?=\d)/, "==").replace(/^(==\d+\.\d+)\.\*$/, "$1"))
    .join(",");
}

/** Behind a version, and a "=" or a blank. */
const BUILD = /(?<=[\d*])(?:=|\s+)[^\s=<>!~,|]+$/;
const VERSION = /^(?:==?|[<>!~]=|[<>])?\s*\d+(?:\.\d+)*(?:\.\*)?$/;

/** "*cuda*" of "pytorch=2.5=*cuda*", of "pytorch 2.5 *cuda*" and of "pytorch[build=*cuda*]". */
function buildIn(text: string): string {
  const { rest } = readMatchSpec(text);
  const keyword = /\[(?:.*[,\s])?build\s*=\s*["']?([^"',\]]+)/s.exec(rest)?.[1];
  const plain = rest.replace(/\[.*/s, "").trim();
  return (
    keyword ?? /^[^\s=]+(?:=[^\s=]*=|\s*==[^\s=]+[=\s]|\s+\S+\s+)([^\s=]+)$/.exec(plain)?.[1] ?? ""
  );
}
