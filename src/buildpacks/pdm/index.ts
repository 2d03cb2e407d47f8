import { lockBuildpack } from "../../python/project-lock/lock-buildpack.ts";
import { pdm } from "../../python/project-lock/pdm/manager.ts";

export default lockBuildpack("pdm", () => pdm);
