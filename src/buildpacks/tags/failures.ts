import { defineFailures } from "../../kit/failure.ts";
import { bulleted, listed, text } from "../../kit/text.ts";
import { describeProblem, type Problem } from "../../kit/wrong-lines.ts";

export const failure = defineFailures<{
  /** At least one problem. */
  "labels-invalid": { problems: readonly Problem[] };
  "tags-files-several": { files: readonly string[] };
  "tags-file-unreadable": { file: string; reason: string };
  /** Bytes of keys and values, in all and by place. */
  "labels-too-large": { bytes: number; most: number; places: ReadonlyMap<string, number> };
}>({
  "labels-invalid": ({ problems }) => ({
    blame: "app",
    title: `Unable to make image labels of ${listed([...new Set(problems.map(({ origin }) => origin.file))])}`,
    body: problems.map(describeProblem).join("\n\n"),
  }),
  "tags-files-several": ({ files }) => ({
    blame: "app",
    title: `There are both ${listed(files)}`,
    body: text`
      Found: ${listed(files)}
      Needed: one of them, since nothing says which of two different values counts

      Move the lines of one file into the other, and remove the file.
    `,
  }),
  "tags-file-unreadable": ({ file, reason }) => ({
    blame: "app",
    title: `${file} can't be read`,
    body: "Needed: a file that the build's user may read, and neither a directory nor a link to nothing",
    details: reason,
  }),
  "labels-too-large": ({ bytes, most, places }) => ({
    blame: "app",
    title: "The image labels are too large",
    body: text`
      Found: ${bytes} bytes in all
      ${bulleted([...places].map(([place, size]) => `${place}: ${size} bytes`))}
      Needed: ${most} bytes at most

      Labels are part of the image's configuration, which is downloaded with each pull. Leave out what is
      long, or put it into a file of the app.
    `,
  }),
});

/** Throws a failure that tells all of them. */
export function checkProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw failure("labels-invalid", { problems });
}
