import type { Condition, Detect, DetectCase } from "./detect.ts";
import { ExitCode } from "./exit-code.ts";
import { formatPlan } from "./plan.ts";

/**
 * `bin/detect` as POSIX sh. Eight Node processes that opt out cost a second on two cores, so Node
 * is started only for a case that must read files; a constant plan is written by the script.
 */
export function detectScript(detect: Detect): string {
  return [
    "#!/bin/sh",
    "set -eu",
    ...helpersFor(detect),
    ...detect.cases.flatMap(caseLines),
    `echo ${quote(detect.otherwise)}`,
    `exit ${ExitCode.notTakingPart}`,
    "",
  ].join("\n");
}

function caseLines(detectCase: DetectCase, index: number): readonly string[] {
  const { when } = detectCase;
  return [`if ${conditionScript(when)}; then`, ...actionLines(detectCase, index), "fi"];
}

function actionLines(detectCase: DetectCase, index: number): readonly string[] {
  if ("inspect" in detectCase) {
    return [`  exec "\${CNB_BUILDPACK_DIR:-$(dirname "$0")/..}/bin/build" --detect ${index}`];
  }
  const plan = formatPlan(detectCase.plan);
  if (plan.trim() === "") return ["  exit 0"];
  return [`  cat >"$CNB_BUILD_PLAN_PATH" <<'PLAN'`, plan.trimEnd(), "PLAN", "  exit 0"];
}

function conditionScript(condition: Condition): string {
  switch (condition.kind) {
    case "always":
      return "true";
    case "file":
      return group(
        condition.patterns.map((pattern) => `present ${glob(pattern)}`),
        "||",
      );
    case "variable":
      return group(
        condition.names.map((name) => `[ -n "\${${name}:-}" ]`),
        "||",
      );
    case "mention": {
      const mentions = `mentions ${quote(condition.words.join("|"))}`;
      if ("file" in condition.in) {
        const path = quote(condition.in.file);
        return `{ [ -f ${path} ] && ${mentions} <${path}; }`;
      }
      const { variable } = condition.in;
      return `{ [ -n "\${${variable}:-}" ] && printf '%s\\n' "$${variable}" | ${mentions}; }`;
    }
    case "binding":
      return `bound ${quote(condition.type)}`;
    case "any":
      return group(condition.of.map(conditionScript), "||");
    case "all":
      return group(condition.of.map(conditionScript), "&&");
    case "not":
      return `! { ${conditionScript(condition.of)}; }`;
  }
}

function group(parts: readonly string[], operator: "||" | "&&"): string {
  return parts.length === 1 ? (parts[0] ?? "true") : `{ ${parts.join(` ${operator} `)}; }`;
}

function helpersFor(detect: Detect): readonly string[] {
  const conditions = JSON.stringify(detect.cases.map(({ when }) => when));
  return [
    ...(conditions.includes('"kind":"file"') ? PRESENT : []),
    ...(conditions.includes('"kind":"mention"') ? MENTIONS : []),
    ...(conditions.includes('"kind":"binding"') ? BOUND : []),
  ];
}

// A pattern that matches nothing stays as it is, and then names no file.
const PRESENT = ['present() { for path in "$@"; do [ -e "$path" ] && return 0; done; return 1; }'];

// Letters of UTF-16 are those of ASCII with a null byte each; editors of old end lines with CR.
const MENTIONS = [
  "mentions() {",
  "  tr -d '\\000' | tr '\\r' '\\n' | sed 's/^#.*//; s/[[:space:]]#.*//' |",
  '    LC_ALL=C grep -Eiq "(^|[^[:alnum:]_])($1)([^[:alnum:]_]|$)"',
  "}",
];

const BOUND = [
  "bound() {",
  '  for file in "$CNB_PLATFORM_DIR"/bindings/*/type; do',
  '    [ -f "$file" ] && [ "$(tr "[:upper:]" "[:lower:]" <"$file" | tr -d "[:space:]")" = "$1" ] && return 0',
  "  done",
  "  return 1",
  "}",
];

function glob(pattern: string): string {
  return pattern
    .split(/([*?])/)
    .map((part, index) => (index % 2 === 1 || part === "" ? part : quote(part)))
    .join("");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
