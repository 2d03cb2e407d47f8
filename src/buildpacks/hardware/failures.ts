import { defineFailures } from "../../kit/failure.ts";
import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";

export const failure = defineFailures<{
  "hardware-invalid": { readonly problems: readonly Problem[] };
}>({
  "hardware-invalid": ({ problems }) => ({
    blame: "app",
    title: "Unable to tell what hardware the image is for",
    body: problems.map(describeProblem).join("\n\n"),
  }),
});
