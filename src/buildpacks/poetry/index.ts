import { lockBuildpack } from "../../python/project-lock/lock-buildpack.ts";
import { poetry } from "../../python/project-lock/poetry/manager.ts";

export default lockBuildpack("poetry", () => poetry);
