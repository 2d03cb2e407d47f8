import { defineFailures } from "../../kit/failure.ts";
import { bulleted, listed, text } from "../../kit/text.ts";
import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";

/** What the hardware says of packages, whoever has chosen them. */
export const failure = defineFailures<{
  "hardware-unfit": { readonly problems: readonly Problem[] };
  "two-cuda-majors": {
    readonly sides: readonly {
      readonly major: string;
      readonly packages: readonly string[];
      /** The app's own requirements that lead to them. */
      readonly brought: readonly string[];
    }[];
  };
}>({
  "hardware-unfit": ({ problems }) => ({
    blame: "app",
    title: "What is to be installed can't run on the hardware that is asked for",
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "two-cuda-majors": ({ sides }) => ({
    blame: "app",
    title: `The packages need CUDA ${listed(sides.map(({ major }) => major))}, and an image can have one of them`,
    body: text`
      ${sides
        .map(({ major, packages, brought }) =>
          [`CUDA ${major}: ${listed(packages)}`, broughtLines(brought)]
            .filter((part) => part !== "")
            .join("\n"),
        )
        .join("\n\n")}

      Choose versions that are made for the same CUDA, or write the CUDA version that all of them have into hardware.txt, for example: cuda==12.8
    `,
  }),
});

/** Empty where nothing of the app's own leads there. */
export function broughtLines(brought: readonly string[]): string {
  return brought.length === 0 ? "" : `They come with:\n${bulleted(brought)}`;
}
