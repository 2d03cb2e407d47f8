import type { SourceText } from "./source-text.ts";
import { explainYamlLine } from "./yaml-mistakes.ts";

/** What is needed where a whole file is no environment.yml. */
export function explainNoMap(
  { lines, file }: SourceText,
  isEmpty: boolean,
): { readonly line: number; readonly needed: string } {
  const first = lines.findIndex((line) => /^\s*[^\s#]/.test(line) && line.trim() !== "---");
  const line = Math.max(0, first) + 1;
  const text = lines[line - 1] ?? "";
  if (isEmpty) {
    return {
      line,
      needed: `Nothing is written in ${file}; write what is installed, for example\n${EXAMPLE}`,
    };
  }
  const known = explainYamlLine(text);
  if (known !== undefined) return { line, needed: known };
  if (/^[\w.-]+=\d[\w.!+]*=\w+$/.test(text.trim())) {
    return {
      line,
      needed:
        "This is a list of 'conda list --export', which lacks the channels; write the file in that environment\nconda env export --from-history > environment.yml",
    };
  }
  if (/^[\w.-]+(?:\[[^\]]*\])?\s*(?:[=<>~!]=?.*)?$/.test(text.trim())) {
    return {
      line,
      needed:
        "This is a list of requirements; pip's are read from requirements.txt, and conda's stand under dependencies\ndependencies:\n  - python=3.12",
    };
  }
  return { line, needed: `Keys such as channels and dependencies are needed\n${EXAMPLE}` };
}

const EXAMPLE = "channels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - numpy";
