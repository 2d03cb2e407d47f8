import { join } from "node:path";
import { append, type EnvChanges, override } from "../../cnb/layer-env.ts";
import type { BuildContext } from "../../kit/buildpack.ts";
import { DEVELOPMENT } from "../../kit/development.ts";
import { SEARCH_PATHS } from "../../kit/tool-env.ts";
import { HANDOVER } from "../../debian/handover.ts";
import type { DebianLock } from "../../debian/lock.ts";
import { type Development, DEVELOPMENT_DIRECTORY } from "./development.ts";

/** Tells later buildpacks what the image will have besides the run image's packages. */
export async function handOver(
  context: BuildContext,
  lock: DebianLock,
  development: Development | undefined,
): Promise<void> {
  const names = lock.filter(({ launch }) => launch).map(({ name }) => name);
  const layer = await context.freshLayer("handover", { build: true });
  await layer.writeEnv({
    build: {
      [HANDOVER.packages]: override(names.join(" ")),
      ...(development === undefined ? {} : forCompilers(context, lock, development)),
    },
  });
  await layer.commit();
}

function forCompilers(
  context: BuildContext,
  lock: DebianLock,
  { env, packages }: Development,
): EnvChanges {
  const { PATH: path, ...others } = env;
  const usual = new Set(SEARCH_PATHS);
  const requested = lock.filter((item) => item.build && item.requested);
  const facts = [
    ...requested.map(({ name, version }) => `${name}=${version}`),
    `development=${packages}`,
  ];
  return {
    ...others,
    // Last: buildpacks' own tools are those of the build image.
    ...(path === undefined ? {} : { PATH: append(path.value, ":") }),
    [DEVELOPMENT.directory]: append(join(context.layersDir, DEVELOPMENT_DIRECTORY), ":"),
    [DEVELOPMENT.recreate]: append(context.recreateCommand(DEVELOPMENT_DIRECTORY), "\n"),
    [DEVELOPMENT.variables]: append(
      Object.keys(others)
        .filter((name) => !usual.has(name))
        .join(" "),
      " ",
    ),
    [DEVELOPMENT.builtAgainst]: append(facts.join(" "), " "),
  };
}
