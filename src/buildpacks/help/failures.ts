import { defineFailures } from "../../kit/failure.ts";

export const failure = defineFailures<{ "nothing-recognised": object }>({
  "nothing-recognised": () => ({
    blame: "app",
    title: "The app was not recognised",
    body: "Needed: a file requirements.txt",
  }),
});
