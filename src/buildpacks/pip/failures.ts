import { defineFailures } from "../../kit/failure.ts";
import { text } from "../../kit/text.ts";
import type { Problem } from "../../python/requirements/read-requirements.ts";
import { describeOrigin } from "../../python/requirements/requirement.ts";
import type { Unfit } from "../../python/uv/narrow-lock.ts";

export const failure = defineFailures<{
  "python-missing": object;
  "requirements-invalid": { readonly problems: readonly Problem[] };
  "toml-invalid": { readonly file: string; readonly line: number | undefined; readonly issue: string };
  "files-unfit": { readonly unfit: readonly Unfit[] };
  "resolution-failed": { readonly output: string };
}>({
  "python-missing": () => ({
    blame: "environment",
    title: "No Python was provided for pip's packages",
    body: "Found no buildpack before this one that provides an interpreter. The builder's order needs ml-buildpacks/python before ml-buildpacks/pip.",
  }),
  "requirements-invalid": ({ problems }) => ({
    blame: "app",
    title: "Unable to read what is to be installed",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "toml-invalid": ({ file, line, issue }) => ({
    blame: "app",
    title: `Unable to read ${file}`,
    body: text`
      Found${line === undefined ? "" : ` in line ${line}`}: ${issue}
      Needed: a valid TOML document.
    `,
  }),
  "files-unfit": ({ unfit }) => ({
    blame: "app",
    title: "No file of a package can be installed here",
    body: unfit.map(({ name }) => name).join("\n"),
  }),
  "resolution-failed": ({ output }) => ({
    blame: "app",
    title: "Unable to resolve the requirements",
    body: output,
  }),
});

function describeProblem({ origin, line, needed }: Problem): string {
  return `${describeOrigin(origin)}:\n\n  ${line}\n\n${needed}.`;
}
