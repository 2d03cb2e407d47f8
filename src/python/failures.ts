import { type Blame, defineFailures } from "../kit/failure.ts";
import { text } from "../kit/text.ts";

export const failure = defineFailures<{
  "interpreter-not-recreated": { version: string; ended: string; blame: Blame };
}>({
  "interpreter-not-recreated": ({ version, ended, blame }) => ({
    blame,
    title: "The app's Python could not be installed again",
    body: text`
      Found: the command that puts Python ${version} back ${ended}. The lines above say why.

      Packages are installed with the app's own Python. Its layer is in the previous image, and its
      contents are not restored for a build.
    `,
  }),
});
