import { originAsSubject } from "../kit/origin.ts";
import type { Problem } from "../kit/wrong-lines.ts";
import type { Choice, ChoiceOptions } from "./choose.ts";
import { withoutIt } from "./choose-hints.ts";
import { mendIn } from "./choose-mends.ts";
import { gpuOnly } from "./choose-without-gpu.ts";
import { compatibility } from "./compatibility.ts";
import { describeTorch, type Hint, torchReleases } from "./torch.ts";
import { compareVersions, inRange, listVersions, newestOf, versionsIn } from "./versions.ts";

interface RocmContext extends ChoiceOptions {
  readonly hints: readonly Hint[];
}

/** The ROCm that torch has wheels for, in what the hardware's line and the app's indexes leave. */
export function chooseRocm(context: RocmContext): Choice {
  const problems = [...nvidiaOnly(context), ...clashes(context)];
  const { specifier, origin, text } = context.hardware.accelerator;
  const ofTorch = versionsOfTorch(context);
  const named = [
    ...context.hints.flatMap(({ version }) => version ?? []),
    ...versionsIn(specifier).filter((version) => version.includes(".")),
  ];
  const newer = named.filter((version) => compareVersions(version, newestOf(known()) ?? "0") > 0);
  const fitting = [...ofTorch, ...newer].filter(
    (version) =>
      (specifier === "" || inRange(version, specifier)) &&
      context.hints.every((hint) => hint.version === version),
  );
  const rocm = fitting.includes(preferred()) && specifier === "" ? preferred() : newestOf(fitting);
  if (clashes(context).length === 0 && rocm === undefined) {
    const torch = torchOf(context);
    problems.push({
      origin: torch?.origin ?? origin,
      line: torch?.text ?? text,
      needed: `${torch === undefined ? "torch" : describeTorch(torch)} has builds for ROCm ${listVersions(ofTorch)}, and ${originAsSubject(origin)} says ${text}; write rocm==${newestOf(ofTorch)} there`,
    });
  }
  if (problems.length > 0 || rocm === undefined) {
    return { accelerator: "rocm", torchBackend: "cpu", notes: [], problems };
  }
  const notes = [`Using ROCm ${rocm}`];
  if (newer.length > 0) {
    notes.push(
      `ROCm ${listVersions(newer)} is newer than what is known here (${newestOf(known())}); it is let pass`,
    );
  }
  return { accelerator: "rocm", rocm, torchBackend: `rocm${rocm}`, notes, problems };
}

function nvidiaOnly({ demands, hardware }: RocmContext): readonly Problem[] {
  const { origin, text } = hardware.accelerator;
  const fails = gpuOnly(
    demands,
    ({ "on-cpu": onCpu, "on-rocm": onRocm }) => onCpu === "fails" && onRocm !== "runs",
  );
  return fails.map(({ demand }) => ({
    origin: demand.origin ?? origin,
    line: demand.origin === undefined ? text : demand.text,
    needed: `${demand.name} runs on NVIDIA's GPUs only, and ${originAsSubject(origin)} says ${text}`,
  }));
}

function clashes({ hardware, hints }: RocmContext): readonly Problem[] {
  const { specifier, origin, text } = hardware.accelerator;
  return hints
    .filter(({ version = "" }) => specifier !== "" && !inRange(version, specifier))
    .map((hint) => ({
      origin: hint.origin,
      line: hint.line,
      needed: `This is for ROCm ${hint.version}, and ${originAsSubject(origin)} says ${text}; ${mendIn(hint.origin, withoutIt(hint), "")}, or write rocm==${hint.version} there`,
    }));
}

/** Of the release that the app pins, or of all; its data may lack a release, as all data may. */
function versionsOfTorch(context: RocmContext): readonly string[] {
  const releases = torchReleases(torchOf(context)?.specifier ?? "") ?? [];
  const versions = releases.flatMap(({ rocm }) => rocm ?? []);
  return versions.length === 0 ? known() : versions;
}

function torchOf({ demands }: RocmContext) {
  return demands.find(({ name, origin }) => name === "torch" && origin !== undefined);
}

function known(): readonly string[] {
  return compatibility().torch.flatMap(({ rocm }) => rocm ?? []);
}

function preferred(): string {
  return compatibility().rocm.default;
}
