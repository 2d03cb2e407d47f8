import { withoutUserinfo } from "../../kit/redact.ts";
import type { Log } from "../../kit/log.ts";
import { listed } from "../../kit/text.ts";
import type { AppFiles } from "../../process/app-files.ts";

/** All of the app's directory is in the image; names what is hardly meant to be. */
export async function warnOfContents(files: AppFiles, log: Log): Promise<void> {
  const { files: names, directories } = await files.list("");
  const environments = await Promise.all(
    directories.map(async (name) =>
      (await files.read(`${name}/pyvenv.cfg`)) === undefined ? [] : [name],
    ),
  );
  const found = [
    ...names.filter((name) => name === ".env"),
    ...((await hasCredentials(files, ".git/config")) ? [".git"] : []),
    ...environments.flat(),
    ...directories.filter((name) => name === "node_modules"),
  ];
  if (found.length === 0) return;
  const [what, them] = found.length === 1 ? ["is", "it"] : ["are", "them"];
  log.warn(
    `${listed(found)} of the app's directory ${what} in the image`,
    [
      `Whoever has the image can read ${them}. To leave ${them} out, write into project.toml:`,
      "",
      "  [io.buildpacks]",
      `  exclude = [${found.map((name) => JSON.stringify(name)).join(", ")}]`,
    ].join("\n"),
  );
}

/** CI systems put a token into the repository's address. */
async function hasCredentials(files: AppFiles, path: string): Promise<boolean> {
  const text = (await files.read(path)) ?? "";
  return withoutUserinfo(text) !== text;
}
