import { withoutSecrets } from "../../conda/channel-url.ts";
import { readMatchSpec } from "../../conda/inputs/match-spec.ts";
import type { Line } from "../../conda/inputs/source-text.ts";
import { describeOrigin } from "../../kit/origin.ts";
import type { Settings } from "../../kit/settings.ts";
import { listed } from "../../kit/text.ts";
import type { Problem } from "../../kit/wrong-lines.ts";
import { parseVersionRequest, type RequestIssue } from "../../python/version/version-request.ts";

export const SETTING = "BP_CPYTHON_VERSION";

/** The Python that the setting asks for, in the forms that ml-buildpacks/python reads. */
export interface PythonSetting {
  /** As it was written; undefined where it is not set, or can't be used. */
  readonly text: string | undefined;
  /** A match spec. */
  readonly spec: string | undefined;
  readonly problems: readonly Problem[];
}

export function readPythonSetting(settings: Pick<Settings, "get">): PythonSetting {
  const text = settings.get(SETTING);
  if (text === undefined) return { text, spec: undefined, problems: [] };
  const { request, issue } = parseVersionRequest(text);
  if (issue !== undefined) {
    const problem = { origin: { file: SETTING }, line: text, needed: neededFor(issue) };
    return { text: undefined, spec: undefined, problems: [problem] };
  }
  return { text, spec: `python ${versionSpec(request.specifier)}`.trim(), problems: [] };
}

interface Specs {
  readonly file: string;
  /** As they are written in the file, and as the engine gets them: in one order. */
  readonly lines: readonly Line[];
  readonly specs: readonly string[];
}

/** The specs with that of the setting in place of the file's own, and what is told of it. */
export function withPython(
  { text, spec }: PythonSetting,
  { file, lines, specs }: Specs,
): Omit<Specs, "file"> & { readonly notes: readonly string[] } {
  if (spec === undefined) return { lines, specs, notes: [] };
  const isPython = (line: Line | undefined) =>
    line !== undefined && readMatchSpec(line.text).name === "python";
  const ofFile = lines
    .filter(isPython)
    .map((line) => `${withoutSecrets(line.text)} of ${describeOrigin({ file, line: line.line })}`);
  const notThose = ofFile.length === 0 ? "" : `, not ${listed(ofFile)}`;
  return {
    lines: lines.filter((line) => !isPython(line)),
    specs: [...specs.filter((_, index) => !isPython(lines[index])), spec],
    notes: [`Using Python ${text} (from ${SETTING})${notThose}`],
  };
}

/** conda writes `==3.12.*` without the operator: https://github.com/conda/ceps/blob/main/cep-0029.md */
function versionSpec(specifier: string): string {
  return specifier
    .split(",")
    .map((part) => part.trim().replace(/^===?\s*(.*\.\*)$/, "$1"))
    .map((part) => part.replace(/^===/, "=="))
    .join(",");
}

function neededFor(issue: RequestIssue): string {
  switch (issue.kind) {
    case "form":
      return issue.hint === undefined
        ? "A version is needed, such as 3.12, 3.12.4 or >=3.10,<3.13"
        : `A version is needed; was ${issue.hint} meant?`;
    case "implementation":
      return `The app's Python is CPython; ${issue.implementation} is written in the environment file, if it is a conda package`;
    case "free-threaded":
      return "Python without the GIL is asked for in the environment file\n- python-freethreading";
    case "prerelease":
      return "A release is needed; pre-releases are asked for in the environment file, with their channel";
  }
}
