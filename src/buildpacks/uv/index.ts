import { lockBuildpack } from "../../python/project-lock/lock-buildpack.ts";
import { uvManager } from "../../python/project-lock/uv/manager.ts";

export default lockBuildpack("uv", ({ settings }) => uvManager(settings.get("BP_UV_PACKAGE")));
