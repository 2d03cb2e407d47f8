import { compatibility } from "./compatibility.ts";
import { compareVersions, majorOf, newestOf, versionsIn } from "./versions.ts";

/** The oldest driver for a CUDA version, "525"; undefined for a major version that is not known. */
export function driverFloor(cuda: string): string | undefined {
  return compatibility().cuda.major.find(({ major }) => major === majorOf(cuda))?.driver;
}

/** "==12.8.1" as "==12.8", "==12" as "==12.*": packages are built for versions of two numbers. */
export function plainRange(specifier: string): string {
  return specifier
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, operator = "", version = ""] = /^(===|[=<>!~]=|[<>])\s*([\d.]+)/.exec(part) ?? [];
      const [major = "", minor] = version.split(".");
      if (minor === undefined || minor === "") return ofMajor(operator, major);
      return `${operator.replace("===", "==")}${major}.${minor}`;
    })
    .join(",");
}

function ofMajor(operator: string, major: string): string {
  if (operator === "==" || operator === "===" || operator === "~=") return `==${major}.*`;
  if (operator === "!=") return `!=${major}.*`;
  if (operator === "<=") return `<${Number(major) + 1}`;
  if (operator === ">") return `>=${Number(major) + 1}`;
  return `${operator}${major}`;
}

/** Whether a range names a patch of CUDA: "==12.8.1". */
export function namesPatch(specifier: string): boolean {
  return versionsIn(specifier).some((version) => version.split(".").length > 2);
}

export function knownCuda(): readonly string[] {
  return compatibility().cuda.release.map(({ version }) => version);
}

/** Newer than all that is known, but of a major version that is. */
export function isNewerCuda(version: string): boolean {
  const newest = newestOf(knownCuda()) ?? "0";
  return majorOf(version) === majorOf(newest) && compareVersions(version, newest) > 0;
}
