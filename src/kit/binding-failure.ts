import { defineFailures } from "./failure.ts";
import { describeProblem, type Problem } from "./wrong-lines.ts";

/** For bindings that several buildpacks read. */
export const bindingFailure = defineFailures<{
  "bindings-invalid": { readonly problems: readonly Problem[] };
}>({
  "bindings-invalid": ({ problems }) => ({
    blame: "environment",
    title: "The credentials of a binding can't be used",
    body: problems.map(describeProblem).join("\n\n"),
  }),
});
