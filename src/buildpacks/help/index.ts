import { always } from "../../cnb/detect.ts";
import { defineBuildpack } from "../../kit/buildpack.ts";
import { failure } from "./failures.ts";

export default defineBuildpack({
  detect: { cases: [{ when: always, plan: {} }], otherwise: "" },

  async build() {
    throw failure("nothing-recognised", {});
  },
});
