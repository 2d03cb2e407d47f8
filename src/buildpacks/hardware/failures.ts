import { defineFailures } from "../../kit/failure.ts";
import { bulleted, listed, text } from "../../kit/text.ts";
import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";

export const failure = defineFailures<{
  "hardware-invalid": { readonly problems: readonly Problem[] };
  "nothing-to-load": {
    readonly cuda: string;
    readonly names: readonly string[];
    /** One for each name: "nvidia-cuda-cccl 13.0.85, which has no shared library". */
    readonly found: readonly string[];
  };
}>({
  "hardware-invalid": ({ problems }) => ({
    blame: "app",
    title: "Unable to tell what hardware the image is for",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "nothing-to-load": ({ cuda, names, found }) => ({
    blame: "app",
    title: `CUDA ${cuda} has no library ${listed(names, "or")} for the image`,
    body: text`
      Found:
      ${bulleted(found)}

      Needed: in hardware.txt, after the word 'libraries', only what programs load when they run. Headers and compilers are for builds; the line 'toolkit' brings them there.
    `,
  }),
});
