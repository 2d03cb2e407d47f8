import { lockBuildpack } from "../../python/project-lock/lock-buildpack.ts";
import { pipenv } from "../../python/project-lock/pipenv/manager.ts";

export default lockBuildpack("pipenv", () => pipenv);
